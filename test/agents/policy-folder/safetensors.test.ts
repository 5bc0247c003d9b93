import test from 'ava';
import { decodeSafetensors, encodeSafetensors } from '../../../src/agents/policy-folder/safetensors.ts';
import { parseStrictJson } from '../../../src/agents/policy-folder/strict-json.ts';
import { InvalidFileError } from '../../../src/core/errors.ts';

/** `safetensors.numpy.save` of the Python package safetensors 0.8.0, with metadata `{'format': 'pt'}`. */
const FROM_PYTHON =
  'oAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJtdS4wLmJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRh' +
  'X29mZnNldHMiOlswLDhdfSwibXUuMC53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzgsMzJdfX0g' +
  'AAAAPwAAgL4AAIA/AAAAQAAAQEAAAIBAAACgQAAAwEA=';

const tensors = new Map([
  ['mu.0.bias', { shape: [2], data: Float32Array.of(0.5, -0.25) }],
  ['mu.0.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
]);
const bytesOf = (buffer: Buffer) => new Uint8Array(buffer);
const fileOf = (header: string, ...data: number[]) => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return bytesOf(Buffer.concat([length, Buffer.from(header), Buffer.from(Float32Array.from(data).buffer)]));
};

test('a file of the Python package is read, and ours is the same to the byte', (t) => {
  const python = Buffer.from(FROM_PYTHON, 'base64');
  t.deepEqual(decodeSafetensors(bytesOf(python), 'a file'), tensors);
  t.deepEqual(Buffer.concat(encodeSafetensors(tensors, { format: 'pt' })), python);
});

test('what is written is read again, whether the data is aligned or not, also an empty file', (t) => {
  const bytes = bytesOf(Buffer.concat(encodeSafetensors(tensors)));
  t.deepEqual(decodeSafetensors(bytes, 'a file'), tensors);
  const odd = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  t.not((8 + odd.length) % 4, 0);
  t.deepEqual(decodeSafetensors(fileOf(odd, 7), 'a file').get('a')!.data, Float32Array.of(7));
  t.is(decodeSafetensors(bytesOf(Buffer.concat(encodeSafetensors([]))), 'a file').size, 0);
});

test('tensors may be listed in any order, as long as they fill the data', (t) => {
  const header =
    '{"b":{"dtype":"F32","shape":[],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const decoded = decodeSafetensors(fileOf(header, 1, 2), 'a file');
  t.deepEqual([...decoded.get('b')!.data, ...decoded.get('a')!.data], [2, 1]);
});

test('everything else is refused, naming the file', (t) => {
  const entry = (shape: unknown, offsets: unknown, dtype = 'F32') =>
    JSON.stringify({ dtype, shape, data_offsets: offsets });
  const wrong: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [Uint8Array.of(1, 2, 3), /at least 8 bytes, got 3/],
    [bytesOf(Buffer.alloc(8, 255)), /a header within its 8 bytes/],
    [fileOf('[]'), /it does not begin with \{/],
    [fileOf('{"a":'), /sound JSON/],
    [fileOf(`{"a":${entry([1], [0, 4])},"a":${entry([1], [0, 4])}}`, 1), /`a` comes twice/],
    [fileOf(`{"a":${entry([1], [0, 8], 'F64')}}`, 1, 2), /a\.dtype/],
    [fileOf(`{"a":${entry([1], [0, 4])}}`, 1, 2), /4 bytes of data, as its header says, got 8/],
    [fileOf(`{"a":${entry([2], [0, 8])}}`, 1), /`a` at 0 to 8/],
    [fileOf(`{"a":${entry([1], [4, 8])}}`, 1, 2), /`a` at 4 to 8 where 0 was next/],
    [fileOf(`{"a":${entry([2], [0, 8])},"b":${entry([1], [4, 8])}}`, 1, 2), /`b` at 4 to 8 where 8 was next/],
    [fileOf(`{"a":${entry([2], [0, 4])}}`, 1), /4 bytes for each number/],
    [fileOf(`{"a":${entry([-1], [0, 4])}}`, 1), /a\.shape\.0/],
    [fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}', 1), /x/],
    [fileOf('{"__metadata__":{"a":1}}'), /__metadata__\.a/],
  ];
  for (const [bytes, message] of wrong) {
    const error = t.throws(() => decodeSafetensors(bytes, 'some/file'), { instanceOf: InvalidFileError });
    t.regex(error.message, message);
    t.true(error.message.includes('some/file'));
  }
});

test('JSON of a stranger: no key twice, no prototype, no endless nesting', (t) => {
  t.deepEqual(parseStrictJson('{"a":{"b":[{"c":1},{"c":2}]},"b":"\\"a\\": {"}'), {
    a: { b: [{ c: 1 }, { c: 2 }] },
    b: '"a": {',
  });
  for (const [text, message] of [
    ['{"a":1,"b":{"a":2},"a":3}', /the key `a` comes twice/],
    ['{"a":1,"\\u0061" : 2}', /the key `a` comes twice/],
    ['[{"__proto__":{}}]', /__proto__/],
    [`${'['.repeat(40)}${']'.repeat(40)}`, /deeper than 32/],
    ['{"a":1,}', /JSON/],
  ] as const) {
    t.throws(() => parseStrictJson(text), { instanceOf: SyntaxError, message });
  }
});
