import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { policyCases, savePolicyCase } from '../export/policies.ts';
import { run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

/** A driving policy that sees pictures and remembers, as a run keeps it. */
const folder = scratch.path('run');
const policy = path.join(folder, 'policy-best');
test.before(() => {
  const pictures = policyCases.find(({ what }) => what.startsWith('lstm'))!;
  const environment = {
    name: 'driving',
    options: { actionRepeat: 4, state: ['angle', 'speedX', 'gear'], actions: 'steer-pedal' },
    camera: { width: 64, height: 48 },
    pixels: { width: 16, height: 16, colour: 'grey', stack: 2, crop: { left: 0, top: 8, width: 64, height: 40 } },
  };
  const state = { ...pictures.observationSpace.state, names: ['angle', 'speedX', 'gear'] };
  const actionSpace = { shape: [2], low: [-1, -1], high: [1, 1], dtype: 'float32', names: ['steer', 'pedal'] } as const;
  const spaces = { observationSpace: { ...pictures.observationSpace, state }, actionSpace };
  savePolicyCase({ ...pictures, ...spaces, environment }, policy);
});

/** `metadata_props` of a model: read by hand, for ONNX Runtime's Node package does not give them. */
function metadataOf(file: string): Readonly<Record<string, string>> {
  const bytes = fs.readFileSync(file);
  const found: Record<string, string> = {};
  const varint = (at: number): [number, number] => {
    let [value, shift] = [0, 0];
    for (; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return [value, at];
    }
  };
  const texts = (from: number, to: number): string[] => {
    const result: string[] = [];
    for (let at = from; at < to; ) {
      const [, afterTag] = varint(at);
      const [length, start] = varint(afterTag);
      result.push(bytes.toString('utf8', start, start + length));
      at = start + length;
    }
    return result;
  };
  for (let at = 0; at < bytes.length; ) {
    const [tag, afterTag] = varint(at);
    const [value, start] = varint(afterTag);
    at = tag % 8 === 2 ? start + value : start;
    if (tag !== 14 * 8 + 2) continue;
    const [key, text] = texts(start, at) as [string, string];
    found[key] = text;
  }
  return found;
}

test('exports a policy, and the file says what its numbers are', async (t) => {
  const onnx = scratch.path('policy.onnx');
  const { code, json, error } = await runJson('export', policy, '--onnx', onnx);
  t.is(code, 0, error);
  t.like(json, { ok: true, policy, onnx, observations: 20, bytes: fs.statSync(onnx).size });
  t.true((json['largestDifference'] as number) <= 1e-5);
  const names = (key: string) => (json[key] as { name: string }[]).map(({ name }) => name);
  t.deepEqual(names('inputs'), ['pixels', 'memory0', 'memory1']);
  t.deepEqual(names('outputs'), ['action', 'nextMemory0', 'nextMemory1']);
  const { format, name, program, ...metadata } = metadataOf(onnx);
  t.is(format, 'torcs-pilot-policy-onnx');
  t.is(name, 'lstm over convolutions');
  t.regex(program!, /^torcs-pilot \d+\.\d+\.\d+$/);
  const said = Object.fromEntries(Object.entries(metadata).map(([key, text]) => [key, JSON.parse(text) as unknown]));
  t.deepEqual(said['recurrent'], [
    { input: 'memory0', output: 'nextMemory0' },
    { input: 'memory1', output: 'nextMemory1' },
  ]);
  t.deepEqual(said['stateEntries'], [
    { name: 'angle', unit: 'rad', scale: Number(Math.PI.toPrecision(6)) },
    { name: 'speedX', unit: 'km/h', scale: 300 },
    { name: 'gear', unit: 'gear, -1 reverse', scale: 6 },
  ]);
  t.like(said['actionEntries'], [{ name: 'steer', low: -1, high: 1 }, { name: 'pedal' }]);
  t.deepEqual(said['camera'], { width: 64, height: 48, view: 'road' });
  const crop = { left: 0, top: 8, width: 64, height: 40 };
  t.like(said['pixels'], { height: 16, width: 16, channels: 2, stack: 2, colour: 'grey', crop });
  t.is(said['actionRepeat'], 4);
  t.like(said['environment'], { name: 'driving', simulator: 'embedded' });
  t.like(said['inputs'], [{ name: 'pixels', type: 'uint8', shape: ['batch', 16, 16, 2] }]);
  t.like(said['observationSpace'], { state: { shape: [3] }, pixels: { low: 0, high: 255 } });
});

test('a person is told what goes in and out', async (t) => {
  const { code, output } = await run('export', policy, '--onnx', scratch.path('policy.onnx'));
  t.is(code, 0);
  t.regex(output, /\nin: pixels uint8 \[batch, 16, 16, 2\], memory0 float32 \[batch, 8\]/);
  t.regex(output, /\n20 actions differ by at most [\d.e-]+\n$/);
});

const oneLine = /^torcs-pilot: Expected [^\n]* \(ERR_[A-Z_]+\)\n$/;

function damaged(name: string, change: (bytes: Buffer) => Uint8Array): string {
  const copy = scratch.path('damaged');
  fs.cpSync(policy, copy, { recursive: true });
  const file = path.join(copy, name);
  fs.writeFileSync(file, change(fs.readFileSync(file)));
  return copy;
}

for (const [what, words, code, message] of [
  ['no file name', () => [policy], 2, /--onnx FILE\.onnx: it is required/],
  ['another kind of file', () => [policy, '--onnx', 'x.pt'], 2, /a file that ends in \.onnx/],
  ['no policy', () => ['--onnx', 'x.onnx'], 2, /the folder of a policy, got nothing/],
  ['two policies', () => [policy, policy, '--onnx', 'x.onnx'], 2, /nothing after the policy/],
  ['a missing policy', () => ['nowhere', '--onnx', 'x.onnx'], 1, /policy in nowhere, got no such folder/],
  ['the folder of a run', () => [folder, '--onnx', 'x.onnx'], 1, /did you mean .*policy-best\?/],
  [
    'damaged weights',
    () => [damaged('weights.safetensors', (bytes) => bytes.subarray(0, -1)), '--onnx', 'x.onnx'],
    1,
    /weights whose checksum .* names/,
  ],
  [
    'an altered policy',
    () => [
      damaged('policy.json', (bytes) => Buffer.from(String(bytes).replace('driving', 'drivin'))),
      '--onnx',
      'x.onnx',
    ],
    1,
    /its checksum is another/,
  ],
  ['a path below a file', () => [policy, '--onnx', path.join(policy, 'policy.json', 'x.onnx')], 1, /ERR_WRITE_FAILED/],
] as const) {
  test(`refuses ${what}`, async (t) => {
    const line = words().map((word) => (word.startsWith('x.') ? path.join(scratch.root, word) : word));
    const outcome = await run('export', ...line);
    t.is(outcome.code, code, outcome.error);
    t.regex(outcome.error, oneLine);
    t.regex(outcome.error, message);
    t.false(fs.existsSync(path.join(scratch.root, 'x.onnx')), 'nothing was written');
  });
}
