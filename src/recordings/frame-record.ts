/** One step as the journal keeps it. `png` is empty when no picture is recorded. */
export interface FrameRecord {
  readonly state: Float32Array;
  readonly sensors: Float32Array;
  readonly action: Float32Array;
  /** Empty when none is recorded. */
  readonly expertAction: Float32Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly tick: number;
  readonly tickTimeS: number;
  readonly png: Uint8Array;
}

export interface FrameSizes {
  readonly state: number;
  readonly sensors: number;
  readonly action: number;
  readonly expertAction: number;
}

const FIXED_BYTES = 1 + 3 * 8;

/** Little-endian: flags, reward, tick, tick time as doubles; state, sensors, action, expert's action as singles; the PNG to the end. */
export function encodeFrame(frame: FrameRecord): Buffer {
  const floats = [frame.state, frame.sensors, frame.action, frame.expertAction];
  const floatBytes = floats.reduce((sum, part) => sum + part.length * 4, 0);
  const bytes = Buffer.allocUnsafe(FIXED_BYTES + floatBytes + frame.png.length);
  bytes[0] = (frame.terminated ? 1 : 0) | (frame.truncated ? 2 : 0);
  bytes.writeDoubleLE(frame.reward, 1);
  bytes.writeDoubleLE(frame.tick, 9);
  bytes.writeDoubleLE(frame.tickTimeS, 17);
  let at = FIXED_BYTES;
  for (const part of floats) for (const value of part) at = bytes.writeFloatLE(value, at);
  bytes.set(frame.png, at);
  return bytes;
}

export function decodeFrame(bytes: Buffer, sizes: FrameSizes): FrameRecord {
  let at = FIXED_BYTES;
  const floats = (count: number): Float32Array => {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++, at += 4) values[i] = bytes.readFloatLE(at);
    return values;
  };
  const state = floats(sizes.state);
  const sensors = floats(sizes.sensors);
  const action = floats(sizes.action);
  const expertAction = floats(sizes.expertAction);
  const flags = bytes[0] ?? 0;
  return {
    state,
    sensors,
    action,
    expertAction,
    reward: bytes.readDoubleLE(1),
    terminated: (flags & 1) !== 0,
    truncated: (flags & 2) !== 0,
    tick: bytes.readDoubleLE(9),
    tickTimeS: bytes.readDoubleLE(17),
    png: bytes.subarray(at),
  };
}
