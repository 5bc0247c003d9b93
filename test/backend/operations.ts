import * as tf from '@tensorflow/tfjs-core';

type Compute = (...operands: tf.Tensor[]) => tf.Tensor;

export interface OperationCase {
  readonly title: string;
  readonly shapes: readonly (readonly number[])[];
  /** Operands are drawn from these, far from where the operation has a kink. */
  readonly range?: readonly [number, number];
  /** Some operands are near a kink nevertheless: finite differences tell nothing. */
  readonly kinks?: boolean;
  readonly compute: Compute;
}

const positive = [0.4, 1.6] as const;
const matrix = [3, 4] as const;

const unary = (title: string, compute: Compute, range?: readonly [number, number]): OperationCase => ({
  title,
  shapes: [matrix],
  compute,
  ...(range === undefined ? {} : { range }),
});

const binary = (title: string, compute: Compute, range?: readonly [number, number]): OperationCase[] => [
  { title, shapes: [matrix, matrix], compute, ...(range === undefined ? {} : { range }) },
  {
    title: `${title}, a row against a matrix`,
    shapes: [[4], matrix],
    compute,
    ...(range === undefined ? {} : { range }),
  },
  {
    title: `${title}, a matrix and a number`,
    shapes: [matrix, []],
    compute,
    ...(range === undefined ? {} : { range }),
  },
];

const conv = (
  title: string,
  picture: readonly number[],
  filter: readonly number[],
  stride: number | [number, number],
  pad: 'valid' | 'same',
): OperationCase => ({
  title: `conv2d, ${title}`,
  shapes: [picture, filter],
  compute: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
});

/** Operands of comparisons, through which no gradient flows: TensorFlow.js has none for them. */
const left = () => tf.tensor([-1, 0, 2, 3], [1, 4]);
const right = () => tf.tensor([0.5, 0, -2], [3, 1]);

/** Weighs an operand by what a comparison of constants says. */
const comparison = (title: string, compare: () => tf.Tensor): OperationCase => ({
  title,
  shapes: [matrix],
  compute: (x) => tf.mul(tf.cast(compare(), 'float32'), x),
});

const product = (a: tf.Tensor, w: tf.Tensor) => tf.matMul(a as tf.Tensor2D, w as tf.Tensor2D, false, true);

/**
 * Layers so wide that products leave out the zeros that rectifiers make, with an action that comes in everywhere.
 *
 * @param apart every other unit is zero in all rows and the others in none, so that no unit is near its kink
 */
function wideLayers(title: string, rows: number, apart: boolean): OperationCase {
  const moved = (bias: tf.Tensor, by: number) =>
    apart
      ? tf.add(
          bias,
          Float32Array.from({ length: bias.size }, (_, unit) => (unit % 2 === 0 ? by : -by)),
        )
      : bias;
  return {
    title,
    kinks: !apart,
    shapes: [[rows, 20], [64, 20], [64, 3], [64], [52, 64], [52, 3], [52], [3, 52], [3, 3], [3], [1, 52], [rows, 3]],
    range: [-0.3, 0.3],
    compute: (x, w0, a0, b0, w1, a1, b1, w2, a2, b2, w3, action) => {
      const first = tf.relu(tf.add(tf.add(product(x!, w0!), product(action!, a0!)), moved(b0!, 1.5)));
      const second = tf.relu(tf.add(tf.add(product(first, w1!), product(action!, a1!)), moved(b1!, 3)));
      const few = tf.tanh(tf.add(tf.add(product(second, w2!), product(action!, a2!)), b2!));
      const all = tf.mul(few, product(second, w3!));
      // The sum of what is weighted by sines would cancel out otherwise.
      return tf.mul(
        all,
        tf.tensor(
          Float32Array.from({ length: 3 * rows }, (_, i) => Math.sin(1 + i)),
          [rows, 3],
        ),
      );
    },
  };
}

function denseLayers(title: string, rows: number): OperationCase {
  return {
    title,
    shapes: [[rows, 20], [18, 20], [18], [17, 18], [17, 3], [17], [rows, 3]],
    // Not so large that what is small in their sums is lost.
    range: [-0.7, 0.7],
    compute: (x, w1, b1, w2, second, b2, action) => {
      const hidden = tf.relu(tf.add(product(x!, w1!), b1!));
      const both = tf.add(product(hidden, w2!), tf.add(product(action!, second!), b2!));
      const centred = tf.sub(both, tf.mean(both, 1, true));
      // Bare, with another's columns, and as operands on either side of a product.
      const crossed = tf.matMul(tf.tanh(both) as tf.Tensor2D, centred as tf.Tensor2D, true);
      const sums = tf.add(tf.sum(both, 0), tf.sum(hidden, 0, true).slice([0, 0], [1, 17]));
      return tf.add(tf.matMul(both as tf.Tensor2D, crossed as tf.Tensor2D), tf.mul(sums, product(hidden, w2!)));
    },
  };
}

