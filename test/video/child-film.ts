import { FilmFile } from '../../src/video/film-file.ts';

/** Films until it is killed; says so when three seconds are filmed. */
const film = await FilmFile.create(process.argv[2]!, { width: 64, height: 48, fps: 10 });
for (let i = 0; ; i++) {
  await film.write(new Uint8Array(64 * 48 * 3).fill(i % 256));
  if (i === 30) process.stdout.write('filmed\n');
}
