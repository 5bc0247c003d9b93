import { UsageError } from '../../core/index.ts';
import { decimalNumber, defineCommand, flag, named, toggle, wholeNumber } from '../command.ts';
import { driverNames, driverSchema } from '../compose/driver.ts';
import { drive } from '../drive.ts';
import { cameraFormat, simulatorFlags } from '../flags.ts';
import { watchChoice, watchFlags } from '../watch/watch-flags.ts';

export const driveCommand = defineCommand({
  name: 'drive',
  summary: 'Drive a car, in the embedded simulator or in real TORCS, and record it.',
  flags: {
    ...simulatorFlags,
    driver: flag(
      'D',
      `who drives: ${driverNames.join(', ')}, or the folder of a policy (default scripted)`,
      driverSchema.optional().transform((driver) => driver ?? 'scripted'),
    ),
    laps: flag(
      'N',
      'laps to drive, 1 to 10000 (default 1)',
      wholeNumber(1, 10_000)
        .optional()
        .transform((laps) => laps ?? 1),
    ),
    'time-limit': flag(
      'S',
      'end after this many simulated seconds (default 600 a lap)',
      decimalNumber(0.1, 10_000_000).optional(),
    ),
    record: flag('DIR', 'record into this folder as a LeRobot v3.0 dataset', named('a folder').optional()),
    video: toggle('record pictures as H.264 video (lossy) instead of PNG'),
    ...watchFlags,
  },
  examples: [
    'drive',
    'drive --simulator torcs --track g-track-1 --laps 2 --camera 64x64 --record runs/g-track-1',
    'drive --simulator torcs --track forza --opponents berniw:2,bt --laps 3',
    'drive --driver runs/driving/policy-best --track willow-park --laps 2 --record runs/willow-park',
    'drive --laps 3 --watch',
    'drive --simulator scr://192.0.2.7:3001 --laps 1',
  ],
  async run(flags, { log, print, signal }) {
    const camera = cameraFormat(flags);
    const seesItself = typeof flags.driver === 'object';
    if (flags.video && ((camera === undefined && !seesItself) || flags.record === undefined)) {
      throw new UsageError('Expected --camera WxH and --record DIR with --video');
    }
    if (flags.simulator.kind === 'scr') {
      for (const name of ['noise', 'no-damage', 'no-fuel', 'start-distance'] as const) {
        if (flags[name] === undefined || flags[name] === false) continue;
        throw new UsageError(`Expected no --${name} with scr://: its server decides that`);
      }
    }
    const result = await drive({
      choice: flags.simulator,
      track: flags.track,
      camera,
      opponents: flags.opponents,
      realTime: flags['real-time'],
      driver: flags.driver,
      laps: flags.laps,
      seed: flags.seed,
      timeLimitS: flags['time-limit'] ?? 600 * flags.laps,
      damage: !flags['no-damage'],
      fuel: !flags['no-fuel'],
      noise: flags.noise,
      startDistanceM: flags['start-distance'],
      record: flags.record,
      video: flags.video,
      watch: watchChoice(flags),
      log,
      signal,
    });
    const laps = result.lapTimesS.map((lapTimeS) => `${lapTimeS.toFixed(3)} s`).join(', ');
    print(`${result.outcome}: ${laps === '' ? 'no lap' : laps}`);
    print(
      `${result.distanceM.toFixed(0)} m, damage ${result.damage}, ${result.ticks} ticks, ${result.frames} pictures, ` +
        `${Math.round(result.ticksPerS)} ticks/s`,
    );
    if (!result.ok && !signal.aborted) {
      log(
        `torcs-pilot: Expected ${flags.laps} ${flags.laps === 1 ? 'lap' : 'laps'}, got ${result.lapTimesS.length} when the drive ended with ${result.outcome}${adviceFor(result.outcome)} (ERR_LAPS_NOT_DONE)`,
      );
    }
    return result;
  },
});

function adviceFor(outcome: string): string {
  if (outcome === 'time-limit') return '; --time-limit gives it longer';
  if (outcome === 'no-progress') return '; another --driver or --track may do better';
  return '';
}
