import { z } from 'zod';
import { decimalNumber, defineCommand, flag, toggle, wholeNumber } from '../command.ts';
import { driverNames } from '../compose.ts';
import { drive } from '../drive.ts';
import { cameraFormat, simulatorFlags } from '../flags.ts';

export const driveCommand = defineCommand({
  name: 'drive',
  summary: 'Drive a car, in the embedded simulator or in real TORCS, and record it.',
  flags: {
    ...simulatorFlags,
    driver: flag(
      'D',
      `who drives: ${driverNames.join(', ')} (default scripted)`,
      z
        .enum(driverNames, { error: driverNames.join(' or ') })
        .optional()
        .transform((name) => name ?? 'scripted'),
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
    record: flag('DIR', 'record into this folder as a LeRobot v3.0 dataset', z.string().min(1).optional()),
    video: toggle('record pictures as H.264 video (lossy) instead of PNG'),
  },
  examples: [
    'drive',
    'drive --simulator torcs --track g-track-1 --laps 2 --camera 64x64 --record runs/g-track-1',
    'drive --simulator torcs --track forza --opponents berniw:2,bt --laps 3',
    'drive --simulator scr://192.0.2.7:3001 --laps 1',
  ],
  async run(flags, { log, print, signal }) {
    const result = await drive({
      choice: flags.simulator,
      track: flags.track,
      camera: cameraFormat(flags),
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
      log,
      signal,
    });
    const laps = result.lapTimesS.map((lapTimeS) => `${lapTimeS.toFixed(3)} s`).join(', ');
    print(`${result.outcome}: ${laps === '' ? 'no lap' : laps}`);
    print(
      `${result.distanceM.toFixed(0)} m, damage ${result.damage}, ${result.ticks} ticks, ${result.frames} pictures, ` +
        `${Math.round(result.ticksPerS)} ticks/s`,
    );
    return result;
  },
});
