import test from 'ava';
import { type DatasetStream, openDataset } from '../../src/cli/dataset/index.ts';
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

test('no more is read ahead than its memory allows', async (t) => {
  const dataset = await makeDataset(30);
  const stream = dataset.load({ threads: 0, memoryMegabytes: 1 });
  const [bytes] = [7 * (16 * 12 * 3 + 4 * 4 + 8)];
  t.true(bytes * 3 < 1e6, 'three chunks fit');
  t.is((await take(stream, 1)).length, 1);
  await stream.close();
  t.is(stream.statistics.chunks, 1);
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
