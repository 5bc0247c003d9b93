import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { Checkpointed } from '../../../src/core/checkpoint.ts';
import { InvalidFileError } from '../../../src/core/errors.ts';
import { listFiles, readJson, writeJsonAtomic } from '../../../src/core/files.ts';
import { CheckpointStore } from '../../../src/training/checkpoints/index.ts';
import { temporaryFolder } from '../support/run.ts';

/** Numbers that never change once they are there, each in a shared file, and how many of the last ones count. */
class Numbers implements Checkpointed {
  readonly numbers: number[] = [];
  failure: Error | undefined;

  async saveCheckpoint({ own, shared }: { own: string; shared: string }) {
    const names = this.numbers.slice(-2).map((number) => `part/${number}.json`);
    for (const [i, name] of names.entries()) {
      writeJsonAtomic(path.join(shared, name), this.numbers.slice(-2)[i]);
    }
    if (this.failure !== undefined) throw this.failure;
    writeJsonAtomic(path.join(own, 'names.json'), names);
    return names;
  }

  async loadCheckpoint({ own, shared }: { own: string; shared: string }) {
    const names = readJson(path.join(own, 'names.json')) as string[];
    const numbers = names.map((name) => readJson(path.join(shared, name)) as number);
    this.numbers.splice(0, this.numbers.length, ...numbers);
  }
}

function makeStore() {
  const folder = path.join(temporaryFolder(), 'checkpoints');
  const numbers = new Numbers();
  const store = new CheckpointStore(folder, { numbers });
  const write = (steps: number) => {
    numbers.numbers.push(steps);
    return store.write(steps, { state: { steps }, actions: Float32Array.of(steps, 0.1) });
  };
  return { folder, numbers, store, write };
}

test('the last two checkpoints are kept, and the shared files that they need', async (t) => {
  const { folder, numbers, store, write } = makeStore();
  for (const steps of [7, 20, 300, 4000]) await write(steps);
  t.deepEqual(
    store.list().map(({ steps }) => steps),
    [4000, 300],
  );
  t.deepEqual(fs.readdirSync(folder).sort(), ['000000000000300', '000000000004000', 'shared']);
  t.deepEqual(
    listFiles(path.join(folder, 'shared')),
    ['20', '300', '4000'].map((n) => `numbers/part/${n}.json`),
  );
  for (const [i, expected] of [
    [300, 4000],
    [20, 300],
  ].entries()) {
    const { state, actions } = await store.read(store.list()[i]!);
    t.deepEqual(numbers.numbers, expected);
    t.deepEqual(state, { steps: expected[1] });
    t.deepEqual(actions, Float32Array.of(expected[1]!, 0.1));
  }
});

test('what a kill left is no checkpoint, and goes with the next one', async (t) => {
  const { folder, store, write } = makeStore();
  await write(5);
  for (const name of ['writing-000000000000009', 'removing-000000000000003']) {
    fs.cpSync(store.list()[0]!.folder, path.join(folder, name), { recursive: true });
  }
  fs.writeFileSync(path.join(folder, 'shared/numbers/orphan.json'), '1');
  t.is(store.list().length, 1);
  await write(9);
  t.deepEqual(fs.readdirSync(folder).sort(), ['000000000000005', '000000000000009', 'shared']);
  t.false(fs.existsSync(path.join(folder, 'shared/numbers/orphan.json')));
});

test('a checkpoint whose part fails leaves the complete ones as they were', async (t) => {
  const { folder, numbers, store, write } = makeStore();
  await write(1);
  await write(2);
  const before = listFiles(folder);
  numbers.failure = new RangeError('Expected no failure');
  await t.throwsAsync(write(3), { instanceOf: RangeError });
  t.deepEqual(
    listFiles(folder).filter((name) => !name.endsWith('part/3.json')),
    before,
  );
  numbers.failure = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  await t.throwsAsync(write(3), { code: 'ERR_DISK_FULL' });
  await store.read(store.list()[0]!);
  t.deepEqual(numbers.numbers, [1, 2]);
});

test('a damaged record or damaged actions are refused by their file, and nothing shared is removed then', async (t) => {
  const { folder, store, write } = makeStore();
  await write(1);
  await write(2);
  const [latest, former] = store.list();
  fs.writeFileSync(path.join(latest!.folder, 'checkpoint.json'), '{"format": 2}');
  await t.throwsAsync(store.read(latest!), { instanceOf: InvalidFileError, message: /checkpoint\.json, got `format`/ });
  store.prune();
  t.deepEqual(listFiles(path.join(folder, 'shared')), ['numbers/part/1.json', 'numbers/part/2.json']);
  fs.truncateSync(path.join(former!.folder, 'actions.f32'), 4);
  await t.throwsAsync(store.read(former!), {
    instanceOf: InvalidFileError,
    message: /actions\.f32 .*8 bytes.*4 bytes/,
  });
  fs.rmSync(path.join(former!.folder, 'actions.f32'));
  await t.throwsAsync(store.read(former!), { instanceOf: InvalidFileError, message: /got no file/ });
});

test('newer checkpoints than the one that a run goes on from are removed', async (t) => {
  const { store, write } = makeStore();
  await write(1);
  await write(2);
  store.prune(1);
  t.deepEqual(
    store.list().map(({ steps }) => steps),
    [1],
  );
  await write(2);
  t.is(store.list().length, 2);
});
