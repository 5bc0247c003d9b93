import type { AdamOptions } from '../../core/engine.ts';
import { OPTIMIZER_MODULE } from './optimizer-module.ts';

/** Byte offsets in the optimizer's memory, and the number of floats, a multiple of 4. */
export interface TrainedPlace {
  readonly weights: number;
  readonly gradient: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  readonly length: number;
}

export interface AdamCall {
  readonly options: AdamOptions;
  readonly learningRate: number;
  /** Number of this step, from 1. */
  readonly step: number;
  readonly gradientScale: number;
  /** A target network that moves in the same pass. */
  readonly target?: { readonly weights: number; readonly tau: number };
}

interface Exports {
  adam(...numbers: number[]): void;
  polyak(target: number, weights: number, length: number, tau: number): void;
  add(begin: number, added: number, length: number): void;
  addAndSquare(begin: number, added: number, length: number): number;
  sumOfSquares(begin: number, length: number): number;
}

/** Adam and Polyak averaging in place, by WebAssembly SIMD over the memory that the weights lie in. */
export class Optimizer {
  readonly #exports: Exports;

  constructor(memory: WebAssembly.Memory) {
    const module = new WebAssembly.Module(Buffer.from(OPTIMIZER_MODULE, 'base64'));
    this.#exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
  }

  /**
   * Adam (Kingma and Ba 2015, algorithm 1), with the weight decay and the place of epsilon of PyTorch's `Adam`. The gradient
   * has to be finite: see {@link sumOfSquares}.
   */
  adam(place: TrainedPlace, call: AdamCall): void {
    const { weights, firstMoment, secondMoment, gradient, length } = place;
    const target = call.target?.weights ?? 0;
    this.#exports.adam(weights, firstMoment, secondMoment, gradient, target, length, ...adamCoefficients(call));
  }

  /** Moves `length` numbers at `target` towards those at `weights` by the share tau. */
  polyak(target: number, weights: number, length: number, tau: number): void {
    this.#exports.polyak(target, weights, length, tau);
  }

  /** Adds `length` numbers at `added` to those at `begin`. */
  add(begin: number, added: number, length: number): void {
    this.#exports.add(begin, added, length);
  }

  /** As {@link add}. @returns as {@link sumOfSquares}, of what comes out */
  addAndSquare(begin: number, added: number, length: number): number {
    return this.#exports.addAndSquare(begin, added, length);
  }

  /** Finite where every number is. */
  sumOfSquares(begin: number, length: number): number {
    return this.#exports.sumOfSquares(begin, length);
  }

  /** Nothing to do: the memory is its owner's. */
  dispose(): void {}
}

/** The factors of a step, in the order in which the code that steps takes them. */
export function adamCoefficients({ options, learningRate, step, gradientScale, target }: AdamCall): number[] {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const unbias = Math.sqrt(1 - beta2 ** step);
  return [
    (learningRate * unbias) / (1 - beta1 ** step),
    epsilon * unbias,
    1 - beta1,
    1 - beta2,
    weightDecay,
    gradientScale,
    target?.tau ?? 0,
  ];
}
