import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer, type ReplayBufferOptions } from '../../src/replay/index.ts';
import { ACTION, arraysOf, GAMMA, PIXELS, STATE, sequenceBatch, transitionBatch, World } from './world.ts';

/** Four words, action, state. */
const RECORD_BYTES = 4 * (4 + ACTION + STATE);
const shape = { state: STATE, action: ACTION, gamma: GAMMA, pixels: PIXELS } as const;

let folder = '';
test.before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-'));
});
test.after.always(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Fresh folders of a run. */
function newRun(name: string) {
  const shared = path.join(folder, name, 'shared');
  return (checkpoint: number | string) => ({ own: path.join(folder, name, String(checkpoint)), shared });
}

type Buffer = ReturnType<typeof createReplayBuffer>;

/** What a batch looks like after so many draws, which also change priorities. */
function draw(buffer: Buffer, random: Random): unknown {
  const batch = transitionBatch(8);
  buffer.sample(batch, random);
  buffer.updatePriorities?.(
    batch,
    batch.reward.map((reward) => reward * random.uniform()),
  );
  return arraysOf(batch);
}

for (const [name, options] of [
  ['uniform, n steps', { nSteps: 3 }],
  ['by priority, several sources', { sources: 3, prioritized: { beta: { initial: 0.4, final: 1, batches: 30 } } }],
  ['small', { capacity: 3, sources: 2, prioritized: {} }],
] as const) {
  test(`a buffer that was saved and loaded behaves as if nothing had been: ${name}`, async (t) => {
    const random = new Random(1);
    const foldersOf = newRun(name);
    for (let run = 0; run < 5; run++) {
      const full: ReplayBufferOptions = { ...shape, capacity: 80, ...options };
      const world = new World(random.stream(`world ${run}`), full.sources ?? 1);
      const draws = random.stream(`draws ${run}`);
      let buffer = createReplayBuffer(full);
      for (let save = 0; save < 3; save++) {
        const steps = random.below(120);
        for (let i = 0; i < steps; i++) {
          world.step([buffer]);
          if (buffer.size > 0 && i % 5 === 0) draw(buffer, draws);
        }
        const folders = foldersOf(`${run}-${save}`);
        const named = await buffer.saveCheckpoint(folders);
        t.true(named.every((file) => fs.existsSync(path.join(folders.shared, file))));

        const loaded = createReplayBuffer(full);
        // What is loaded replaces what was there.
        const other = new World(random.stream('other'), full.sources ?? 1);
        for (let i = 0; i < random.below(100); i++) other.step([loaded]);
        await loaded.loadCheckpoint(folders);
        t.is(loaded.size, buffer.size);
        t.deepEqual(loaded.memory.pictures, buffer.memory.pictures);
        const twin = new Random(9);
        twin.state = draws.state;
        for (let i = 0; i < 150; i++) {
          world.step([buffer, loaded]);
          if (buffer.size > 0 && i % 10 === 0) t.deepEqual(draw(loaded, twin), draw(buffer, draws));
        }
        t.is(loaded.memory.pictures, buffer.memory.pictures);
        // The loaded one goes on, saves and is loaded in turn.
        buffer = loaded;
      }
    }
  });
}

test('a loaded buffer is saved as the same files as the one that went on', async (t) => {
  const foldersOf = (name: string) => newRun(name)(0);
  const options = { ...shape, capacity: 60, sources: 2, prioritized: {} } as const;
  const world = new World(new Random(1), 2);
  const [buffer, loaded] = [createReplayBuffer(options), createReplayBuffer(options)];
  for (let i = 0; i < 100; i++) world.step([buffer]);
  await buffer.saveCheckpoint(foldersOf('went-on'));
  await loaded.loadCheckpoint(foldersOf('went-on'));
  for (let i = 0; i < 50; i++) world.step([buffer, loaded]);
  fs.rmSync(foldersOf('went-on').own, { recursive: true });
  const names = await buffer.saveCheckpoint(foldersOf('went-on'));
  t.deepEqual(await loaded.saveCheckpoint(foldersOf('was-loaded')), names);
  const contents = (name: string) => {
    const { own, shared } = foldersOf(name);
    const files = [
      ...names.map((file) => path.join(shared, file)),
      ...fs.readdirSync(own).map((file) => path.join(own, file)),
    ];
    return files.map((file) => [path.basename(file), fs.readFileSync(file, 'latin1')]);
  };
  t.deepEqual(contents('was-loaded'), contents('went-on'));
  // They say nothing of links, which change while all else stays: the first two words of each record.
  const open = fs.readFileSync(path.join(foldersOf('went-on').own, 'open-segment.bin'));
  const picture = PIXELS.height * PIXELS.width * PIXELS.channels;
  const rows = open.length / (picture + RECORD_BYTES);
  t.true(rows > 2);
  for (let row = 0; row < rows; row++) t.is(open.readBigUInt64LE(rows * picture + row * RECORD_BYTES), 0n);
});

test('priorities of a batch that was drawn before a checkpoint was loaded are refused', async (t) => {
  const folders = newRun('drawn')(0);
  const buffer = createReplayBuffer({ ...shape, capacity: 60, prioritized: {} });
  const world = new World(new Random(1), 1);
  world.start([buffer]);
  world.add([buffer]);
  const batch = transitionBatch(4);
  buffer.sample(batch, new Random(1));
  await buffer.saveCheckpoint(folders);
  await buffer.loadCheckpoint(folders);
  t.throws(() => buffer.updatePriorities!(batch, new Float32Array(4)), { code: 'ERR_INVALID_ARGUMENT' });
});

test('sequences, too, are the same after loading', async (t) => {
  const folders = newRun('sequences')(0);
  const world = new World(new Random(1), 2);
  const options = { ...shape, capacity: 60, sources: 2, burnIn: 1 } as const;
  const [buffer, loaded] = [createReplayBuffer(options), createReplayBuffer(options)];
  for (let i = 0; i < 100; i++) world.step([buffer]);
  await buffer.saveCheckpoint(folders);
  await loaded.loadCheckpoint(folders);
  const sampled = [buffer, loaded].map((one) => {
    const batch = sequenceBatch(16, 5);
    one.sample(batch, new Random(4));
    return arraysOf(batch);
  });
  t.deepEqual(sampled[0], sampled[1]);
});

test('a later checkpoint writes only what came since, names all that it needs, and overwrites nothing', async (t) => {
  const foldersOf = newRun('incremental');
  const { shared } = foldersOf(0);
  const buffer = createReplayBuffer({ ...shape, capacity: 160 });
  const world = new World(new Random(1), 1);
  world.start([buffer]);
  const names: (readonly string[])[] = [];
  const contents = new Map<string, string>();
  for (let save = 0; save < 12; save++) {
    for (let i = 0; i < 40; i++) world.add([buffer]);
    const before = fs.existsSync(shared) ? fs.readdirSync(shared) : [];
    const files = await buffer.saveCheckpoint(foldersOf(save));
    names.push(files);
    const written = fs.readdirSync(shared).filter((file) => !before.includes(file));
    t.true(written.length <= 3, '40 rows are at most three segments of 16');
    t.true(files.length <= 11, 'and no segment is named that is not needed');
    for (const file of fs.readdirSync(shared)) {
      const content = fs.readFileSync(path.join(shared, file), 'hex');
      t.is(contents.get(file) ?? content, content);
      contents.set(file, content);
    }
    // What no kept checkpoint names is removed by the run.
    for (const file of fs.readdirSync(shared)) {
      if (!names.slice(-2).flat().includes(file)) fs.rmSync(path.join(shared, file));
    }
  }
  const loaded = createReplayBuffer({ ...shape, capacity: 160 });
  await loaded.loadCheckpoint(foldersOf(10));
  t.is(loaded.size, 160);
});

test('a segment that is gone from the shared folder is written again, one of another run is not taken for it', async (t) => {
  const buffer = createReplayBuffer({ ...shape, capacity: 60 });
  const world = new World(new Random(1), 1);
  world.start([buffer]);
  for (let i = 0; i < 50; i++) world.add([buffer]);
  const first = newRun('gone')(0);
  const names = await buffer.saveCheckpoint(first);
  fs.rmSync(path.join(first.shared, names[1]!));
  t.deepEqual(await buffer.saveCheckpoint({ ...first, own: `${first.own}-again` }), names);

  const second = newRun('other')(0);
  fs.mkdirSync(second.shared, { recursive: true });
  const foreign = fs.readFileSync(path.join(first.shared, names[1]!)).fill(1);
  fs.writeFileSync(path.join(second.shared, names[1]!), foreign);
  const others = await buffer.saveCheckpoint(second);
  t.not(others[1], names[1]);
  t.deepEqual(fs.readFileSync(path.join(second.shared, names[1]!)), foreign);
  for (const folders of [first, second]) {
    const loaded = createReplayBuffer({ ...shape, capacity: 60 });
    await loaded.loadCheckpoint(folders);
    t.is(loaded.size, 50);
  }
});

test('while a checkpoint is saved nothing may change', async (t) => {
  const buffer = createReplayBuffer({ ...shape, capacity: 60 });
  const world = new World(new Random(1), 1);
  world.start([buffer]);
  for (let i = 0; i < 50; i++) world.add([buffer]);
  const folders = newRun('busy')(0);
  const saving = buffer.saveCheckpoint(folders);
  const expected = { code: 'ERR_INVALID_ARGUMENT', message: /while its checkpoint is saved/ };
  t.throws(() => world.start([buffer]), expected);
  t.throws(() => buffer.sample(transitionBatch(1), new Random(1)), expected);
  await t.throwsAsync(buffer.loadCheckpoint(folders), expected);
  await t.throwsAsync(buffer.saveCheckpoint(folders), expected);
  await saving;
  t.notThrows(() => world.start([buffer]));
});
