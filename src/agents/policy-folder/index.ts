export { CriticEstimate } from './critic-estimate.ts';
export { LearnedPolicy, loadPolicy } from './learned-policy.ts';
export type { PolicyDescription, Provenance } from './policy-file.ts';
export { type PolicyContent, readPolicyFolder } from './read-policy.ts';
export { writePolicyFolder } from './write-policy.ts';
