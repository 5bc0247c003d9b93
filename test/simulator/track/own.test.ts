import test from 'ava';
import { buildTrack, DEFAULT_TRACK_NAME, drawTrack, ownTracks } from '../../../src/simulator/track/index.ts';
import { clearanceOf } from '../../../src/simulator/track/overlap.ts';

test('own tracks close within a centimetre, keep clear of themselves and have plausible sizes', (t) => {
  for (const { specification } of ownTracks) {
    const track = buildTrack(specification);
    const first = track.segments[0]!;
    const last = track.segments.at(-1)!;
    const gap = Math.hypot(
      first.startRight.x - last.endRight.x,
      first.startRight.y - last.endRight.y,
      first.startRight.z - last.endRight.z,
    );
    t.true(gap < 0.01, `${track.name}: gap ${gap}`);
    t.true(clearanceOf(track) > 4, track.name);
    t.true(track.lengthM > 600 && track.lengthM < 4_500, track.name);
    t.true(track.widthM >= 8 && track.widthM <= 18, track.name);
  }
});

test('neighbouring pieces share their corners', (t) => {
  for (const { specification } of ownTracks) {
    const { segments } = buildTrack(specification);
    for (let index = 1; index < segments.length; index++) {
      const before = segments[index - 1]!;
      const after = segments[index]!;
      t.true(Math.hypot(before.endLeft.x - after.startLeft.x, before.endLeft.y - after.startLeft.y) < 1e-6);
      t.true(Math.abs(before.endLeft.z - after.startLeft.z) < 1e-6, `${specification.name} ${after.name}`);
    }
  }
});

test('there are at least 14, in three parts, and the default is one of them', (t) => {
  t.true(ownTracks.length >= 14);
  for (const split of ['train', 'validation', 'test']) {
    const categories = new Set(ownTracks.filter((own) => own.split === split).map((own) => own.specification.category));
    t.deepEqual([...categories].sort(), ['dirt', 'oval', 'road'], split);
  }
  t.is(ownTracks.find((own) => own.specification.name === DEFAULT_TRACK_NAME)?.split, 'train');
});

test('the picture names the track and is well-formed', (t) => {
  const specification = { ...ownTracks[0]!.specification, title: 'A < B' };
  const svg = drawTrack(buildTrack(specification));
  t.true(svg.startsWith('<svg '));
  t.true(svg.includes('A &lt; B · 19'));
  t.false(svg.includes('NaN'));
});
