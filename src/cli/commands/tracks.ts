import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawTrack } from '../../simulator/index.ts';
import { defineCommand, flag, named } from '../command.ts';
import { composeTrackLibrary } from '../compose/simulator.ts';

export const tracksCommand = defineCommand({
  name: 'tracks',
  summary: "List the tracks: our own, and the game's where it is installed; or draw them.",
  positionals: '[NAME…]',
  flags: {
    draw: flag('DIR', 'draw each track as an SVG picture into this folder', named('a folder').optional()),
  },
  examples: ['tracks', 'tracks g-track-1 generated-7 --draw runs/tracks', 'tracks --json'],
  async run({ draw }, { print, log, positionals }) {
    const library = await composeTrackLibrary();
    const listed = library.list();
    const names = positionals.length > 0 ? positionals : listed.map(({ name }) => name);
    const tracks = names.map((name) => {
      const track = library.get(name);
      const entry = listed.find((candidate) => candidate.name === name);
      const { lengthM, widthM, category, title } = track;
      return {
        name,
        title,
        category,
        source: entry?.source ?? 'generated',
        split: entry?.split ?? null,
        lengthM,
        widthM,
      };
    });
    if (draw !== undefined) {
      await mkdir(draw, { recursive: true });
      for (const { name } of tracks) await writeFile(join(draw, `${name}.svg`), drawTrack(library.get(name)));
      log(`${tracks.length} pictures in ${draw}`);
    }
    const width = Math.max(...tracks.map(({ name }) => name.length));
    for (const { name, category, source, split, lengthM, widthM } of tracks) {
      const size = `${lengthM.toFixed(0).padStart(6)} m × ${widthM.toFixed(0).padStart(2)} m`;
      print(`${name.padEnd(width)}  ${size}  ${category.padEnd(8)}  ${source.padEnd(9)}  ${split ?? ''}`.trimEnd());
    }
    return { ok: true, tracks };
  },
});
