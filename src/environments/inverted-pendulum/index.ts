export { InvertedPendulumEnvironment, type InvertedPendulumEnvironmentParts } from './inverted-pendulum-environment.ts';
export {
  type CheckedInvertedPendulumOptions,
  type InvertedPendulumOptions,
  invertedPendulumOptionsSchema,
} from './options.ts';
