import { z } from 'zod';
import { sizeOf } from '../../core/box.ts';
import { InvalidFileError } from '../../core/errors.ts';
import { parseStrictJson } from './strict-json.ts';

/** A named array of numbers. */
export interface SafeTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Bytes of the length in front of the header. */
const LENGTH_BYTES = 8;
/** Longest header that is read, bytes. */
const LONGEST_HEADER = 1 << 20;
/** The data starts at a multiple of this, so that arrays can be views of the file's bytes. */
const ALIGNMENT = 8;
const METADATA = '__metadata__';

const offset = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(offset).max(8),
  data_offsets: z.tuple([offset, offset]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Tensors in Hugging Face's safetensors format (https://github.com/huggingface/safetensors, "Format"): a header in JSON
 * and raw little-endian numbers, nothing that could be run. In pieces, to be written one after the other.
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: SafeTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [METADATA]: metadata };
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    end += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const head = Buffer.alloc(LENGTH_BYTES + padded, ' ');
  head.writeBigUInt64LE(BigInt(padded));
  json.copy(head, LENGTH_BYTES);
  return [head, ...pieces];
}

/**
 * Reads such a file of float32 tensors, and nothing else: no other types, no gaps, no overlaps, no bytes left over.
 *
 * @param file its name, for messages
 * @returns arrays that are views of `bytes` where they are aligned
 * @throws InvalidFileError naming the file and what is wrong
 */
export function decodeSafetensors(bytes: Uint8Array<ArrayBuffer>, file: string): ReadonlyMap<string, SafeTensor> {
  const start = dataStart(bytes, file);
  const entries = parseHeader(bytes.subarray(LENGTH_BYTES, start), file);
  const available = bytes.length - start;
  const tensors = new Map<string, SafeTensor>();
  let end = 0;
  for (const [name, { shape, data_offsets }] of entries) {
    const [from, to] = data_offsets;
    if (from !== end || to < from || to > available) {
      throw invalid(
        file,
        `tensors that follow each other in its ${available} bytes of data, got \`${name}\` at ${from} to ${to} where ${end} was next`,
      );
    }
    if (sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT !== to - from) {
      throw invalid(file, `4 bytes for each number, got ${to - from} bytes for \`${name}\` of shape [${shape}]`);
    }
    tensors.set(name, { shape, data: floats(bytes, start + from, start + to) });
    end = to;
  }
  if (end !== available) throw invalid(file, `${end} bytes of data, as its header says, got ${available}`);
  return tensors;
}

function dataStart(bytes: Uint8Array, file: string): number {
  if (bytes.length < LENGTH_BYTES) throw invalid(file, `at least ${LENGTH_BYTES} bytes, got ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(LONGEST_HEADER, bytes.length - LENGTH_BYTES))) {
    throw invalid(file, `a header within its ${bytes.length} bytes and up to ${LONGEST_HEADER}, got one of ${length}`);
  }
  return LENGTH_BYTES + Number(length);
}

function parseHeader(bytes: Uint8Array, file: string): [string, z.output<typeof entrySchema>][] {
  let header: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith('{')) throw new SyntaxError('it does not begin with {');
    header = parseStrictJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidFileError(`Expected ${file} to have a header of sound JSON, but ${reason}`, { cause: error });
  }
  const entries: [string, z.output<typeof entrySchema>][] = [];
  for (const [name, value] of Object.entries(header as object)) {
    const schema = name === METADATA ? metadataSchema : entrySchema;
    const result = schema.safeParse(value);
    if (!result.success) {
      const { path, message } = result.error.issues[0]!;
      throw invalid(file, `float32 tensors in its header, but of \`${[name, ...path].join('.')}\`: ${message}`);
    }
    if (name !== METADATA) entries.push([name, result.data as z.output<typeof entrySchema>]);
  }
  return entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
}

function floats(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): Float32Array {
  const at = bytes.byteOffset + from;
  if (at % Float32Array.BYTES_PER_ELEMENT === 0) return new Float32Array(bytes.buffer, at, (to - from) / 4);
  return new Float32Array(bytes.slice(from, to).buffer);
}

function invalid(file: string, expectation: string): InvalidFileError {
  return new InvalidFileError(`Expected ${file} to hold ${expectation}`);
}
