import { ExportError } from './errors.ts';
import type { Graph, GraphConstant, GraphNode } from './graph.ts';

/**
 * The same graph in ONNX's own operators only, so that any runtime runs it: ONNX Runtime's `FusedMatMul` becomes a `Gemm`.
 *
 * @throws ExportError when there is another operator that is not ONNX's
 */
export function withPlainOperators<Axis>(graph: Graph<Axis>): Graph<Axis> {
  return { ...graph, nodes: graph.nodes.map(plainNode) };
}

function plainNode(node: GraphNode): GraphNode {
  if (node.domain === '') return node;
  if (node.domain === 'com.microsoft' && node.operator === 'FusedMatMul') {
    const { transA, transB, alpha } = node.attributes;
    return { ...node, domain: '', operator: 'Gemm', attributes: { transA: transA!, transB: transB!, alpha: alpha! } };
  }
  throw new ExportError(`Expected operators of ONNX, got \`${node.operator}\` of \`${node.domain}\``);
}

/** The same graph with the weights stored as its operators want them, instead of transposed at every run. */
export function withTransposedWeights<Axis>(graph: Graph<Axis>): Graph<Axis> {
  const constants = new Map(graph.initializers.map((constant) => [constant.name, constant]));
  const renamed = new Map<string, string>();
  const turned: GraphConstant[] = [];
  const nodes = graph.nodes.filter(({ operator, inputs, outputs, attributes }) => {
    const constant = operator === 'Transpose' ? constants.get(inputs[0]!) : undefined;
    if (constant?.type !== 'float32') return true;
    const permutation = attributes['perm'] as readonly number[];
    const name = `${constant.name}.transposed.${permutation.join('')}`;
    renamed.set(outputs[0]!, name);
    if (!turned.some((known) => known.name === name)) turned.push(transposed(constant, permutation, name));
    return false;
  });
  const read = nodes.map((node) => ({ ...node, inputs: node.inputs.map((input) => renamed.get(input) ?? input) }));
  const used = new Set(read.flatMap(({ inputs }) => inputs));
  const kept = graph.initializers.filter(({ name }) => used.has(name));
  return { ...graph, nodes: read, initializers: [...kept, ...turned] };
}

function transposed(constant: GraphConstant, permutation: readonly number[], name: string): GraphConstant {
  const { shape } = constant;
  const from = new Float32Array(constant.bytes.slice().buffer);
  const into = new Float32Array(from.length);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const newShape = permutation.map((axis) => shape[axis]!);
  const steps = permutation.map((axis) => strides[axis]!);
  const place = newShape.map(() => 0);
  for (let i = 0; i < into.length; i++) {
    into[i] = from[place.reduce((offset, index, axis) => offset + index * steps[axis]!, 0)]!;
    for (let axis = place.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      if (place[axis]! < newShape[axis]!) break;
      place[axis] = 0;
    }
  }
  return { ...constant, name, shape: newShape, bytes: new Uint8Array(into.buffer) };
}
