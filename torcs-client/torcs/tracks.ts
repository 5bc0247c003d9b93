import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from '../errors.ts';
import { nearestNames } from '../nearest.ts';

/** A track of an installed game. Its file is `tracks/<category>/<name>/<name>.xml` in the data folder. */
export interface TorcsTrack {
  readonly name: string;
  /** `road`, `oval`, `dirt`, or another that someone added. */
  readonly category: string;
  /** Absolute path of its XML file. */
  readonly file: string;
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort();
}

/** The tracks of a game's data folder, by category and then name. */
export function listTorcsTracks(dataFolder: string): readonly TorcsTrack[] {
  const tracks = join(dataFolder, 'tracks');
  return foldersIn(tracks).flatMap((category) =>
    foldersIn(join(tracks, category))
      .map((name) => ({ name, category, file: join(tracks, category, name, `${name}.xml`) }))
      .filter(({ file }) => statSync(file, { throwIfNoEntry: false })?.isFile() === true),
  );
}

/**
 * The track of that name.
 * @throws InvalidArgumentError when the game has none, naming the nearest
 */
export function findTorcsTrack(dataFolder: string, name: string): TorcsTrack {
  const tracks = listTorcsTracks(dataFolder);
  const found = tracks.find((track) => track.name === name);
  if (found !== undefined) return found;
  const names = tracks.map((track) => track.name);
  throw new InvalidArgumentError(
    `Expected \`track\` to be one of the game's ${names.length} tracks, got ${JSON.stringify(name)}. ` +
      `Nearest: ${nearestNames(name, names).join(', ')}. \`npx torcs-pilot tracks\` lists them all.`,
  );
}
