import { z } from 'zod';
import type { Box } from '../../core/environment.ts';
import type { Random } from '../../core/random.ts';
import type { Outcome, Task } from '../classic/task.ts';
import type { MujocoSimulation } from '../mujoco/mujoco-simulation.ts';
import type { Canvas } from '../raster/index.ts';
import { GREATEST_CONTROL, RAIL_HALF_LENGTH, TIMESTEP_S } from './model.ts';
import { drawInvertedPendulum, drawInvertedPendulumBackground, INVERTED_PENDULUM_VIEW } from './picture.ts';

/** Steps of MuJoCo for each step of the environment. */
const FRAME_SKIP = 2;
/** Terminates beyond this angle, radians. */
const GREATEST_ANGLE = 0.2;
/** Bounds of each number of the initial state. */
const START_NOISE = 0.01;
/** Greatest speed that a caller may start with, m/s or radians/s. */
const GREATEST_START_SPEED = 100;

const ACTION_SPACE: Box = {
  shape: [1],
  low: [-GREATEST_CONTROL],
  high: [GREATEST_CONTROL],
  dtype: 'float32',
  names: ['force'],
};

const STATE_SPACE: Box = {
  shape: [4],
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  dtype: 'float32',
  names: ['cartPosition', 'poleAngle', 'cartVelocity', 'poleAngularVelocity'],
};

const speed = z.number().min(-GREATEST_START_SPEED).max(GREATEST_START_SPEED);

/**
 * A pole on a cart on a rail. State: place of the cart, m; angle of the pole from upright, clockwise, radians; and their
 * velocities.
 *
 * Reward, end and initial states: Gymnasium's InvertedPendulum-v5.
 */
export class InvertedPendulumTask implements Task {
  readonly stateSpace = STATE_SPACE;
  readonly actionSpace = ACTION_SPACE;
  readonly stepS = FRAME_SKIP * TIMESTEP_S;
  readonly stateSchema = z.tuple([
    z.number().min(-RAIL_HALF_LENGTH).max(RAIL_HALF_LENGTH),
    z
      .number()
      .min(-Math.PI / 2)
      .max(Math.PI / 2),
    speed,
    speed,
  ]);
  readonly view = INVERTED_PENDULUM_VIEW;
  readonly #simulation: MujocoSimulation;

  /** @param simulation of the model in `model.ts`; closed with the task */
  constructor(simulation: MujocoSimulation) {
    this.#simulation = simulation;
  }

  get state(): number[] {
    return [...this.#simulation.positions, ...this.#simulation.velocities];
  }

  start(random: Random, state: readonly number[] | undefined): void {
    const drawn = Array.from({ length: 4 }, () => random.between(-START_NOISE, START_NOISE));
    const chosen = state ?? drawn;
    this.#simulation.reset(chosen.slice(0, 2), chosen.slice(2));
  }

  advance(action: Float32Array): Outcome {
    this.#simulation.step(action, FRAME_SKIP);
    const angle = this.#simulation.positions[1]!;
    const stands = Math.abs(angle) <= GREATEST_ANGLE && this.state.every(Number.isFinite);
    return stands ? { reward: 1 } : { reward: 0, ended: 'fallen' };
  }

  observe(): Float32Array {
    const observation = new Float32Array(4);
    observation.set(this.#simulation.positions);
    observation.set(this.#simulation.velocities, 2);
    return observation;
  }

  drawBackground(canvas: Canvas): void {
    drawInvertedPendulumBackground(canvas);
  }

  draw(canvas: Canvas, action: Float32Array | undefined): void {
    const [cart, angle] = this.#simulation.positions as unknown as readonly [number, number];
    drawInvertedPendulum(canvas, cart, angle, (action?.[0] ?? 0) / GREATEST_CONTROL);
  }

  close(): void {
    this.#simulation.close();
  }
}
