import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/index.ts';
import { createContactSheet, inspectRecording, verifyRecording } from '../../recordings/index.ts';
import { defineCommand, flag, named } from '../command.ts';
import { drive } from '../drive.ts';

const defaultFolder = join('runs', 'demo');
const pictureSide = 64;
/** Bends both ways, kerbs, a straight: more to see than the default oval. */
const track = 'willow-park';

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'The main job at a glance: a lap of the embedded simulator, recorded with pictures, on one sheet.',
  flags: {
    out: flag(
      'DIR',
      `folder of the results, made anew (default ${defaultFolder})`,
      named('a folder')
        .optional()
        .transform((folder) => folder ?? defaultFolder),
    ),
  },
  examples: ['demo', 'demo --out /tmp/torcs-pilot-demo --json'],
  async run({ out, seed }, { log, print, signal }) {
    const recording = join(out, 'recording');
    const sheet = join(out, 'drive.png');
    // Only what an earlier demo left is removed; another folder's recording is somebody's work.
    if (out === defaultFolder) rmSync(out, { recursive: true, force: true });
    else if (await holdsRecording(recording)) {
      throw new UsageError(`Expected --out to be a folder without a recording, got ${out}`);
    }
    log('driving one lap of the embedded simulator, its camera recorded');
    const lap = await drive({
      choice: { kind: 'embedded' },
      track,
      camera: { width: pictureSide, height: pictureSide, view: 'road', panels: false },
      driver: 'scripted',
      laps: 1,
      seed,
      timeLimitS: 300,
      record: recording,
      log,
      signal,
    });
    log('checking the recording');
    const report = await verifyRecording(recording);
    const summary = await inspectRecording(recording);
    await createContactSheet(recording, { out: sheet });
    print(`lap of ${lap.track}: ${lap.lapTimesS.map((time) => time.toFixed(3)).join(', ')} s, damage ${lap.damage}`);
    print(`${lap.ticks} ticks and ${lap.frames} pictures in ${lap.wallS.toFixed(1)} s`);
    print(
      `recording: ${recording} (LeRobot v3.0, ${summary.frames} frames, ${(summary.bytes / 1e6).toFixed(1)} MB, ${report.ok ? 'sound' : 'NOT sound'})`,
    );
    print(`the drive at a glance: ${sheet}`);
    return { ...lap, ok: lap.ok && report.ok, steps: summary.frames, artifacts: { recording, sheet } };
  },
});

async function holdsRecording(folder: string): Promise<boolean> {
  try {
    await inspectRecording(folder);
    return true;
  } catch {
    return false;
  }
}
