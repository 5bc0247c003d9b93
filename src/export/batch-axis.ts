import { ExportError } from './errors.ts';
import type { Graph, GraphConstant, GraphNode, GraphValue } from './graph.ts';

/** A graph that was recorded for so many rows. */
export interface TracedGraph {
  readonly rows: number;
  readonly graph: Graph<number>;
}

/** Name of the axis of rows. */
export const BATCH_AXIS = 'batch';

/**
 * One graph for any number of rows, from the same function's graphs for two numbers of rows: what differs between them
 * are lengths of the axis of rows, and nothing else may. In the targets of `Reshape` that length becomes -1, which ONNX
 * fills in.
 *
 * @throws ExportError when the graphs differ in anything else
 */
export function withBatchAxis(one: TracedGraph, other: TracedGraph): Graph {
  const { graph } = one;
  if (!isDeepEqual(graph.nodes, other.graph.nodes)) {
    throw new ExportError('Expected the same operators for every number of rows, got others');
  }
  return {
    nodes: graph.nodes,
    inputs: graph.inputs.map((value, i) => openValue(value, other.graph.inputs[i], one.rows, other.rows)),
    outputs: graph.outputs.map((value, i) => openValue(value, other.graph.outputs[i], one.rows, other.rows)),
    initializers: joinConstants(one, other),
  };
}

function openValue(
  value: GraphValue<number>,
  twin: GraphValue<number> | undefined,
  rows: number,
  otherRows: number,
): GraphValue {
  const fits =
    twin?.name === value.name &&
    twin.shape.length === value.shape.length &&
    value.shape[0] === rows &&
    twin.shape[0] === otherRows &&
    value.shape.every((length, axis) => axis === 0 || length === twin.shape[axis]);
  if (fits) return { ...value, shape: [BATCH_AXIS, ...value.shape.slice(1)] };
  throw new ExportError(
    `Expected \`${value.name}\` to have rows as its first axis only, got shapes [${value.shape}] and [${twin?.shape}]`,
  );
}

function joinConstants(one: TracedGraph, other: TracedGraph): GraphConstant[] {
  const twins = new Map(other.graph.initializers.map((constant) => [constant.name, constant]));
  const { nodes } = one.graph;
  return one.graph.initializers.map((constant) => {
    const twin = twins.get(constant.name);
    const isAlike = twin?.type === constant.type && isDeepEqual(constant.shape, twin.shape);
    if (isAlike && Buffer.compare(constant.bytes, twin.bytes) === 0) return constant;
    if (isAlike && isReshapeTarget(constant, nodes)) {
      const lengths = integersOf(constant);
      const otherLengths = integersOf(twin);
      const open = lengths.map((length, axis) =>
        length === BigInt(one.rows) && otherLengths[axis] === BigInt(other.rows) ? -1n : length,
      );
      const isOnly = open.filter((length) => length === -1n).length === 1;
      if (isOnly && open.every((length, axis) => length === -1n || length === otherLengths[axis])) {
        return { ...constant, bytes: new Uint8Array(open.buffer) };
      }
    }
    throw new ExportError(
      `Expected the same constants for every number of rows, got others in \`${constant.name}\` of shape [${constant.shape}]`,
    );
  });
}

function isReshapeTarget({ name, type }: GraphConstant, nodes: readonly GraphNode[]): boolean {
  const readers = nodes.filter(({ inputs }) => inputs.includes(name));
  return type === 'int64' && readers.every(({ operator, inputs }) => operator === 'Reshape' && inputs[1] === name);
}

function integersOf({ bytes }: GraphConstant): BigInt64Array {
  return new BigInt64Array(bytes.slice().buffer);
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
