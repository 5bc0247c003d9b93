/**
 * Pictures of the embedded simulator's camera, and how fast they come.
 *
 *   npx tsx scripts/render-gallery.ts OUT.png   a contact sheet: a row per track of our own, a column per view
 *   npx tsx scripts/render-gallery.ts --bench   pictures per second and processor time per picture, by size, one core
 */
import sharp, { type OverlayOptions } from 'sharp';
import { compileTrack, placeOn } from '../src/simulator/query/index.ts';
import { CameraRenderer, type CarPose } from '../src/simulator/renderer/index.ts';
import { buildTrack, ownTracks, type Track } from '../src/simulator/track/index.ts';
import { CAMERA_VIEWS } from '../torcs-client/simulator.ts';

const CELL = { width: 160, height: 120 } as const;
const BENCH_SECONDS = 1.5;

/** A car that stands in the middle of the road, along it. */
function poseAt(track: Track, distanceM: number): CarPose {
  const place = placeOn(compileTrack(track), distanceM, track.widthM / 2);
  const { segment } = place.piece;
  const right = segment.startRight.z + segment.climb * place.toStart;
  const banking = segment.startBanking + segment.twist * place.toStart;
  const climb = segment.climb / place.piece.radius;
  const z = right + (track.widthM / 2) * Math.tan(banking) + 0.25;
  return { x: place.x, y: place.y, z, roll: banking, pitch: -Math.atan(climb), yaw: place.heading };
}

async function gallery(tracks: readonly Track[], path: string): Promise<void> {
  const cells: OverlayOptions[] = [];
  for (const [row, track] of tracks.entries()) {
    const cars = [poseAt(track, track.lengthM * 0.15), poseAt(track, track.lengthM * 0.15 + 18)];
    for (const [column, view] of CAMERA_VIEWS.entries()) {
      const data = new Uint8Array(CELL.width * CELL.height * 3);
      new CameraRenderer(track, { ...CELL, view, panels: false }).render({ cars, cameraCar: 0 }, data);
      const input = await sharp(data, { raw: { ...CELL, channels: 3 } })
        .png()
        .toBuffer();
      cells.push({ input, left: column * CELL.width, top: row * CELL.height });
    }
  }
  const size = { width: CELL.width * CAMERA_VIEWS.length, height: CELL.height * tracks.length };
  await sharp({ create: { ...size, channels: 3, background: '#000' } })
    .composite(cells)
    .png()
    .toFile(path);
}

function bench(tracks: readonly Track[]): void {
  for (const [width, height] of [
    [64, 64],
    [640, 480],
  ] as const) {
    for (const track of tracks) {
      const renderer = new CameraRenderer(track, { width, height, view: 'road', panels: false });
      const into = new Uint8Array(width * height * 3);
      const scenes = Array.from({ length: 64 }, (_, i) => [poseAt(track, (track.lengthM * i) / 64)]);
      for (const cars of scenes) for (let i = 0; i < 4; i++) renderer.render({ cars, cameraCar: 0 }, into);
      const start = performance.now();
      const before = process.cpuUsage();
      let pictures = 0;
      for (; performance.now() - start < BENCH_SECONDS * 1000; pictures++) {
        renderer.render({ cars: scenes[pictures % 64]!, cameraCar: 0 }, into);
      }
      const rate = (pictures * 1000) / (performance.now() - start);
      const { user, system } = process.cpuUsage(before);
      const each = (user + system) / pictures;
      console.log(
        `${track.name} ${width}x${height}: ${Math.round(rate)} pictures/s, ${each.toFixed(0)} us of processor time each`,
      );
    }
  }
}

const [argument] = process.argv.slice(2);
const tracks = ownTracks.map((own) => buildTrack(own.specification));
if (argument === '--bench') bench(tracks.slice(0, 4));
else if (argument !== undefined) await gallery(tracks.slice(0, 8), argument);
else {
  console.error('Expected OUT.png or --bench, got nothing');
  process.exitCode = 2;
}
