import type { z } from 'zod';
import type { Box, StepInfo } from '../../core/environment.ts';
import type { Random } from '../../core/random.ts';
import type { Canvas, View } from '../raster/index.ts';

/** What came of an action. */
export interface Outcome {
  readonly reward: number;
  /** Why the task itself ended; absent while it goes on. */
  readonly ended?: string;
  /** Joins the step's info. */
  readonly info?: StepInfo;
}

/** Physics, reward and pictures of one task: all that {@link ClassicEnvironment} does not do for every one of them. */
export interface Task {
  readonly stateSpace: Box;
  readonly actionSpace: Box;
  /** Simulated time of one step, s. */
  readonly stepS: number;
  /** What `reset` allows as `options.state`: the whole state of the physics, SI units and radians. */
  readonly stateSchema: z.ZodType<number[]>;
  /** The part of the world that pictures show. */
  readonly view: View;
  /** State of the physics, as `reset` takes it; a fresh array. */
  readonly state: number[];
  /** An episode starts, from a random state or from the given one. Draws the same numbers in both cases. */
  start(random: Random, state: readonly number[] | undefined): void;
  /** @param action within the bounds */
  advance(action: Float32Array): Outcome;
  /** A fresh observation of the state. */
  observe(): Float32Array;
  /** What stands still in every picture. */
  drawBackground(canvas: Canvas): void;
  /** @param action to be hinted at; undefined: none */
  draw(canvas: Canvas, action: Float32Array | undefined): void;
  close(): void;
}
