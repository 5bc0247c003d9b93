import { existsSync } from 'node:fs';
import { z } from 'zod';
import { CAMERA_VIEWS } from '../../../torcs-client/simulator.ts';
import { nearestName, UsageError } from '../../core/index.ts';
import { decimalNumber, defineCommand, flag, named, oneOf, quote, toggle, wholeNumber } from '../command.ts';
import { driverNames, driverSchema } from '../compose/driver.ts';
import { SIMULATOR_NAMES } from '../compose/environment-settings.ts';
import { pictureSizeSchema, simulatorFlags } from '../flags.ts';
import type { FilmedDrive, ReplayResult } from '../replay/replay.ts';

const SMALLEST = { width: 320, height: 180 };

/** H.264 with half the colours' resolution needs even sides, and so does each half of a comparison. */
const sizeSchema = pictureSizeSchema.refine(
  ({ width, height }) => width >= SMALLEST.width && height >= SMALLEST.height && width % 4 === 0 && height % 2 === 0,
  `WIDTHxHEIGHT from ${SMALLEST.width}x${SMALLEST.height}, the width a multiple of 4, the height even, such as 1280x720`,
);

export const replayCommand = defineCommand({
  name: 'replay',
  summary: 'Film a saved policy, a driver of ours, or a recorded drive, with telemetry and what the network sees.',
  positionals: 'POLICY|RECORDING|scripted',
  flags: {
    video: flag('FILE.mp4', 'the film (H.264)', z.string().regex(/.\.mp4$/i, 'a file that ends in .mp4')),
    size: flag('WxH', 'its size, from 320x180 (default 1280x720)', sizeSchema.optional()),
    fps: flag('N', 'pictures per simulated second, 1 to 120 (default 50)', wholeNumber(1, 120).optional()),
    view: flag(
      'V',
      `where the camera is: ${CAMERA_VIEWS.join(', ')} (default behind-far)`,
      oneOf(CAMERA_VIEWS).optional(),
    ),
    compare: flag(
      'OTHER',
      'another policy, recording or driver beside it, with the gap in seconds',
      named('the folder of a policy or of a recording, or scripted').optional(),
    ),
    saliency: toggle('lay over what the network sees how much each part of it moves the steering'),
    gif: flag(
      'FILE',
      'also as a moving picture, .gif or .webp, 480 pixels wide',
      z
        .string()
        .regex(/.\.(gif|webp)$/i, 'a file that ends in .gif or .webp')
        .optional(),
    ),
    'gif-from': flag('S', 'second of the film at which it begins (default 0)', decimalNumber(0, 1e6).optional()),
    'gif-seconds': flag('S', 'its length (default to the end)', decimalNumber(0.1, 1e6).optional()),
    simulator: flag(
      'S',
      'embedded or torcs (default: the one that the policy was trained in)',
      oneOf(SIMULATOR_NAMES).optional(),
    ),
    track: flag(
      'T',
      'name of the track, see `tracks` (default: the first that it was trained on)',
      z.string().optional(),
    ),
    laps: flag('N', 'laps to drive, 1 to 10000 (default 1)', wholeNumber(1, 10_000).optional()),
    'start-distance': flag(
      'M',
      'start this far along the track from the start line, in metres, instead of on the grid',
      wholeNumber(0, 100_000).optional(),
    ),
    opponents: simulatorFlags.opponents,
    'time-limit': flag(
      'S',
      'end the drive after this many simulated seconds',
      decimalNumber(0.1, 10_000_000).optional(),
    ),
    episode: flag('N', 'recording: which episode, from 0 (default 0)', wholeNumber(0, 1_000_000_000).optional()),
    'recorded-frames': toggle('recording: show the recorded pictures, also where the drive could be driven again'),
    bare: toggle('the picture alone, nothing drawn over it'),
  },
  examples: [
    'replay runs/driving/policy-best --video runs/drive.mp4',
    'replay scripted --simulator torcs --track g-track-1 --view road --video runs/g-track-1.mp4',
    'replay runs/driving/policy-best --compare scripted --track willow-park --video runs/side-by-side.mp4',
    'replay recordings/scripted-64x64 --episode 0 --video runs/recorded.mp4 --gif runs/recorded.gif --gif-seconds 6',
  ],
  async run(flags, { log, print, signal, positionals }) {
    const [word, more] = positionals;
    if (word === undefined) {
      throw new UsageError(
        `Expected the folder of a policy or of a recording, or ${driverNames.join(' or ')}, got nothing`,
      );
    }
    if (more !== undefined) throw new UsageError(`Expected nothing after ${quote(word)}, got ${quote(more)}`);
    const { gif, 'gif-from': fromS, 'gif-seconds': durationS } = flags;
    if (gif === undefined && (fromS !== undefined || durationS !== undefined)) {
      throw new UsageError('Expected --gif FILE with --gif-from and --gif-seconds, got none');
    }
    const subject = subjectOf(word);
    const compare = flags.compare === undefined ? undefined : subjectOf(flags.compare);
    // Loaded only here: what runs networks takes a second.
    const { replay } = await import('../replay/replay.ts');
    const result = await replay({
      subject,
      compare,
      video: flags.video,
      ...(gif === undefined ? {} : { gif: { out: gif, fromS, durationS } }),
      size: flags.size,
      fps: flags.fps,
      view: flags.view,
      simulator: flags.simulator,
      track: flags.track,
      laps: flags.laps,
      timeLimitS: flags['time-limit'],
      startDistanceM: flags['start-distance'],
      ...(flags.opponents.length === 0 ? {} : { opponents: flags.opponents }),
      episode: flags.episode,
      recordedFrames: flags['recorded-frames'],
      saliency: flags.saliency,
      bare: flags.bare,
      seed: flags.seed,
      log,
      signal,
    });
    for (const line of resultLines(result)) print(line);
    return result;
  },
});

/** A driver's name, or a folder; a word that is nearly a driver's name is told so. */
function subjectOf(word: string) {
  const choice = driverSchema.safeParse(word);
  if (choice.success) return choice.data;
  const nearest = existsSync(word) ? undefined : nearestName(word, driverNames);
  const hint = nearest === undefined ? '' : `. Did you mean ${nearest}?`;
  throw new UsageError(
    `Expected the folder of a policy or of a recording, or ${driverNames.join(' or ')}, got ${quote(word)}${hint}`,
  );
}

function resultLines(result: ReplayResult): readonly string[] {
  const { video, width, height, fps, frames, durationS, wallS, realTimeFactor, compare, gif } = result;
  return [
    driveLine(result),
    ...(compare === undefined ? [] : [driveLine(compare), `gap: ${compare.gapS?.toFixed(3) ?? '?'} s`]),
    `${video}: ${width} × ${height}, ${fps} pictures/s, ${frames} pictures, ${durationS.toFixed(1)} s, made in ` +
      `${wallS.toFixed(1)} s (${realTimeFactor.toFixed(1)} × real time)`,
    ...(gif === undefined ? [] : [gif]),
  ];
}

function driveLine({ driver, track, outcome, lapTimesS, distanceM }: FilmedDrive): string {
  const laps = lapTimesS.length === 0 ? 'no lap' : `laps of ${lapTimesS.map((time) => time.toFixed(3)).join(', ')} s`;
  return `${driver} on ${track}: ${outcome}, ${distanceM.toFixed(0)} m, ${laps}`;
}
