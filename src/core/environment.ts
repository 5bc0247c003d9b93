import type { Sensors } from '../../torcs-client/sensors.ts';

/** A bounded array, after Gymnasium's `Box`. A single bound holds for every entry. */
export interface Box {
  readonly shape: readonly number[];
  readonly low: number | readonly number[];
  readonly high: number | readonly number[];
  readonly dtype: 'float32' | 'uint8';
  /** What each entry of a vector means, in order; absent for pictures. */
  readonly names?: readonly string[];
}

/** What an agent sees. */
export interface Observation {
  /** Numbers, scaled for learning. Shape: `observationSpace.state.shape`. */
  readonly state: Float32Array;
  /** Pictures, height × width × channels, a stack's oldest picture first. Shape: `observationSpace.pixels.shape`. */
  readonly pixels?: Uint8Array;
  /** The raw sensors of this instant, for drivers that are programs; learned policies do not read them. */
  readonly sensors?: Sensors;
}

export interface ObservationSpace {
  readonly state: Box;
  readonly pixels?: Box;
}

/** What happened beside the observation; keys are the environment's own and documented there. */
export type StepInfo = Readonly<Record<string, unknown>>;

export interface ResetOptions {
  /** Whole number, 0 to 2^32-1. Left out: the environment's own stream goes on. */
  readonly seed?: number;
  /** What the environment's own documentation allows, such as `track` or `startDistanceM`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface ResetResult {
  readonly observation: Observation;
  readonly info: StepInfo;
}

export interface StepResult extends ResetResult {
  readonly reward: number;
  /** The task itself ended: the value of what follows is 0. */
  readonly terminated: boolean;
  /** The episode was cut, by a time limit or from outside: what follows has a value. */
  readonly truncated: boolean;
}

/** Gymnasium's shape of an environment (Towers et al., 2024), asynchronous because a game may be behind it. */
export interface Environment {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  reset(options?: ResetOptions): Promise<ResetResult>;
  /** @param action of the action space's shape; entries beyond its bounds are clipped, NaN is refused with {@link InvalidArgumentError} */
  step(action: Float32Array): Promise<StepResult>;
  close(): Promise<void>;
}
