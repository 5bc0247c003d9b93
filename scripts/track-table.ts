/**
 * Prints a table of all tracks: `npx tsx scripts/track-table.ts [GAME_DATA_FOLDER]`. Reference lengths are those that
 * were published for the game's tracks, in metres.
 */
import { TrackLibrary } from '../src/simulator/track/index.ts';

const published: Readonly<Record<string, number>> = {
  aalborg: 2587.55,
  'alpine-1': 6355.64,
  'alpine-2': 3773.58,
  brondehach: 3919.32,
  corkscrew: 3608.45,
  'e-track-1': 3243.64,
  'e-track-2': 5380.55,
  'e-track-3': 4208.36,
  'e-track-4': 7041.68,
  'e-track-6': 4441.28,
  eroad: 3260.43,
  forza: 5784.11,
  'g-track-1': 2057.56,
  'g-track-2': 3185.83,
  'g-track-3': 2843.09,
  'ole-road-1': 6282.8,
  ruudskogen: 3274.2,
  spring: 22129.81,
  'street-1': 3823.04,
  'wheel-1': 4328.54,
  'wheel-2': 6205.46,
  'dirt-1': 1072.93,
  'dirt-2': 1760.94,
  'dirt-3': 2205.93,
  'a-speedway': 1908.32,
  michigan: 2311.79,
};

const library = new TrackLibrary({ gameDataFolder: process.argv[2] ?? '/usr/share/games/torcs' });
console.log(
  '| Track | Source | Split | Category | Width m | Pieces | Length m | Closure m | Reference m | Difference % |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
for (const { name, source, split, category } of library.list()) {
  const track = library.get(name);
  const first = track.segments[0];
  const last = track.segments.at(-1);
  if (first === undefined || last === undefined) continue;
  const closure = Math.hypot(
    first.startRight.x - last.endRight.x,
    first.startRight.y - last.endRight.y,
    first.startRight.z - last.endRight.z,
  );
  const reference = source === 'game' ? published[name] : undefined;
  const difference = reference === undefined ? '' : (100 * (track.lengthM / reference - 1)).toFixed(4);
  const cells = [name, source, split ?? '', category, track.widthM, track.segments.length, track.lengthM.toFixed(2)];
  console.log(`| ${[...cells, closure.toFixed(3), reference ?? '', difference].join(' | ')} |`);
}
