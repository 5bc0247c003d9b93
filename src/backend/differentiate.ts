import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of TensorFlow.js's operations, which its core leaves out.
import '@tensorflow/tfjs';
import type { GroupedTensors, Tensors, UpdatePhase } from '../core/engine.ts';
import { InvalidArgumentError } from '../core/errors.ts';

export interface Differentiated {
  readonly loss: tf.Scalar;
  /** By the name of the trained group's parameter. */
  readonly gradients: Tensors;
  readonly outputs: Tensors;
}

/**
 * Runs a phase's loss and takes its gradient: the one way for the eager and the compiled engine. The tensors belong to
 * the caller.
 *
 * @throws InvalidArgumentError when a trained parameter does not enter the loss
 */
export function differentiate(phase: UpdatePhase, parameters: GroupedTensors, inputs: Tensors): Differentiated {
  const trained = parameters[phase.trains]!;
  const names = Object.keys(trained);
  let outputs: Tensors = {};
  const forward = () => {
    const result = phase.loss(parameters, inputs);
    outputs = Object.fromEntries(
      Object.entries(result.outputs ?? {}).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]),
    );
    return result.loss;
  };
  const xs = names.map((name) => trained[name]!);
  const { value, grads } = tf.engine().gradients(forward, xs, null as unknown as tf.Tensor, true);
  const gradients = names.map((name, i) => {
    const gradient = grads[i];
    if (gradient !== undefined && gradient !== null) return [name, gradient] as const;
    throw new InvalidArgumentError(
      `Expected every parameter of the group \`${phase.trains}\` to enter the loss of the phase that trains it, got none of \`${name}\`: leave it out of the group`,
    );
  });
  return { loss: value as tf.Scalar, gradients: Object.fromEntries(gradients), outputs };
}
