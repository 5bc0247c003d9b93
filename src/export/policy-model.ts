import { type TracedGraph, withBatchAxis } from './batch-axis.ts';
import type { Graph } from './graph.ts';
import { encodeOnnxFile } from './onnx-file.ts';
import { withPlainOperators, withTransposedWeights } from './plain-operators.ts';
import { describeValues, type PolicyFacts, policyMetadata } from './policy-metadata.ts';

/** Numbers of rows that a policy is traced for: large primes, so that no other length is one of them by chance. */
export const TRACED_ROWS = [7907, 7919] as const;

export interface PolicyModel {
  /** The bytes of an ONNX file. */
  readonly bytes: Uint8Array;
  readonly graph: Graph;
}

/**
 * A policy as an ONNX model that any runtime runs: ONNX's own operators, any number of rows, weights and preprocessing
 * inside, and what it needs to be used as metadata.
 *
 * @param traces its graph, weights as constants, for two numbers of rows
 * @throws ExportError when the graph cannot be written so
 */
export function createPolicyModel(
  traces: readonly [TracedGraph, TracedGraph],
  facts: PolicyFacts,
  version: string,
): PolicyModel {
  const graph = withTransposedWeights(withPlainOperators(withBatchAxis(...traces)));
  const bytes = encodeOnnxFile({
    graph,
    name: 'policy',
    producer: { name: 'torcs-pilot', version },
    documentation: `${facts.name}: a policy of torcs-pilot; observations in, actions out. The metadata tell what each number is.`,
    valueDocumentation: describeValues(graph, facts),
    metadata: policyMetadata(graph, facts),
  });
  return { bytes, graph };
}
