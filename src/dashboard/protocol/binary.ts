/**
 * Binary messages to viewers, little-endian.
 *
 * - A picture: kind (1 camera, 2 what the network sees), format (0 JPEG), pictures side by side (uint16), width and
 *   height (uint16 each) of the whole, then the file.
 * - Telemetry: kind 3, 0, channels (uint16), session (uint32), number of the first row in the session (uint32), then
 *   rows × channels float32. NaN: no value.
 */
export const BINARY_KIND = { camera: 1, eyes: 2, telemetry: 3 } as const;

const PICTURE_HEADER = 8;
const TELEMETRY_HEADER = 12;

export interface EncodedPicture {
  readonly kind: 'camera' | 'eyes';
  readonly width: number;
  readonly height: number;
  /** Pictures side by side, the oldest on the left. */
  readonly pictures: number;
  readonly jpeg: Uint8Array;
}

export function encodePicture({ kind, width, height, pictures, jpeg }: EncodedPicture): Buffer {
  const bytes = Buffer.allocUnsafe(PICTURE_HEADER + jpeg.length);
  bytes[0] = BINARY_KIND[kind];
  bytes[1] = 0;
  bytes.writeUInt16LE(pictures, 2);
  bytes.writeUInt16LE(width, 4);
  bytes.writeUInt16LE(height, 6);
  bytes.set(jpeg, PICTURE_HEADER);
  return bytes;
}

export interface TelemetryRows {
  readonly session: number;
  readonly channels: number;
  /** Number of the first row in its session, from 0. */
  readonly first: number;
  /** Rows × channels. */
  readonly rows: Float32Array;
}

export function encodeTelemetry({ session, channels, first, rows }: TelemetryRows): Buffer {
  const bytes = Buffer.allocUnsafe(TELEMETRY_HEADER + rows.length * 4);
  bytes[0] = BINARY_KIND.telemetry;
  bytes[1] = 0;
  bytes.writeUInt16LE(channels, 2);
  bytes.writeUInt32LE(session >>> 0, 4);
  bytes.writeUInt32LE(first >>> 0, 8);
  for (let i = 0; i < rows.length; i++) bytes.writeFloatLE(rows[i]!, TELEMETRY_HEADER + i * 4);
  return bytes;
}
