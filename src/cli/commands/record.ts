import { CAMERA_VIEWS } from '../../../torcs-client/simulator.ts';
import { UsageError } from '../../core/index.ts';
import { decimalNumber, defineCommand, flag, named, oneOf, wholeNumber } from '../command.ts';
import { driverSchema, refuseRandom } from '../compose/driver.ts';
import { SIMULATOR_NAMES } from '../compose/environment-settings.ts';
import { marginFlags, marginOf, requireScripted } from '../compose/expert-margin.ts';
import { pictureSizeSchema, tracksSchema } from '../flags.ts';
import { record } from '../record/record.ts';

export const recordCommand = defineCommand({
  name: 'record',
  summary: 'Record a dataset to learn from: pictures, sensors, what was done, and what an expert would have done.',
  flags: {
    out: flag('DIR', 'folder of the dataset; one of equal features is added to', named('a folder')),
    frames: flag(
      'N',
      'frames (decisions) to record, 1 to 100000000 (default 20000)',
      wholeNumber(1, 100_000_000)
        .optional()
        .transform((frames) => frames ?? 20_000),
    ),
    simulator: flag(
      'S',
      'embedded (default) or torcs (the game on this machine, see `torcs setup`)',
      oneOf(SIMULATOR_NAMES)
        .optional()
        .transform((simulator) => simulator ?? 'embedded'),
    ),
    tracks: flag(
      'A,B,C',
      'tracks, each with the same share of the frames (default: those for training, see `tracks`; embedded: and ten generated ones, narrow and twisty)',
      tracksSchema.optional(),
    ),
    driver: flag(
      'D',
      "who drives: scripted (default: the expert), or the folder of a policy; the labels are the expert's",
      driverSchema.optional().transform((driver) => driver ?? 'scripted'),
    ),
    expert: flag(
      'E',
      'who says what should be done: scripted (default), or the folder of a policy that reads the state',
      driverSchema.optional().transform((expert) => expert ?? 'scripted'),
    ),
    'expert-share': flag(
      'P',
      'with a policy: probability, 0 to 1, that the expert drives a stretch in its place (default 0)',
      decimalNumber(0, 1).optional(),
    ),
    camera: flag('WxH', 'size of the pictures (default 128x128)', pictureSizeSchema.optional()),
    view: flag('V', `camera: ${CAMERA_VIEWS.join(', ')} (default road)`, oneOf(CAMERA_VIEWS).optional()),
    'action-repeat': flag(
      'K',
      'control ticks for which an action holds, a divisor of 50 (default 5: ten frames a second)',
      wholeNumber(1, 50).optional(),
    ),
    actions: flag(
      'A',
      'steer-pedal (default) or steer-accelerate-brake',
      oneOf(['steer-pedal', 'steer-accelerate-brake']).optional(),
    ),
    'action-noise': flag(
      'SIGMA',
      'disturbance of the steering in bursts, as sideways acceleration, m/s², 0 to 20 (default 3; with a policy 0)',
      decimalNumber(0, 20).optional(),
    ),
    'pedal-noise': flag(
      'P',
      'surges of the pedals, for seconds, as a share of the whole pedal, 0 to 1 (default 0)',
      decimalNumber(0, 1).optional(),
    ),
    start: flag('P', 'where episodes start: random (default) or grid', oneOf(['random', 'grid']).optional()),
    'episode-seconds': flag(
      'S',
      'longest episode, simulated seconds (default 60)',
      decimalNumber(0.1, 1_000_000).optional(),
    ),
    ...marginFlags,
  },
  examples: [
    'record --out runs/frames',
    'record --out runs/frames --simulator torcs --tracks g-track-1,forza --frames 20000 --camera 64x64',
    'record --out runs/frames --driver runs/clone/policy-best --expert-share 0.3 --frames 5000',
    'record --out runs/frames --simulator torcs --expert models/driving-torcs --tracks g-track-1',
  ],
  async run(flags, { log, print, signal }) {
    const { camera, view } = flags;
    const expert = refuseRandom('expert', flags.expert);
    const driver = refuseRandom('driver', flags.driver);
    if (driver === 'scripted' && flags['expert-share'] !== undefined) {
      throw new UsageError('Expected --driver POLICY with --expert-share, got the scripted driver');
    }
    if (view !== undefined && camera === undefined) {
      throw new UsageError('Expected --camera WxH with --view, got no --camera');
    }
    const margin = marginOf(flags);
    requireScripted(expert, margin);
    const result = await record({
      out: flags.out,
      simulator: flags.simulator,
      tracks: flags.tracks,
      frames: flags.frames,
      driver,
      expert,
      expertShare: flags['expert-share'],
      camera: camera === undefined ? undefined : { ...camera, view: view ?? 'road' },
      actionRepeat: flags['action-repeat'],
      actions: flags.actions,
      noise: flags['action-noise'],
      pedalNoise: flags['pedal-noise'],
      start: flags.start,
      episodeS: flags['episode-seconds'],
      margin,
      seed: flags.seed,
      log,
      signal,
    });
    for (const [track, { episodes, frames, distanceM, timeS }] of Object.entries(result.tracks)) {
      const speedKmh = timeS === 0 ? 0 : (distanceM / timeS) * 3.6;
      print(
        `${track}: ${frames} frames, ${episodes} episodes, ${(distanceM / 1000).toFixed(1)} km at ${speedKmh.toFixed(0)} km/h`,
      );
    }
    print(
      `ends: ${Object.entries(result.outcomes)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', ')}`,
    );
    print(`${result.frames} frames in ${result.wallS.toFixed(1)} s (${result.framesPerS.toFixed(0)}/s): ${result.out}`);
    return result;
  },
});
