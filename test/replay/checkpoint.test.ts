import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer, type ReplayBufferOptions } from '../../src/replay/index.ts';
import { ACTION, arraysOf, GAMMA, PIXELS, STATE, sequenceBatch, transitionBatch, World } from './world.ts';

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
  buffer.updatePriorities(
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
  fs.writeFileSync(path.join(second.shared, names[1]!), 'of another run');
  const others = await buffer.saveCheckpoint(second);
  t.not(others[1], names[1]);
  t.is(fs.readFileSync(path.join(second.shared, names[1]!), 'utf8'), 'of another run');
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

/** A saved buffer of all kinds of files, and one that is to load it. */
async function saved(name: string) {
  const options = { ...shape, capacity: 60, sources: 2, prioritized: {} } as const;
  const buffer = createReplayBuffer(options);
  const world = new World(new Random(1), 2);
  for (let i = 0; i < 100; i++) world.step([buffer]);
  world.start([buffer], 1);
  const folders = newRun(name)(0);
  await buffer.saveCheckpoint(folders);
  const target = createReplayBuffer(options);
  const before = new World(new Random(2), 2);
  for (let i = 0; i < 30; i++) before.step([target]);
  return { folders, target };
}

const sample = (buffer: Buffer) => {
  const batch = transitionBatch(8);
  buffer.sample(batch, new Random(5));
  return arraysOf(batch);
};

test('a damaged, shortened, lengthened or missing file is refused by name, and nothing is changed', async (t) => {
  const { folders, target } = await saved('damaged');
  const before = sample(target);
  const files = [folders.own, folders.shared].flatMap((dir) => fs.readdirSync(dir).map((file) => path.join(dir, file)));
  t.true(files.length >= 7, 'manifest, priorities, starts, open segment and three whole ones');
  const random = new Random(3);
  for (const file of files) {
    const content = fs.readFileSync(file);
    const flipped = Buffer.from(content);
    const at = random.below(content.length);
    // White space of a manifest says nothing; any digit does.
    const digit = content.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x38);
    flipped[file.endsWith('.json') ? digit : at]! ^= 1;
    for (const damaged of [flipped, content.subarray(0, -2), Buffer.concat([content, Buffer.from('0')]), null]) {
      if (damaged === null) fs.rmSync(file);
      else fs.writeFileSync(file, damaged);
      const message = new RegExp(path.basename(file));
      await t.throwsAsync(target.loadCheckpoint(folders), { code: 'ERR_INVALID_FILE', message });
    }
    fs.writeFileSync(file, content);
  }
  t.deepEqual(sample(target), before);
  await t.notThrowsAsync(target.loadCheckpoint(folders));
});

/** Each entry of some JSON, with a function that gives the JSON with that entry replaced. */
function entriesOf(text: string): { name: string; value: unknown; replace: (value: unknown) => string }[] {
  type Tree = Record<string, unknown>;
  const paths: string[][] = [];
  const collect = (value: unknown, at: string[]) => {
    if (typeof value !== 'object' || value === null) paths.push(at);
    else for (const [key, entry] of Object.entries(value)) collect(entry, [...at, key]);
  };
  collect(JSON.parse(text), []);
  return paths.map((at) => {
    const last = at.at(-1)!;
    const parentIn = (tree: Tree) => at.slice(0, -1).reduce((inner, key) => inner[key] as Tree, tree);
    const replace = (value: unknown) => {
      const tree = JSON.parse(text) as Tree;
      parentIn(tree)[last] = value;
      return JSON.stringify(tree);
    };
    return { name: at.join('.'), value: parentIn(JSON.parse(text) as Tree)[last], replace };
  });
}

/** Any other value of the same kind, and some of other kinds. */
function othersThan(value: unknown): unknown[] {
  const near =
    typeof value === 'number' ? [value + 1, value - 1] : typeof value === 'boolean' ? [!value] : ['', '../x'];
  return [...near, -2, 1e15, 1e300, 'x', null, {}].filter((other) => other !== value);
}

const sealed = (text: string) => {
  const { sha256: _, ...manifest } = JSON.parse(text) as Record<string, unknown>;
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  return JSON.stringify({ ...manifest, sha256 });
};

test('a manifest of which anything was changed is refused', async (t) => {
  const { folders, target } = await saved('changed');
  const before = sample(target);
  const file = path.join(folders.own, 'replay.json');
  const entries = entriesOf(fs.readFileSync(file, 'utf8'));
  t.true(entries.length > 40);
  for (const { name, value, replace } of entries) {
    for (const other of othersThan(value)) {
      fs.writeFileSync(file, replace(other));
      await t.throwsAsync(target.loadCheckpoint(folders), { code: 'ERR_INVALID_FILE' }, `${name}: ${other}`);
    }
  }
  for (const other of ['', '[]', 'null', '{"format": "else"}']) {
    fs.writeFileSync(file, other);
    await t.throwsAsync(target.loadCheckpoint(folders), { code: 'ERR_INVALID_FILE' });
  }
  t.deepEqual(sample(target), before);
});

test('a manifest that contradicts its files or itself is refused, even with the right checksum', async (t) => {
  const { folders, target } = await saved('contradicting');
  const file = path.join(folders.own, 'replay.json');
  const text = fs.readFileSync(file, 'utf8');
  // What could be so of a buffer with the same files (a tail may keep a row too many): it loads and works.
  const possible = /^sources\.\d\.(steps|staged|open|tail)|^priorities\.(maximum|batches)|^transitions|^sha256/;
  let refused = 0;
  for (const { name, value, replace } of entriesOf(text)) {
    for (const other of othersThan(value)) {
      fs.writeFileSync(file, sealed(replace(other)));
      const error = await target.loadCheckpoint(folders).then(
        () => undefined,
        (reason: { code: string }) => reason,
      );
      if (error === undefined) t.regex(name, possible, `${other} was taken`);
      else t.is(error.code, 'ERR_INVALID_FILE');
      t.notThrows(() => sample(target));
      refused += error === undefined ? 0 : 1;
    }
  }
  t.true(refused > 300);
});

test('a checkpoint of a buffer of other sizes is refused, with both named', async (t) => {
  const { folders } = await saved('sizes');
  const options = { ...shape, capacity: 60, sources: 2, prioritized: {} } as const;
  const { prioritized, ...uniform } = options;
  for (const other of [
    { ...options, capacity: 61 },
    { ...options, state: 4 },
    { ...options, pixels: { ...PIXELS, stack: 2 } },
    { ...options, sources: 3 },
    { ...options, prioritized: { alpha: 0.5 } },
    { ...options, demonstrations: { buffer: createReplayBuffer(shape2), share: 0.5 } },
    uniform,
  ]) {
    const buffer = createReplayBuffer(other);
    await t.throwsAsync(buffer.loadCheckpoint(folders), { code: 'ERR_INVALID_FILE', message: /settings/ });
    t.is(buffer.size, 0);
  }
});

const shape2 = { ...shape, capacity: 10 };
