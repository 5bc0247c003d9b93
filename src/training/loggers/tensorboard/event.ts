import { ProtobufWriter } from '../../../core/protobuf.ts';

/**
 * TensorBoard's events as protocol buffers (tensorboard/compat/proto/event.proto and summary.proto). Fields:
 * Event 1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary; Summary 1 value (repeated);
 * Summary.Value 1 tag (string), 2 simple_value (float).
 */

/** The first event of each file. */
export function versionEvent(wallTimeS: number): Uint8Array {
  return new ProtobufWriter().double(1, wallTimeS).bytes(3, 'brain.Event:2').finish();
}

/** Figures at one step; each is stored as a float of 32 bits. */
export function scalarsEvent(wallTimeS: number, step: number, values: Readonly<Record<string, number>>): Uint8Array {
  const summary = new ProtobufWriter();
  for (const [tag, value] of Object.entries(values)) {
    summary.bytes(1, new ProtobufWriter().bytes(1, tag).float(2, value));
  }
  const event = new ProtobufWriter().double(1, wallTimeS);
  // A number that is 0 is left out, as in every protocol buffer of the third syntax.
  if (step !== 0) event.integer(2, step);
  return event.bytes(5, summary).finish();
}
