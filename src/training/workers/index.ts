export { createEnvironment, type EnvironmentDescription } from './description.ts';
export { type EnvironmentGroup, InProcessGroup } from './environment-group.ts';
export { WorkerGroup } from './worker-group.ts';
