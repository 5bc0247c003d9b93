import { crc32c } from './crc32c.ts';

/** Added to a rotated checksum (TensorFlow, core/lib/hash/crc32c.h: `kMaskDelta`), so that files of files keep their sense. */
const MASK_DELTA = 0xa282_ead8;
const HEAD_BYTES = 12;
const FOOT_BYTES = 4;

/**
 * Frames one record of a TFRecord file (TensorFlow, core/lib/io/record_writer.h): its length as 64 bits, the masked
 * CRC-32C of these, the record, and its masked CRC-32C; all little-endian.
 */
export function frameRecord(record: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(HEAD_BYTES + record.length + FOOT_BYTES);
  framed.writeBigUInt64LE(BigInt(record.length), 0);
  framed.writeUInt32LE(maskedChecksum(framed.subarray(0, 8)), 8);
  framed.set(record, HEAD_BYTES);
  framed.writeUInt32LE(maskedChecksum(record), HEAD_BYTES + record.length);
  return framed;
}

function maskedChecksum(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
