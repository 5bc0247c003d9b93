export { type CheckedPendulumOptions, type PendulumOptions, pendulumOptionsSchema } from './options.ts';
export { PendulumEnvironment, type PendulumEnvironmentParts } from './pendulum-environment.ts';