/** Every operation that can be compiled occurs here, forward or in a gradient. */
export const operationCases: readonly OperationCase[] = [
  ...binary('add', (a, b) => tf.add(a, b)),
  ...binary('sub', (a, b) => tf.sub(a, b)),
  ...binary('mul', (a, b) => tf.mul(a, b)),
  ...binary('div', (a, b) => tf.div(a, b), positive),
  { title: 'maximum', shapes: [matrix, matrix], compute: (a, b) => tf.maximum(a, b) },
  { title: 'minimum', shapes: [matrix, matrix], compute: (a, b) => tf.minimum(a, b) },
  { title: 'squaredDifference', shapes: [matrix, matrix], compute: (a, b) => tf.squaredDifference(a, b) },
  unary('pow', (x) => tf.pow(x, 3), positive),
  { title: 'addN', shapes: [matrix, matrix, matrix], compute: (...all) => tf.addN(all) },
  unary('abs', (x) => tf.abs(x)),
  unary('exp', (x) => tf.exp(x)),
  unary('log', (x) => tf.log(x), positive),
  unary('neg', (x) => tf.neg(x)),
  unary('sigmoid', (x) => tf.sigmoid(x)),
  unary('sign', (x) => tf.mul(tf.sign(x), x)),
  unary('sqrt', (x) => tf.sqrt(x), positive),
  unary('rsqrt', (x) => tf.rsqrt(x), positive),
  unary('reciprocal', (x) => tf.reciprocal(x), positive),
  unary('square', (x) => tf.square(x)),
  unary('tanh', (x) => tf.tanh(x)),
  unary('relu', (x) => tf.relu(x)),
  unary('step', (x) => tf.mul(tf.step(x), x)),
  unary('clipByValue', (x) => tf.clipByValue(x, -0.5, 0.5)),
  unary('onesLike and zerosLike', (x) => tf.add(tf.mul(tf.onesLike(x), x), tf.zerosLike(x))),
  unary('clone', (x) => tf.clone(x)),
  { title: 'where', shapes: [matrix, matrix], compute: (a, b) => tf.where(tf.less(left(), right()), a, b) },
  comparison('greater', () => tf.greater(left(), right())),
  comparison('greaterEqual', () => tf.greaterEqual(left(), right())),
  comparison('less', () => tf.less(left(), right())),
  comparison('lessEqual', () => tf.lessEqual(left(), right())),
  comparison('equal', () => tf.equal(left(), right())),
  comparison('logicalAnd, logicalOr, logicalNot', () => {
    const [a, b] = [tf.less(left(), right()), tf.equal(left(), right())];
    return tf.logicalOr(tf.logicalAnd(a, tf.logicalNot(b)), tf.greater(left(), 1));
  }),
  comparison('cast to whole numbers and back', () => tf.cast(tf.mul(left(), 1.7), 'int32')),
  unary('reshape', (x) => tf.reshape(x, [2, 6])),
  unary('expandDims', (x) => tf.expandDims(x, 1)),
  unary('transpose', (x) => tf.transpose(x)),
  { title: 'transpose of pictures', shapes: [[2, 3, 4, 5]], compute: (x) => tf.square(tf.transpose(x, [0, 2, 3, 1])) },
  { title: 'concat', shapes: [matrix, [3, 2]], compute: (a, b) => tf.concat([a, b], 1) },
  unary('split', (x) => tf.add(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor]))),
  unary('slice', (x) => tf.slice(x, [1, 1], [2, 2])),
  unary('pad', (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  ),
  unary('tile', (x) => tf.tile(x, [2, 3])),
  { title: 'stack', shapes: [matrix, matrix], compute: (a, b) => tf.stack([a, b], 1) },
  unary('unstack', (x) => tf.mul(...(tf.unstack(x, 0).slice(0, 2) as [tf.Tensor, tf.Tensor]))),
  unary('fill', (x) => tf.mul(x, tf.fill([3, 4], 2))),
  unary('sum of all', (x) => tf.sum(x)),
  unary('sum over an axis', (x) => tf.sum(x, 1)),
  unary('mean', (x) => tf.mean(x, 0, true)),
  unary('max', (x) => tf.max(x, 1)),
  unary('min', (x) => tf.min(x, 1)),
  ...([false, true] as const).flatMap((transposeA) =>
    ([false, true] as const).map(
      (transposeB): OperationCase => ({
        title: `matMul, transposed ${transposeA}, ${transposeB}`,
        shapes: [transposeA ? [4, 3] : [3, 4], transposeB ? [5, 4] : [4, 5]],
        compute: (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB),
      }),
    ),
  ),
  denseLayers('dense layers whose values lie column by column', 9),
  denseLayers('dense layers of more rows than a vector has places', 19),
  wideLayers('wide layers of a few rows', 17, false),
  wideLayers('wide layers', 26, false),
  wideLayers('wide layers whose units are on or off', 26, true),
  {
    title: 'dense layers down to one number for each row, and back',
    shapes: [[18, 5], [17, 5], [17], [1, 17], [1], [16, 1]],
    compute: (x, w1, b1, w2, b2, w3) => {
      const one = tf.add(product(tf.relu(tf.add(product(x!, w1!), b1!)), w2!), b2!);
      return tf.add(product(tf.relu(one), w3!), tf.mul(product(one, w3!), one));
    },
  },
  conv('few channels', [2, 5, 6, 3], [3, 3, 3, 4], 1, 'valid'),
  conv('blocks', [1, 5, 5, 16], [3, 3, 16, 16], 1, 'valid'),
  conv('blocks, around', [1, 4, 4, 16], [3, 3, 16, 16], 1, 'same'),
  conv('channels between blocks', [1, 5, 5, 9], [3, 3, 9, 16], 2, 'valid'),
  conv('many channels between blocks', [1, 4, 4, 18], [3, 3, 18, 16], 1, 'valid'),
  conv('strides that leave a rest', [1, 6, 7, 3], [3, 3, 3, 4], 2, 'valid'),
  conv('strides, around', [1, 6, 5, 2], [3, 3, 2, 4], [2, 1], 'same'),
  {
    title: 'conv2d, bias, relu, conv2d',
    shapes: [[2, 6, 6, 3], [3, 3, 3, 16], [16], [2, 2, 16, 16], [16]],
    compute: (x, w1, b1, w2, b2) => {
      const hidden = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, w1 as tf.Tensor4D, 1, 'valid'), b1!));
      return tf.relu(tf.add(tf.conv2d(hidden as tf.Tensor4D, w2 as tf.Tensor4D, 1, 'valid'), b2!));
    },
  },
];
