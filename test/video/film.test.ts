import test from 'ava';
import { type FilmOptions, shootFilm } from '../../src/video/film.ts';
import type { FilmMoment } from '../../src/video/moment.ts';
import { sensorsWith } from '../support/sensors.ts';
import { driveOf, KeptFrames, momentWith } from './support.ts';

const size = { width: 4, height: 2 } as const;

async function shoot(times: readonly number[], more: Partial<FilmOptions> = {}) {
  const file = new KeptFrames();
  const pane = { moments: driveOf(times), lapLengthM: 1000, fromGrid: true };
  const summary = await shootFilm({ ...size, fps: 50, drives: [pane], file, closingS: 0, ...more });
  return { summary, file, shown: file.frames.map((frame) => frame[0]) };
}

test('picture k shows the first moment at or after k / fps seconds', async (t) => {
  // Control ticks last 20 or 22 ms: now and then one is shown twice.
  const times = Array.from({ length: 12 }, (_, i) => i * 0.022);
  const { shown, summary } = await shoot(times);
  t.deepEqual(shown, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11]);
  t.like(summary, { frames: 13, durationS: 0.26, gapS: undefined });
  t.is(summary.drives[0]!.moments, 12);
  t.is(summary.drives[0]!.last?.outcome, 'laps-done');
});

test('fewer pictures skip moments, more repeat them; sums of steps of 2 ms count as what they are meant to be', async (t) => {
  const times = Array.from({ length: 11 }, (_, i) => i * 0.02);
  t.deepEqual((await shoot(times, { fps: 25 })).shown, [0, 2, 4, 6, 8, 10]);
  t.deepEqual((await shoot([0, 0.02, 0.04], { fps: 100 })).shown, [0, 1, 1, 2]);
  let sum = 0;
  const summed = Array.from({ length: 10 }, () => {
    sum += 0.002;
    return sum;
  });
  t.true(summed[9] !== 0.02);
  t.deepEqual((await shoot([0, summed[9]!, 0.04])).shown, [0, 1, 2]);
});

test('the last picture stays for the closing time', async (t) => {
  const { shown, summary } = await shoot([0, 0.02], { closingS: 0.1 });
  t.deepEqual(shown, [0, 1, 1, 1, 1, 1, 1]);
  t.is(summary.frames, 7);
});

test('a picture on its way is never drawn on', async (t) => {
  const { file } = await shoot(Array.from({ length: 100 }, (_, i) => i * (i % 3 === 0 ? 0.02 : 0.021)));
  t.is(file.changed, 0);
  t.true(file.frames.length > 90);
});

test('two drives run by one clock; the one that ends first stands still; halves are side by side', async (t) => {
  const file = new KeptFrames();
  const seen: number[] = [];
  const summary = await shootFilm({
    ...size,
    fps: 50,
    file,
    closingS: 0,
    drives: [
      {
        moments: driveOf([0, 0.02, 0.04]),
        lapLengthM: 1000,
        fromGrid: true,
        onMoment: ({ timeS }) => seen.push(timeS),
      },
      { moments: driveOf([0, 0.02, 0.04, 0.06, 0.08]), lapLengthM: 1000, fromGrid: true },
    ],
  });
  t.is(summary.frames, 5);
  t.deepEqual(seen, [0, 0.02, 0.04]);
  // Between the halves runs a line, here as wide as the picture's middle two pixels.
  t.deepEqual(
    file.frames.map((frame) => [frame[0], frame[9]]),
    [
      [0, 0],
      [1, 1],
      [2, 2],
      [2, 3],
      [2, 4],
    ],
  );
  t.is(summary.gapS, 0, 'both at 50 m/s');
});

test('the gap counts places on the track, wherever the drives began', async (t) => {
  async function* drive(fromM: number): AsyncGenerator<FilmMoment> {
    for (let i = 0; i <= 100; i++) {
      const distanceM = i;
      const sensors = sensorsWith({ distFromStart: (fromM + distanceM + 1000) % 1000 });
      yield momentWith({ timeS: i * 0.02, sensors, distanceM, ...(i === 100 ? { outcome: 'time-limit' } : {}) });
    }
  }
  const pane = (fromM: number) => ({ moments: drive(fromM), lapLengthM: 1000, fromGrid: fromM < 0 });
  const options = { ...size, fps: 50, file: new KeptFrames(), closingS: 0 };
  const summary = await shootFilm({ ...options, drives: [pane(30), pane(-20)] });
  // At 50 m/s, 50 m are a second.
  t.true(Math.abs(summary.gapS! - 1) < 1e-9, `${summary.gapS}`);
});

test('an error of the drive, and one of the file, end both', async (t) => {
  async function* broken(): AsyncGenerator<FilmMoment> {
    yield momentWith({ timeS: 0 });
    throw new Error('the game crashed');
  }
  await t.throwsAsync(shoot([], { drives: [{ moments: broken(), lapLengthM: 1, fromGrid: true }] }), {
    message: 'the game crashed',
  });
  let closed = false;
  async function* endless(): AsyncGenerator<FilmMoment> {
    try {
      for (let i = 0; ; i++) yield momentWith({ timeS: i * 0.02 });
    } finally {
      closed = true;
    }
  }
  let left = 5;
  const file = {
    write: async () => {
      if (left-- === 0) throw new Error('disk full');
    },
  };
  await t.throwsAsync(shoot([], { file, drives: [{ moments: endless(), lapLengthM: 1, fromGrid: true }] }), {
    message: 'disk full',
  });
  t.true(closed, 'the drive is told');
});

test('an interruption ends the film after the picture under way', async (t) => {
  const interruption = new AbortController();
  const times = Array.from({ length: 100 }, (_, i) => i * 0.02);
  const { shown } = await shoot(times, {
    signal: interruption.signal,
    closingS: 2,
    onPicture: (frames) => frames === 3 && interruption.abort(),
  });
  t.deepEqual(shown, [0, 1, 2]);
});

test('a drive that ends without a word ends the film', async (t) => {
  async function* short(): AsyncGenerator<FilmMoment> {
    yield momentWith({ timeS: 0 });
    yield momentWith({ timeS: 0.02 });
  }
  const { shown } = await shoot([], { drives: [{ moments: short(), lapLengthM: 1, fromGrid: true }] });
  t.is(shown.length, 3);
});

test('heat is worked out for pictures that are shown only', async (t) => {
  let maps = 0;
  async function* drive(): AsyncGenerator<FilmMoment> {
    for (let i = 0; i <= 10; i++) {
      const saliency = async () => {
        maps++;
        return new Float32Array(1);
      };
      yield momentWith({ timeS: i * 0.02, saliency, ...(i === 10 ? { outcome: 'off-track' } : {}) });
    }
  }
  await shoot([], { fps: 10, drives: [{ moments: drive(), lapLengthM: 1, fromGrid: true }] });
  t.is(maps, 3, 'at 0, 0.1 and 0.2 s');
});
