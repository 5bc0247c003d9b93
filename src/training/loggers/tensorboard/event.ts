/**
 * TensorBoard's events as protocol buffers (tensorboard/compat/proto/event.proto and summary.proto). Fields:
 * Event 1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary; Summary 1 value (repeated);
 * Summary.Value 1 tag (string), 2 simple_value (float).
 */
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** The first event of each file. */
export function versionEvent(wallTimeS: number): Uint8Array {
  return Buffer.concat([wallTime(wallTimeS), bytesField(3, Buffer.from('brain.Event:2'))]);
}

/** Figures at one step; each is stored as a float of 32 bits. */
export function scalarsEvent(wallTimeS: number, step: number, values: Readonly<Record<string, number>>): Uint8Array {
  const scalars = Object.entries(values).map(([tag, value]) =>
    bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)])),
  );
  // A number that is 0 is left out, as in every protocol buffer of the third syntax.
  const stepField = step === 0 ? [] : [key(2, VARINT), varint(step)];
  return Buffer.concat([wallTime(wallTimeS), ...stepField, bytesField(5, Buffer.concat(scalars))]);
}

function wallTime(seconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(seconds);
  return Buffer.concat([key(1, FIXED_64), bytes]);
}

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, FIXED_32), bytes]);
}

function bytesField(field: number, content: Buffer): Buffer {
  return Buffer.concat([key(field, BYTES), varint(content.length), content]);
}

const key = (field: number, wireType: number): Buffer => Buffer.of(field * 8 + wireType);

/** A whole number from 0, seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
  return Buffer.from(bytes);
}
