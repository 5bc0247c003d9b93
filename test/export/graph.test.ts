import test from 'ava';
import { type TracedGraph, withBatchAxis } from '../../src/export/batch-axis.ts';
import { ExportError, type Graph, type GraphConstant, type GraphNode } from '../../src/export/index.ts';
import { withPlainOperators, withTransposedWeights } from '../../src/export/plain-operators.ts';

const bytesOf = (values: Float32Array | BigInt64Array) => new Uint8Array(values.buffer);
const floats = (name: string, shape: readonly number[], ...values: number[]): GraphConstant => ({
  name,
  type: 'float32',
  shape,
  bytes: bytesOf(Float32Array.from(values)),
});
const integers = (name: string, ...values: number[]): GraphConstant => ({
  name,
  type: 'int64',
  shape: [values.length],
  bytes: bytesOf(BigInt64Array.from(values, BigInt)),
});
const node = (operator: string, inputs: string[], output: string, more: Partial<GraphNode> = {}): GraphNode => ({
  operator,
  domain: '',
  inputs,
  outputs: [output],
  attributes: {},
  ...more,
});

/** A graph for so many rows: x reshaped to rows × 6, and times two. */
function traced(rows: number, change: Partial<Graph<number>> = {}): TracedGraph {
  return {
    rows,
    graph: {
      nodes: [node('Reshape', ['x', 'target'], 'flat'), node('Mul', ['flat', 'two'], 'y')],
      inputs: [{ name: 'x', type: 'uint8', shape: [rows, 2, 3] }],
      outputs: [{ name: 'y', type: 'float32', shape: [rows, 6] }],
      initializers: [integers('target', rows, 6), floats('two', [], 2)],
      ...change,
    },
  };
}

test('the axis of rows is open where two numbers of rows differ', (t) => {
  const graph = withBatchAxis(traced(7), traced(11));
  t.deepEqual(graph.inputs[0]!.shape, ['batch', 2, 3]);
  t.deepEqual(graph.outputs[0]!.shape, ['batch', 6]);
  t.deepEqual(graph.initializers[0], integers('target', -1, 6));
  t.deepEqual(graph.initializers[1], floats('two', [], 2));
  // Another length may be that number by chance.
  t.deepEqual(
    withBatchAxis(traced(7, { initializers: [integers('target', 7, 6), integers('other', 7)] }), {
      ...traced(11),
      graph: { ...traced(11).graph, initializers: [integers('target', 11, 6), integers('other', 7)] },
    }).initializers[1],
    integers('other', 7),
  );
});

for (const [what, one, other] of [
  ['operators', {}, { nodes: [node('Mul', ['x', 'two'], 'y')] }],
  ['numbers', {}, { initializers: [integers('target', 11, 6), floats('two', [], 3)] }],
  ['missing constants', {}, { initializers: [integers('target', 11, 6)] }],
  ['lengths that are not rows', {}, { initializers: [integers('target', 11, 5), floats('two', [], 2)] }],
  ['two open lengths', { initializers: [integers('target', 7, 7)] }, { initializers: [integers('target', 11, 11)] }],
  [
    'rows that something else reads',
    { nodes: [node('Tile', ['x', 'target'], 'y')], initializers: [integers('target', 7, 6)] },
    { nodes: [node('Tile', ['x', 'target'], 'y')], initializers: [integers('target', 11, 6)] },
  ],
  ['outputs without rows', {}, { outputs: [{ name: 'y', type: 'float32', shape: [6] }] }],
  [
    'rows elsewhere',
    { inputs: [{ name: 'x', type: 'uint8', shape: [2, 7] }] },
    { inputs: [{ name: 'x', type: 'uint8', shape: [2, 11] }] },
  ],
] as const) {
  test(`graphs that differ in ${what} are refused`, (t) => {
    t.throws(() => withBatchAxis(traced(7, one), traced(11, other)), { instanceOf: ExportError });
  });
}

test("ONNX Runtime's own product becomes ONNX's, any other of its operators is refused", (t) => {
  const attributes = { transA: 0, transB: 1, alpha: { float: 1 } };
  const fused = node('FusedMatMul', ['w', 'x'], 'y', { domain: 'com.microsoft', attributes });
  const { graph } = traced(7, { nodes: [fused] });
  t.deepEqual(withPlainOperators(graph).nodes, [node('Gemm', ['w', 'x'], 'y', { attributes })]);
  const blocked = { ...graph, nodes: [node('Conv', ['x', 'w'], 'y', { domain: 'com.microsoft.nchwc' })] };
  t.throws(() => withPlainOperators(blocked), {
    instanceOf: ExportError,
    message: /`Conv` of `com\.microsoft\.nchwc`/,
  });
});

test('weights are stored as they are read; what nobody reads is dropped', (t) => {
  const weight = floats('weight', [2, 3], 1, 2, 3, 4, 5, 6);
  const turn = (output: string, perm: number[]) => node('Transpose', ['weight'], output, { attributes: { perm } });
  const { graph } = traced(7, {
    nodes: [turn('a', [1, 0]), turn('b', [1, 0]), node('Transpose', ['x'], 'c'), node('Sum', ['a', 'b', 'c'], 'y')],
    initializers: [weight],
  });
  const plain = withTransposedWeights(graph);
  t.deepEqual(plain.initializers, [{ ...floats('weight.transposed.10', [3, 2], 1, 4, 2, 5, 3, 6) }]);
  t.deepEqual(plain.nodes, [
    node('Transpose', ['x'], 'c'),
    node('Sum', ['weight.transposed.10', 'weight.transposed.10', 'c'], 'y'),
  ]);
  const both = withTransposedWeights({ ...graph, nodes: [turn('a', [1, 0]), node('Sum', ['a', 'weight'], 'y')] });
  t.deepEqual(
    both.initializers.map(({ name }) => name),
    ['weight', 'weight.transposed.10'],
  );
  const filter = floats('weight', [1, 2, 1, 2], 1, 2, 3, 4);
  const filtered = withTransposedWeights({
    ...graph,
    nodes: [turn('a', [3, 2, 0, 1]), node('Sum', ['a'], 'y')],
    initializers: [filter],
  });
  t.deepEqual(filtered.initializers, [floats('weight.transposed.3201', [2, 1, 1, 2], 1, 3, 2, 4)]);
});
