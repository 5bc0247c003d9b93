export { ActionScale } from './action-scale.ts';
export { ActorNetwork } from './actor-network.ts';
export { CONVOLUTION_NAME, CONVOLUTION_PRESETS, type ConvolutionLayer } from './convolution.ts';
export { createEncoder } from './create-encoder.ts';
export { CriticNetwork } from './critic-network.ts';
export type { Encoded, Encoder, EncoderReads, Observed, Sequence } from './encoder.ts';
export { type EncoderOptions, type EncoderSettings, encoderSchema, readsPixels } from './encoder-options.ts';
export { initializeGroup, type ParameterDeclaration } from './parameters.ts';
