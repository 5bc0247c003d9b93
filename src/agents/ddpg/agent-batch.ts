import type { Batch } from '../../core/batch.ts';
import type { InputArrays } from '../../core/engine.ts';
import type { BatchReader } from './batch-reader.ts';

/** Names a learner's input arrays as a batch, for a replay buffer to fill. Weights start as 1. */
export function createAgentBatch(reader: BatchReader, inputs: InputArrays): Batch {
  const { shape, rows } = reader;
  // What the learner does not read lies in memory of the batch's own.
  const floats = (name: string) => (inputs[name] as Float32Array | undefined) ?? new Float32Array(rows);
  const { state, nextState, pixels, nextPixels } = inputs;
  const common = {
    ...(state === undefined ? {} : { state: state as Float32Array }),
    ...(pixels === undefined ? {} : { pixels: pixels as Uint8Array }),
    action: floats('action'),
    reward: floats('reward'),
    discount: floats('discount'),
  };
  if (reader.kind === 'sequences') {
    const sequences = { ...shape, sequenceLength: shape.sequenceLength! };
    return { kind: 'sequences', shape: sequences, ...common, mask: floats('mask') };
  }
  floats('weight').fill(1);
  return {
    kind: 'transitions',
    shape,
    ...common,
    ...(nextState === undefined ? {} : { nextState: nextState as Float32Array }),
    ...(nextPixels === undefined ? {} : { nextPixels: nextPixels as Uint8Array }),
    weight: floats('weight'),
  };
}
