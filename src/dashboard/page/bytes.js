/** Binary messages of the server; `protocol/binary.ts` describes them. */

const KINDS = { 1: 'camera', 2: 'eyes', 3: 'telemetry' };

/** Reads a message; undefined for one of another version. */
export function readMessage(buffer) {
  const view = new DataView(buffer);
  const kind = KINDS[view.getUint8(0)];
  if (kind === undefined) return undefined;
  if (kind === 'telemetry') {
    const channels = view.getUint16(2, true);
    const count = (buffer.byteLength - 12) / 4;
    const rows = Float32Array.from({ length: count }, (_, i) => view.getFloat32(12 + i * 4, true));
    return { kind, channels, session: view.getUint32(4, true), first: view.getUint32(8, true), rows };
  }
  return {
    kind,
    pictures: view.getUint16(2, true),
    width: view.getUint16(4, true),
    height: view.getUint16(6, true),
    file: new Blob([new Uint8Array(buffer, 8)], { type: 'image/jpeg' }),
  };
}
