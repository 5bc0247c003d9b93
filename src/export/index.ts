export { BATCH_AXIS, type TracedGraph } from './batch-axis.ts';
export { ExportError } from './errors.ts';
export type { Attribute, ElementType, Graph, GraphConstant, GraphNode, GraphValue } from './graph.ts';
export { type EntryFacts, nextOf, type PictureFacts, POLICY_VALUES, type PolicyFacts } from './policy-metadata.ts';
export { createPolicyModel, type PolicyModel, TRACED_ROWS } from './policy-model.ts';
