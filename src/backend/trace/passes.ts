import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';

/** Removes nodes and constants that no output needs. */
export function removeDeadNodes(graph: OnnxGraph): void {
  const live = new Set(graph.outputs.map((output) => output.name));
  const kept: OnnxNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => live.has(output))) continue;
    for (const input of node.inputs) live.add(input);
    kept.push(node);
  }
  graph.nodes = kept.reverse();
  const unused = graph.initializers.filter((initializer) => !live.has(initializer.name));
  for (const initializer of unused) graph.initializers.splice(graph.initializers.indexOf(initializer), 1);
}

/** Computes equal things once: a second node of the same operator, operands and attributes becomes the first. */
export function mergeEqualNodes(graph: OnnxGraph): void {
  const renamed = new Map<string, string>();
  const known = new Map<string, OnnxNode>();
  const outputs = new Set(graph.outputs.map((output) => output.name));
  graph.nodes = graph.nodes.filter((node) => {
    node.inputs = node.inputs.map((input) => renamed.get(input) ?? input);
    const key = JSON.stringify([node.operator, node.domain, node.inputs, node.attributes]);
    const first = known.get(key);
    if (first === undefined || node.outputs.some((output) => outputs.has(output))) {
      known.set(key, node);
      return true;
    }
    node.outputs.forEach((output, i) => {
      renamed.set(output, first.outputs[i]!);
    });
    return false;
  });
}
