export * from './clone/index.ts';
export * from './ddpg/index.ts';
export {
  CONVOLUTION_PRESETS,
  type ConvolutionLayer,
  type EncoderOptions,
  type EncoderSettings,
  encoderSchema,
  readsPixels,
} from './networks/index.ts';
export {
  type ActionNoise,
  type ActionNoiseOptions,
  GaussianNoise,
  type NoiseState,
  OrnsteinUhlenbeckNoise,
  type OrnsteinUhlenbeckOptions,
} from './noise/index.ts';
export * from './policy-folder/index.ts';
export * from './random/index.ts';
export * from './scripted/index.ts';
