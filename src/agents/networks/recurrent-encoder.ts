import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import type { Encoded, Encoder, EncoderReads, Observed, Sequence } from './encoder.ts';
import type { RecurrentSettings } from './encoder-options.ts';
import { uniform } from './initial-weights.ts';
import type { ParameterDeclaration } from './parameters.ts';
import { CELLS, type RecurrentCell } from './recurrent-cells.ts';

const NAME = 'encoder.recurrent';

/**
 * A GRU or LSTM over another encoder's features, and the action before by choice. The layers' products with the inputs
 * of all instants are one matrix product; only what hangs on the hidden state goes instant by instant.
 */
export class RecurrentEncoder implements Encoder {
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly reads: EncoderReads;
  readonly memorySizes: readonly number[];
  readonly #over: Encoder;
  readonly #cell: RecurrentCell;
  readonly #hiddenSize: number;

  constructor({ cell, hiddenSize, previousAction }: RecurrentSettings, over: Encoder, actionSize: number) {
    this.#over = over;
    this.#cell = CELLS[cell];
    this.#hiddenSize = hiddenSize;
    const gates = this.#cell.gates * hiddenSize;
    const inputs = over.outputSize + (previousAction ? actionSize : 0);
    // As PyTorch's GRU and LSTM start.
    const initial = uniform(1 / Math.sqrt(hiddenSize));
    this.parameters = [
      ...over.parameters,
      { name: `${NAME}.input.weight`, shape: [gates, inputs], initial },
      { name: `${NAME}.input.bias`, shape: [gates], initial },
      { name: `${NAME}.hidden.weight`, shape: [gates, hiddenSize], initial },
      ...(this.#cell.hiddenBias ? [{ name: `${NAME}.hidden.bias`, shape: [hiddenSize], initial }] : []),
    ];
    this.outputSize = hiddenSize;
    this.memorySizes = Array.from({ length: this.#cell.memories }, () => hiddenSize);
    this.reads = { ...over.reads, previousAction };
  }

  encode(parameters: Tensors, observed: Observed, { steps, memory }: Sequence): Encoded {
    const { features } = this.#over.encode(parameters, observed, { steps });
    const inputs = this.reads.previousAction ? tf.concat([features, observed.previousAction!], 1) : features;
    const weight = parameters[`${NAME}.input.weight`] as tf.Tensor2D;
    const product = tf.matMul(inputs as tf.Tensor2D, weight, false, true);
    const projected = tf.add(product, parameters[`${NAME}.input.bias`]!);
    const rows = inputs.shape[0]! / steps;
    let now = memory ?? this.memorySizes.map((size) => tf.zeros([rows, size]));
    // Cut by gate, then by instant: each instant finds its parts ready.
    const parts = split(projected, this.#cell.inputParts(this.#hiddenSize), 1).map((part) => split(part, steps, 0));
    const hidden = {
      weight: parameters[`${NAME}.hidden.weight`]!,
      bias: parameters[`${NAME}.hidden.bias`],
    };
    const outputs: tf.Tensor[] = [];
    for (let step = 0; step < steps; step++) {
      now = this.#cell.step(
        parts.map((part) => part[step]!),
        now,
        hidden,
      );
      outputs.push(now[0]!);
    }
    return { features: steps === 1 ? outputs[0]! : tf.concat(outputs, 0), memory: now };
  }
}

/** TensorFlow.js has no gradient of a split into one. */
function split(tensor: tf.Tensor, parts: number | number[], axis: number): tf.Tensor[] {
  const count = typeof parts === 'number' ? parts : parts.length;
  return count === 1 ? [tensor] : tf.split(tensor, parts, axis);
}
