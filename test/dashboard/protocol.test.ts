import test from 'ava';
import fc from 'fast-check';
import { encodePicture, encodeTelemetry } from '../../src/dashboard/protocol/binary.ts';
import { parseClientMessage } from '../../src/dashboard/protocol/client-message.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const parse = (value: unknown) => parseClientMessage(bytes(value), false);
const input = { type: 'input', steer: -0.25, accelerate: 1, brake: 0, reverse: false };
const start = {
  type: 'start',
  driver: 'runs/a/policy',
  track: 'willow-park',
  simulator: 'embedded',
  camera: { width: 64, height: 64, view: 'road' },
};

for (const message of [
  input,
  start,
  { type: 'stop' },
  { type: 'restart' },
  { type: 'pause' },
  { type: 'resume' },
  { type: 'step', steps: 100 },
  { type: 'speed', factor: 0 },
  { type: 'speed', factor: 0.25 },
  { type: 'view', view: 'behind-far' },
  { type: 'record', on: true },
  { type: 'take-wheel' },
  { type: 'give-wheel' },
]) {
  test(`is read: ${JSON.stringify(message)}`, (t) => {
    t.deepEqual(parse(message), { message } as ReturnType<typeof parse>);
  });
}

for (const [what, value] of [
  ['no JSON', '{"type":"pause"'],
  ['nothing', ''],
  ['no object', 'null'],
  ['an unknown message', { type: 'shutdown' }],
  ['an unknown key', { type: 'pause', now: true }],
  ['a key of prototypes', '{"type":"pause","__proto__":{"a":1}}'],
  ['steering beyond the lock', { ...input, steer: 1.01 }],
  ['a pedal pulled out', { ...input, brake: -0.1 }],
  ['a number too large for JSON', JSON.stringify(input).replace('1', '1e999')],
  ['a word for a number', { ...input, accelerate: '1' }],
  ['half a step', { type: 'step', steps: 0.5 }],
  ['a thousand steps', { type: 'step', steps: 1000 }],
  ['a speed backwards', { type: 'speed', factor: -1 }],
  ['a view of another game', { type: 'view', view: 'helicopter' }],
  ['a camera as wide as a house', { ...start, camera: { width: 100_000, height: 64, view: 'road' } }],
  ['a driver with an endless name', { ...start, driver: 'a'.repeat(201) }],
] as const) {
  test(`closes with 1008: ${what}`, (t) => {
    const parsed = parse(value);
    t.is('violation' in parsed && parsed.violation.code, 1008);
  });
}

test('closes with 1003: binary messages', (t) => {
  t.like(parseClientMessage(bytes({ type: 'pause' }), true), { violation: { code: 1003 } });
});

test('closes with 1008: text that is no UTF-8', (t) => {
  t.like(parseClientMessage(Uint8Array.of(0x22, 0xff, 0x22), false), { violation: { code: 1008 } });
});

test('no bytes make it throw, and a reason never repeats what came', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map(bytes)), fc.boolean(), (content, binary) => {
      const parsed = parseClientMessage(content, binary);
      if (!('violation' in parsed)) return false;
      return [1003, 1008].includes(parsed.violation.code) && /^[a-zA-Z8 -]{5,60}$/.test(parsed.violation.reason);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

interface Page {
  readMessage(buffer: ArrayBuffer): Record<string, unknown> & { file?: Blob; rows?: Float32Array };
}
const page = () => import(new URL('../../src/dashboard/page/bytes.js', import.meta.url).href) as Promise<Page>;
const bufferOf = (message: Buffer) => Uint8Array.from(message).buffer;

test('pictures: eight bytes of header, then the file; the page reads what the server writes', async (t) => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 7);
  const message = encodePicture({ kind: 'eyes', width: 192, height: 64, pictures: 3, jpeg });
  t.is(message.toString('hex'), '020003 00c000 4000 ffd807'.replaceAll(' ', ''));
  const { readMessage } = await page();
  const { file, ...read } = readMessage(bufferOf(message));
  t.deepEqual(read, { kind: 'eyes', pictures: 3, width: 192, height: 64 });
  t.deepEqual(new Uint8Array(await file!.arrayBuffer()), jpeg);
});

test('telemetry: twelve bytes of header, then rows of float32; the page reads what the server writes', async (t) => {
  const rows = Float32Array.of(1, -2, Number.NaN, 0.5);
  const message = encodeTelemetry({ session: 7, channels: 2, first: 1500, rows });
  t.is(message.toString('hex'), '0300 0200 07000000 dc050000 0000803f 000000c0 0000c07f 0000003f'.replaceAll(' ', ''));
  const { readMessage } = await page();
  t.deepEqual(readMessage(bufferOf(message)), { kind: 'telemetry', session: 7, channels: 2, first: 1500, rows });
  t.is(readMessage(Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).buffer), undefined as never, 'another version');
});
