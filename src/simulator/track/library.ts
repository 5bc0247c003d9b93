import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, nearestNames } from '../../core/index.ts';
import { buildTrack } from './build.ts';
import { generateTrack, parseGeneratedName } from './generator.ts';
import type { Track } from './model.ts';
import { ownTracks, type TrackSplit } from './own/index.ts';
import { readTrackFile } from './xml/read-track.ts';

export interface TrackSummary {
  readonly name: string;
  readonly category: string;
  readonly source: 'own' | 'game';
  /** Part of the evaluation protocol that the track belongs to; the game's other tracks belong to none. */
  readonly split?: TrackSplit;
}

export interface TrackLibraryOptions {
  /** Folder of an installed TORCS that holds `tracks` and `data`. Default: none, own and generated tracks only. */
  readonly gameDataFolder?: string;
}

/** How the game's tracks are split for training and evaluation; the rest belongs to no part. */
const gameSplit: Readonly<Record<TrackSplit, readonly string[]>> = {
  train: ['g-track-1', 'g-track-2', 'e-track-1', 'e-track-2', 'forza', 'ruudskogen'],
  validation: ['wheel-1', 'g-track-3', 'brondehach'],
  test: ['e-track-4', 'e-track-6', 'eroad', 'street-1', 'aalborg', 'alpine-1'],
};

/** The tracks of a part of the evaluation protocol, whether they are installed or not. */
export function tracksOfSplit(source: TrackSummary['source'], split: TrackSplit): readonly string[] {
  if (source === 'game') return gameSplit[split];
  return ownTracks.filter((track) => track.split === split).map(({ specification }) => specification.name);
}

/** Every track by its name: our own, the game's where TORCS is installed, and `generated-SEED…`. */
export class TrackLibrary {
  readonly #gameDataFolder: string | undefined;
  readonly #gameFiles: ReadonlyMap<string, { path: string; category: string }>;
  readonly #cache = new Map<string, Track>();

  constructor(options: TrackLibraryOptions = {}) {
    this.#gameDataFolder = options.gameDataFolder;
    this.#gameFiles = findGameTracks(options.gameDataFolder);
  }

  /** Our own tracks, then the game's; generated ones are as many as there are seeds and are not listed. */
  list(): TrackSummary[] {
    const own = ownTracks.map<TrackSummary>(({ specification, split }) => ({
      name: specification.name,
      category: specification.category,
      source: 'own',
      split,
    }));
    const game = [...this.#gameFiles].map<TrackSummary>(([name, { category }]) => {
      const split = (Object.keys(gameSplit) as TrackSplit[]).find((part) => gameSplit[part].includes(name));
      return { name, category, source: 'game', ...(split === undefined ? {} : { split }) };
    });
    return [...own, ...game];
  }

  /**
   * A track by its name; the same name gives the same object.
   *
   * @throws InvalidArgumentError for a name that nothing has, with the nearest names
   * @throws InvalidFileError when the game's file is broken
   */
  get(name: string): Track {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const track = this.#make(name);
    this.#cache.set(name, track);
    return track;
  }

  #make(name: string): Track {
    const own = ownTracks.find(({ specification }) => specification.name === name);
    if (own !== undefined) return buildTrack(own.specification);
    const generated = parseGeneratedName(name);
    if (generated !== undefined) return generateTrack(generated.seed, generated.options);
    const file = this.#gameFiles.get(name);
    if (file !== undefined && this.#gameDataFolder !== undefined) return readTrackFile(file.path, this.#gameDataFolder);
    const names = this.list().map((summary) => summary.name);
    const nearest = nearestNames(name, names).map((candidate) => `\`${candidate}\``);
    throw new InvalidArgumentError(
      `Expected the name of a track, such as ${nearest.join(', ')} or \`generated-7\`, got ` +
        `\`${name.slice(0, 100)}\`: \`torcs-pilot tracks\` lists them all`,
    );
  }
}

function findGameTracks(folder: string | undefined): Map<string, { path: string; category: string }> {
  const found = new Map<string, { path: string; category: string }>();
  if (folder === undefined || !existsSync(join(folder, 'tracks'))) return found;
  for (const category of readdirSync(join(folder, 'tracks'), { withFileTypes: true })) {
    if (!category.isDirectory()) continue;
    for (const entry of readdirSync(join(folder, 'tracks', category.name))) {
      const path = join(folder, 'tracks', category.name, entry, `${entry}.xml`);
      if (existsSync(path)) found.set(entry, { path, category: category.name });
    }
  }
  return found;
}
