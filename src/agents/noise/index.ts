export {
  type ActionNoiseOptions,
  type ActionNoiseSettings,
  actionNoiseSchema,
  createActionNoise,
} from './action-noise.ts';
export { GaussianNoise } from './gaussian-noise.ts';
export type { ActionNoise, NoiseState } from './noise.ts';
export { OrnsteinUhlenbeckNoise, type OrnsteinUhlenbeckOptions } from './ornstein-uhlenbeck-noise.ts';
