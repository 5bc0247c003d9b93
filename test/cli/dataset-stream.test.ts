import test from 'ava';
import { type DatasetStream, openDataset } from '../../src/cli/dataset/index.ts';
import type { ReadChunk, ReaderSlot } from '../../src/cli/dataset/reader-pool.ts';
import { ChunkStream, streamOptionsSchema } from '../../src/cli/dataset/stream.ts';
import { learner, recordFake } from './dataset-support.ts';
import { Scratch } from './support.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());

async function makeDataset(episodes = 5) {
  const [first, second] = [scratch.path(), scratch.path()];
  const environment = learner();
  await recordFake({ dir: first, settings: environment, steps: 7, episodes });
  await recordFake({ dir: second, settings: environment, steps: 5, episodes: 2 });
  return openDataset({ folders: [first, second], environment, labels: 'executed' });
}

/** Where the next chunks come from, and the sum of their pixels. */
async function take(stream: DatasetStream, count: number): Promise<string[]> {
  const taken: string[] = [];
  for await (const { place, chunk, start } of stream) {
    taken.push(`${place.index}: ${chunk.folder} ${chunk.episode} ${start.pixels!.reduce((a, b) => a + b, 0)}`);
    if (taken.length === count) break;
  }
  return taken;
}

test('threads give what this thread gives, in the same order, and stop with who asks', async (t) => {
  const dataset = await makeDataset();
  const inline = await take(dataset.load({ threads: 0 }), 100);
  t.is(inline.length, 7);
  t.deepEqual(await take(dataset.load({ threads: 2 }), 100), inline);
  const stream = dataset.load({ threads: 2, endless: true });
  t.is((await take(stream, 20)).length, 20);
  await stream.close();
  t.like(stream.statistics, { chunks: 20 });
  t.true(stream.statistics.busyS > 0);
});

test('an endless stream is shuffled anew in each round, by its seed alone, and goes on where it was left', async (t) => {
  const dataset = await makeDataset();
  const options = { threads: 0, order: 'shuffled', endless: true, seed: 3 } as const;
  const rounds = await take(dataset.load(options), 21);
  const content = rounds.map((line) => line.replace(/^\d+: /, ''));
  const [first, second, third] = [content.slice(0, 7), content.slice(7, 14), content.slice(14)];
  t.is(new Set(first).size, 7);
  t.deepEqual([...second].sort(), [...first].sort());
  t.notDeepEqual(second, first);
  t.notDeepEqual(third, second);
  t.deepEqual(await take(dataset.load(options), 21), rounds);
  t.notDeepEqual(await take(dataset.load({ ...options, seed: 4 }), 21), rounds);
  t.deepEqual(await take(dataset.load({ ...options, from: 9 }), 12), rounds.slice(9));
});

/** Reads when it is told to, and at once says how often it was asked. */
class SlowReader implements ReaderSlot {
  asked = 0;
  closed = 0;
  readonly #waiting: (() => void)[] = [];

  get pending(): number {
    return this.#waiting.length;
  }

  read(): Promise<ReadChunk> {
    this.asked++;
    const [states, actions, rewards] = [new Float32Array(2), new Float32Array(1), new Float64Array(1)];
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve({ content: { states, actions, rewards, pictures: undefined }, busyMs: 250 }));
    });
  }

  /** The oldest that it was asked for is there. */
  deliver(): void {
    this.#waiting.shift()?.();
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

const chunks = Array.from({ length: 50 }, (_, episode) => ({
  ...{ folder: 0, episode, phase: 0, from: 0, transitions: 10, terminated: false },
}));

test('reading runs ahead of who asks, but no further than its memory allows', async (t) => {
  for (const [memoryMegabytes, ahead] of [
    [100, 6],
    [4, 4],
    [1, 1],
  ] as const) {
    const readers = [new SlowReader(), new SlowReader()];
    const asked = () => readers.reduce((sum, reader) => sum + reader.asked, 0);
    const options = streamOptionsSchema.parse({ memoryMegabytes });
    const stream = new ChunkStream(chunks, options, { readers, chunkBytes: 1e6 });
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    t.is(asked(), ahead);
    if (ahead > 1) t.true(Math.abs(readers[0]!.asked - readers[1]!.asked) <= 1, 'both work');
    for (const reader of readers) for (let i = 0; i < 6; i++) reader.deliver();
    t.like((await first).value, { index: 0 });
    t.is(asked(), ahead + 1, 'one for the one that was taken');
    for (const reader of readers) reader.deliver();
    t.like((await iterator.next()).value, { index: 1, chunk: { episode: 1 } });
    t.is(asked(), ahead + 2);
    await iterator.return(undefined);
    t.deepEqual(
      readers.map(({ closed }) => closed),
      [1, 1],
    );
  }
});

test('it counts what it read, and how long it was waited for', async (t) => {
  const reader = new SlowReader();
  let nowMs = 0;
  const clock = { now: () => nowMs, date: () => new Date(0) };
  const stream = new ChunkStream(chunks, streamOptionsSchema.parse({}), { readers: [reader], chunkBytes: 1, clock });
  const iterator = stream[Symbol.asyncIterator]();
  for (const waitMs of [3000, 500, 0]) {
    const next = iterator.next();
    nowMs += waitMs;
    reader.deliver();
    await next;
    nowMs += 10_000;
  }
  t.deepEqual(stream.statistics, { chunks: 3, transitions: 30, busyS: 0.75, firstWaitS: 3, waitedS: 0.5 });
  await iterator.return(undefined);
});

test('options out of range are refused', async (t) => {
  const dataset = await makeDataset(1);
  for (const options of [
    { threads: -1 },
    { longestChunk: 0 },
    { seed: 0.5 },
    { memoryMegabytes: 0 },
    { order: 'any' },
  ]) {
    t.throws(() => dataset.load(options as never), { code: 'ERR_INVALID_ARGUMENT' });
  }
});
