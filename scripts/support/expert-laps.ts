import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeTrackLibrary } from '../../src/cli/compose/simulator.ts';
import { meanOf } from '../../src/cli/evaluate/statistics.ts';
import { torcsPilot } from './program.ts';

/** Decisions a second, and the slowest of an expert's means, m/s: two laps are recorded. */
const DECISIONS_PER_S = 10;
const SLOWEST = 13.5;

/**
 * Mean lap time, s, of the expert that `record` takes labels from, by track: two laps from the start line, undisturbed.
 *
 * @param words words after `record` that say in which simulator and how it drives
 * @throws Error for a track that it does not lap
 */
export async function expertLaps(words: readonly string[], tracks: readonly string[]): Promise<Record<string, number>> {
  const library = await composeTrackLibrary();
  const folder = mkdtempSync(join(tmpdir(), 'torcs-pilot-expert-'));
  try {
    const means: [string, number][] = [];
    for (const track of tracks) {
      const seconds = Math.ceil((2 * library.get(track).lengthM) / SLOWEST);
      const drive = ['--tracks', track, '--start', 'grid', '--action-noise', '0', '--camera', '8x8'];
      const length = ['--episode-seconds', String(2 * seconds), '--frames', String(DECISIONS_PER_S * seconds)];
      const out = ['--out', join(folder, track)];
      const recorded = (await torcsPilot(['record', ...words, ...drive, ...length, ...out])) as {
        tracks: Record<string, { lapTimesS: number[] }>;
      };
      const laps = recorded.tracks[track]?.lapTimesS.slice(0, 2) ?? [];
      if (laps.length === 0) throw new Error(`Expected the expert to lap ${track}`);
      means.push([track, meanOf(laps)]);
    }
    return Object.fromEntries(means);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
