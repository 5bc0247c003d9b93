import * as tf from '@tensorflow/tfjs-core';

export interface HiddenWeights {
  /** [gates × hidden, hidden]. */
  readonly weight: tf.Tensor;
  /** [hidden]. */
  readonly bias: tf.Tensor | undefined;
}

/** One instant of a recurrent layer. Rows × hidden throughout; what is remembered begins with the layer's output. */
export interface RecurrentCell {
  /** Blocks of `hidden` rows in the kernels. */
  readonly gates: number;
  /** Tensors that are remembered. */
  readonly memories: number;
  /** Whether there is a bias that is added to the hidden state's product, not the input's. */
  readonly hiddenBias: boolean;
  /** Columns of the parts that the inputs' product is wanted in. */
  inputParts(hiddenSize: number): number[];
  step(inputs: readonly tf.Tensor[], memory: readonly tf.Tensor[], hidden: HiddenWeights): readonly tf.Tensor[];
}

const hiddenProduct = (output: tf.Tensor, { weight }: HiddenWeights) =>
  tf.matMul(output as tf.Tensor2D, weight as tf.Tensor2D, false, true);

/**
 * Gated recurrent unit (Cho et al. 2014) in the form of cuDNN and PyTorch, whose reset gate acts on the product:
 *
 *     r = σ(Wr x + Ur h + br)   z = σ(Wz x + Uz h + bz)
 *     n = tanh(Wn x + bn + r (Un h + cn))   h' = n + z (h - n)
 *
 * Rows of the kernels: r, z, n.
 */
const gru: RecurrentCell = {
  gates: 3,
  memories: 1,
  hiddenBias: true,
  inputParts: (hiddenSize) => [2 * hiddenSize, hiddenSize],
  step([gateInputs, candidateInputs], [output], hidden) {
    const size = output!.shape[1]!;
    const [gateProduct, candidateProduct] = tf.split(hiddenProduct(output!, hidden), [2 * size, size], 1);
    const [reset, update] = tf.split(tf.sigmoid(tf.add(gateInputs!, gateProduct!)), 2, 1);
    const remembered = tf.mul(reset!, tf.add(candidateProduct!, hidden.bias!));
    const candidate = tf.tanh(tf.add(candidateInputs!, remembered));
    return [tf.add(candidate, tf.mul(update!, tf.sub(output!, candidate)))];
  },
};

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers et al. 2000):
 *
 *     i, f, o = σ(W x + U h + b)   g = tanh(Wg x + Ug h + bg)   c' = f c + i g   h' = o tanh(c')
 *
 * Rows of the kernels: i, f, o, g. Remembered: h, c.
 */
const lstm: RecurrentCell = {
  gates: 4,
  memories: 2,
  hiddenBias: false,
  inputParts: (hiddenSize) => [4 * hiddenSize],
  step([inputs], [output, cell], hidden) {
    const size = output!.shape[1]!;
    const sum = tf.add(inputs!, hiddenProduct(output!, hidden));
    const [gates, candidate] = tf.split(sum, [3 * size, size], 1);
    const [input, forget, out] = tf.split(tf.sigmoid(gates!), 3, 1);
    const nextCell = tf.add(tf.mul(forget!, cell!), tf.mul(input!, tf.tanh(candidate!)));
    return [tf.mul(out!, tf.tanh(nextCell)), nextCell];
  },
};

export const CELLS = { gru, lstm } as const;
