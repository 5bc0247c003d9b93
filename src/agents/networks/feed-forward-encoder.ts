import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { CONVOLUTION_NAME, CONVOLUTION_PRESETS, Convolutions } from './convolution.ts';
import { Dense, type HiddenLayers, HiddenStack } from './dense.ts';
import type { Encoded, Encoder, EncoderReads, Observed } from './encoder.ts';
import type { ConvSettings, MlpSettings } from './encoder-options.ts';
import type { ParameterDeclaration } from './parameters.ts';
import type { StateNormalization } from './state-normalization.ts';

/** What encoders are built on. */
export interface EncoderParts {
  readonly hidden: HiddenLayers;
  /** Entries of the state. */
  readonly stateSize: number;
  /** Their names, where they have any. */
  readonly stateNames?: readonly string[];
  readonly normalizeState: StateNormalization;
  /** Height, width, channels; absent: there are no pixels. */
  readonly pictureShape?: readonly [number, number, number];
}

const NAME = 'encoder.dense';

/** The state, through dense layers if there are any. */
export class MlpEncoder implements Encoder {
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly reads: EncoderReads = { state: true, pixels: false, previousAction: false };
  readonly memorySizes: readonly number[] = [];
  readonly #normalizeState: StateNormalization;
  readonly #stack: HiddenStack;

  constructor(settings: MlpSettings, parts: EncoderParts) {
    this.#normalizeState = parts.normalizeState;
    this.#stack = new HiddenStack(NAME, parts.stateSize, settings.hidden, parts.hidden);
    this.parameters = this.#stack.parameters;
    this.outputSize = this.#stack.outputSize;
  }

  encode(parameters: Tensors, { state }: Observed): Encoded {
    return { features: this.#stack.apply(parameters, this.#normalizeState(state!)), memory: [] };
  }
}

/** The pixels through convolutions, then dense layers if there are any; the state appended by choice. */
export class ConvEncoder implements Encoder {
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly reads: EncoderReads;
  readonly memorySizes: readonly number[] = [];
  readonly #normalizeState: StateNormalization;
  /** Places in the state of what is read of it; undefined: all of it is read, or nothing. */
  readonly #entries: readonly number[] | undefined;
  readonly #stateSize: number;
  readonly #convolutions: Convolutions;
  readonly #stack: HiddenStack;
  readonly #trunk: Dense | undefined;

  constructor(settings: ConvSettings, parts: EncoderParts) {
    const { filters, normalizePictures, dense, trunk, state } = settings;
    const { initialWeights } = parts.hidden;
    const layers = typeof filters === 'string' ? CONVOLUTION_PRESETS[filters] : filters;
    this.#normalizeState = parts.normalizeState;
    this.#convolutions = new Convolutions(parts.pictureShape!, { layers, normalizePictures, initialWeights });
    this.#stack = new HiddenStack(NAME, this.#convolutions.outputSize, dense, parts.hidden);
    if (trunk !== null) {
      const inputs = this.#stack.outputSize;
      const options = { name: 'encoder.trunk', inputs, outputs: trunk, layerNorm: true } as const;
      this.#trunk = new Dense({ ...options, activation: 'tanh', initialWeights });
    }
    this.parameters = [...this.#convolutions.parameters, ...this.#stack.parameters, ...(this.#trunk?.parameters ?? [])];
    this.#entries = typeof state === 'boolean' ? undefined : state.map((name) => placeOf(name, parts.stateNames ?? []));
    this.#stateSize = parts.stateSize;
    this.reads = { state: state !== false, pixels: true, previousAction: false };
    this.outputSize =
      (trunk ?? this.#stack.outputSize) + (this.reads.state ? (this.#entries?.length ?? parts.stateSize) : 0);
  }

  encode(parameters: Tensors, observed: Observed): Encoded {
    const dense = this.#stack.apply(parameters, this.#convolve(parameters, observed));
    const features = this.#trunk?.apply(parameters, dense) ?? dense;
    if (!this.reads.state) return { features, memory: [] };
    return { features: tf.concat([features, this.#select(this.#normalizeState(observed.state!))], 1), memory: [] };
  }

  /** The entries that are read, as a product with a matrix of zeros and ones. */
  #select(state: tf.Tensor): tf.Tensor {
    if (this.#entries === undefined) return state;
    const columns = this.#entries.length;
    const chosen = new Float32Array(this.#stateSize * columns);
    this.#entries.forEach((entry, column) => {
      chosen[entry * columns + column] = 1;
    });
    return tf.matMul(state as tf.Tensor2D, tf.tensor2d(chosen, [this.#stateSize, columns]));
  }

  #convolve(parameters: Tensors, { pixels, convolved }: Observed): tf.Tensor {
    const key = parameters[`${CONVOLUTION_NAME}.0.weight`]!;
    const known = convolved.get(key);
    if (known !== undefined) return known;
    const features = this.#convolutions.apply(parameters, pixels!);
    convolved.set(key, features);
    return features;
  }
}

function placeOf(name: string, names: readonly string[]): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new InvalidArgumentError(
    `Expected names of entries of the state for \`state\` of a \`conv\` encoder, got ${name}; there are ${names.join(', ') || 'none'}`,
  );
}
