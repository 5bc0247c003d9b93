import test from 'ava';
import { shiftAtRandom } from '../../../src/agents/ddpg/random-shift.ts';
import { seeded } from '../support.ts';

const HEIGHT = 4;
const WIDTH = 5;
const CHANNELS = 2;
const PLANE = HEIGHT * WIDTH;

/** What a shift makes of one picture, pixel by pixel. */
function shifted(picture: Uint8Array, down: number, right: number): number[] {
  const clamp = (value: number, length: number) => Math.min(Math.max(value, 0), length - 1);
  return [...picture].map((_, i) => {
    const y = Math.floor(i / WIDTH);
    return picture[clamp(y - down, HEIGHT) * WIDTH + clamp((i % WIDTH) - right, WIDTH)]!;
  });
}

test('each row is shifted by whole pixels within reach, its channels together, its edges repeated', (t) => {
  const random = seeded(1);
  const rows = 60;
  const before = Uint8Array.from({ length: rows * CHANNELS * PLANE }, () => random.below(256));
  const after = before.slice();
  shiftAtRandom(after, [HEIGHT, WIDTH, CHANNELS], 2, random);
  const seen = new Set<string>();
  for (let row = 0; row < rows; row++) {
    const at = (pixels: Uint8Array, channel: number) =>
      pixels.subarray((row * CHANNELS + channel) * PLANE, (row * CHANNELS + channel + 1) * PLANE);
    const fits: string[] = [];
    for (let down = -2; down <= 2; down++) {
      for (let right = -2; right <= 2; right++) {
        const same = [0, 1].every(
          (channel) => shifted(at(before, channel), down, right).join() === [...at(after, channel)].join(),
        );
        if (same) fits.push(`${down},${right}`);
      }
    }
    t.is(fits.length, 1, `row ${row}`);
    seen.add(fits[0]!);
  }
  t.true(seen.size > 18, 'nearly all of the 25 shifts come up');
  t.true(seen.has('0,0') && seen.has('2,2') && seen.has('-2,-2'));
});
