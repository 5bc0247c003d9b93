import test from 'ava';
import { generatedName, generateTrack, TrackLibrary } from '../../../src/simulator/track/index.ts';
import { clearanceOf } from '../../../src/simulator/track/overlap.ts';

test('500 seeds: closed, clear of themselves, as long as asked for, no bend too tight', (t) => {
  for (let seed = 0; seed < 500; seed++) {
    const track = generateTrack(seed, { lengthM: 1_500 });
    const first = track.segments[0]!;
    const last = track.segments.at(-1)!;
    const gap = Math.hypot(first.startRight.x - last.endRight.x, first.startRight.y - last.endRight.y);
    const tightest = Math.min(...track.segments.filter((one) => one.kind !== 'straight').map((one) => one.radius));
    if (gap >= 0.01) t.fail(`seed ${seed}: gap ${gap}`);
    if (clearanceOf(track) < 4) t.fail(`seed ${seed}: clearance ${clearanceOf(track)}`);
    if (Math.abs(track.lengthM - 1_500) > 15) t.fail(`seed ${seed}: length ${track.lengthM}`);
    if (tightest < 15) t.fail(`seed ${seed}: radius ${tightest}`);
  }
  t.pass();
});

test('the same seed gives the same track, another seed another', (t) => {
  t.deepEqual(generateTrack(7), generateTrack(7));
  t.notDeepEqual(generateTrack(7).segments.length, generateTrack(8).segments.length);
});

test('a name carries seed and options', (t) => {
  const options = { lengthM: 1_200, widthM: 9.5, hilliness: 1, twistiness: 0, surface: 'dirt' } as const;
  const name = generatedName(41, options);
  t.is(name, 'generated-41-l1200-w9.5-h1-t0-dirt');
  t.deepEqual(new TrackLibrary().get(name), generateTrack(41, options));
});

test('options out of range are refused', (t) => {
  t.throws(() => generateTrack(1, { lengthM: Number.NaN }), { code: 'ERR_INVALID_ARGUMENT' });
  t.throws(() => new TrackLibrary().get('generated-1-l5'), { code: 'ERR_INVALID_ARGUMENT' });
});
