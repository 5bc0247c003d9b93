/**
 * Prints a table of all tracks: `npx tsx scripts/track-table.ts`. Where TORCS is set up, the running game tells the
 * length that it gives each of its own tracks; else that column stays empty.
 */
import { composeTrackLibrary } from '../src/cli/compose/simulator.ts';
import { TorcsSimulator } from '../torcs-client/torcs/simulator/index.ts';
import { findTorcs } from '../torcs-client/torcs/status/status.ts';

const library = await composeTrackLibrary();
const { build } = await findTorcs();
const game = build === undefined ? undefined : await TorcsSimulator.launch({ build });
try {
  console.log(
    '| track | source | split | category | width m | pieces | length m | closure m | in the game m | diff % |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  const differences: number[] = [];
  for (const { name, source, split, category } of library.list()) {
    const track = library.get(name);
    const first = track.segments[0]!.startRight;
    const last = track.segments.at(-1)!.endRight;
    const closure = Math.hypot(first.x - last.x, first.y - last.y, first.z - last.z);
    if (source === 'game') await game?.reset({ track: name });
    const inGame = source === 'game' ? game?.track?.lengthM : undefined;
    const difference = inGame === undefined ? undefined : 100 * (track.lengthM / inGame - 1);
    if (difference !== undefined) differences.push(Math.abs(difference));
    const cells = [name, source, split ?? '', category, track.widthM, track.segments.length, track.lengthM.toFixed(2)];
    console.log(
      `| ${[...cells, closure.toFixed(3), inGame?.toFixed(2) ?? '', difference?.toFixed(5) ?? ''].join(' | ')} |`,
    );
  }
  if (differences.length > 0) {
    console.log(`\n${differences.length} tracks compared, largest difference ${Math.max(...differences).toFixed(5)} %`);
  }
} finally {
  await game?.close();
}
