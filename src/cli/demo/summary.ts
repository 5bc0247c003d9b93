import { join } from 'node:path';
import { commandOf } from './command-of.ts';

/** What a demo did. */
export interface DemoReport {
  readonly seed: number;
  readonly recordedTracks: readonly string[];
  readonly frames: number;
  readonly updates: number;
  /** The track of the drives by which the best policy was chosen. */
  readonly judgedOn: string;
  /** Updates after which it was at its best. */
  readonly bestStep: number;
  readonly engine: string;
  /** The track of the film. */
  readonly track: string;
  /** `laps-done`, or why the drive ended. */
  readonly outcome: string;
  readonly lapTimesS: readonly number[];
  readonly distanceM: number;
  /** Wall time of the steps. */
  readonly seconds: { readonly record: number; readonly train: number; readonly film: number };
  readonly wallS: number;
}

/** The lap of the film, or how far it got, in a few words. */
export function describeDrive({ track, outcome, lapTimesS, distanceM }: DemoReport): string {
  const [lap] = lapTimesS;
  if (lap !== undefined) return `lapped ${track} in ${lap.toFixed(3)} s, from a standing start`;
  return `did not lap ${track}: ${outcome} after ${distanceM.toFixed(0)} m`;
}

/** The report as a page of Markdown that stands in the folder, beside the files it names. */
export function summarize(
  report: DemoReport,
  folder: string,
  files: { readonly film: string; readonly curve: string; readonly run: string; readonly recording: string },
): string {
  const policy = join(folder, files.run, 'policy-best');
  const { seed, recordedTracks, frames, updates, judgedOn, bestStep, engine, seconds, wallS, track } = report;
  return `# What the demo did

A convolutional network that sees the road below the horizon in three grey pictures, and the car's speed, ${describeDrive(report)}. It had never seen that track.

| step | what | wall time |
|---|---|---|
| recorded | ${frames} pictures of the scripted driver, with its actions, on ${recordedTracks.length} tracks (\`${files.recording}/\`) | ${seconds.record.toFixed(0)} s |
| trained | ${updates} updates by behaviour cloning (\`${files.run}/\`), ${engine} | ${seconds.train.toFixed(0)} s |
| filmed | a lap of ${track} (\`${files.film}\`) | ${seconds.film.toFixed(0)} s |

All in ${wallS.toFixed(0)} s, with seed ${seed}. The policy of the film is the one after ${bestStep} updates, which did best on ${judgedOn}, a track that was not recorded either:

![return on ${judgedOn} by updates](${files.curve})

The recorded tracks: ${recordedTracks.join(', ')}.

Go on from here:

- \`${commandOf(['evaluate', policy, '--tracks', 'broad-heath,pine-rally'])}\`
- \`${commandOf(['replay', policy, '--track', 'pine-rally', '--saliency', '--video', join(folder, 'saliency.mp4')])}\`
- \`${commandOf(['watch', folder])}\`
`;
}
