import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import { ACTION, arraysOf, GAMMA, PIXELS, STATE, transitionBatch, World } from './world.ts';

const shape = { state: STATE, action: ACTION, gamma: GAMMA, pixels: PIXELS } as const;

let folder = '';
test.before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-damaged-'));
});
test.after.always(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Fresh folders of a run. */
function newRun(name: string) {
  const shared = path.join(folder, name, 'shared');
  return (checkpoint: number | string) => ({ own: path.join(folder, name, String(checkpoint)), shared });
}

type Buffer = ReturnType<typeof createReplayBuffer>;

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
    typeof value === 'number'
      ? [1, -1, 16, -16].map((by) => value + by)
      : typeof value === 'boolean'
        ? [!value]
        : ['', '../x'];
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

test('a segment of which nothing is needed is refused: it would never be let go', async (t) => {
  const options = { ...shape, capacity: 60 } as const;
  const buffer = createReplayBuffer(options);
  const world = new World(new Random(1), 1);
  world.start([buffer]);
  for (let i = 0; i < 50; i++) world.add([buffer]);
  const folders = newRun('useless')(0);
  await buffer.saveCheckpoint(folders);
  const file = path.join(folders.own, 'replay.json');
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { sources: object[]; segments: object[] };
  // Only the last step may be drawn: of rows 47 to 50, in the segments 2 and 3.
  const sources = [{ ...manifest.sources[0], tail: 47 }];
  for (const segments of [manifest.segments, manifest.segments.slice(2)]) {
    fs.writeFileSync(file, sealed(JSON.stringify({ ...manifest, transitions: 1, size: 1, sources, segments })));
    const loaded = createReplayBuffer(options);
    if (segments.length === 1) await t.notThrowsAsync(loaded.loadCheckpoint(folders));
    else await t.throwsAsync(loaded.loadCheckpoint(folders), { code: 'ERR_INVALID_FILE', message: /segment 0/ });
  }
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
