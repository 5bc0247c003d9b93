import { z } from 'zod';
import type { Box } from '../../core/environment.ts';
import type { Random } from '../../core/random.ts';
import type { Outcome, Task } from '../classic/task.ts';
import type { Canvas } from '../raster/index.ts';
import { drawPendulum, drawPendulumBackground, PENDULUM_VIEW } from './picture.ts';

/** Constants of Gymnasium's Pendulum-v1: torque N m, speed radians/s, gravity m/s², a rod of 1 kg and 1 m. */
const GREATEST_TORQUE = 2;
const GREATEST_SPEED = 8;
const STEP_S = 0.05;
const GRAVITY = 10;
const MASS = 1;
const LENGTH = 1;
const SPEED_COST = 0.1;
const TORQUE_COST = 0.001;

const ACTION_SPACE: Box = {
  shape: [1],
  low: [-GREATEST_TORQUE],
  high: [GREATEST_TORQUE],
  dtype: 'float32',
  names: ['torque'],
};

const STATE_SPACE: Box = {
  shape: [3],
  low: [-1, -1, -GREATEST_SPEED],
  high: [1, 1, GREATEST_SPEED],
  dtype: 'float32',
  names: ['cos(angle)', 'sin(angle)', 'angularVelocity'],
};

const HIDDEN_VELOCITY_SPACE: Box = {
  shape: [2],
  low: [-1, -1],
  high: [1, 1],
  dtype: 'float32',
  names: ['cos(angle)', 'sin(angle)'],
};

/**
 * A rod on a pivot, too heavy for its motor to lift at once. State: angle from upright, counter-clockwise, radians, not
 * wrapped; angular velocity, radians/s.
 *
 * Equations, reward and initial states: Gymnasium's Pendulum-v1, after OpenAI Gym's Pendulum-v0.
 */
export class PendulumTask implements Task {
  readonly stateSpace: Box;
  readonly actionSpace = ACTION_SPACE;
  readonly stepS = STEP_S;
  readonly stateSchema = z.tuple([z.number(), z.number().min(-GREATEST_SPEED).max(GREATEST_SPEED)]);
  readonly view = PENDULUM_VIEW;
  readonly #hideVelocity: boolean;
  #angle = 0;
  #speed = 0;

  constructor({ hideVelocity }: { readonly hideVelocity: boolean }) {
    this.#hideVelocity = hideVelocity;
    this.stateSpace = hideVelocity ? HIDDEN_VELOCITY_SPACE : STATE_SPACE;
  }

  get state(): number[] {
    return [this.#angle, this.#speed];
  }

  start(random: Random, state: readonly number[] | undefined): void {
    const drawn = [random.between(-Math.PI, Math.PI), random.between(-1, 1)] as const;
    [this.#angle, this.#speed] = (state ?? drawn) as readonly [number, number];
  }

  advance(action: Float32Array): Outcome {
    const torque = action[0]!;
    // Gymnasium gets actions as float32, and NumPy keeps what it makes of them and of constants in float32.
    const torqueCost = Math.fround(Math.fround(TORQUE_COST) * Math.fround(torque * torque));
    const push = Math.fround((3 / (MASS * LENGTH ** 2)) * torque);
    const reward = -(wrap(this.#angle) ** 2 + SPEED_COST * this.#speed ** 2 + torqueCost);
    const pull = ((3 * GRAVITY) / (2 * LENGTH)) * Math.sin(this.#angle);
    const speed = this.#speed + (pull + push) * STEP_S;
    this.#speed = Math.min(GREATEST_SPEED, Math.max(-GREATEST_SPEED, speed));
    this.#angle += this.#speed * STEP_S;
    return { reward };
  }

  observe(): Float32Array {
    const cos = Math.cos(this.#angle);
    const sin = Math.sin(this.#angle);
    return this.#hideVelocity ? Float32Array.of(cos, sin) : Float32Array.of(cos, sin, this.#speed);
  }

  drawBackground(canvas: Canvas): void {
    drawPendulumBackground(canvas);
  }

  draw(canvas: Canvas, action: Float32Array | undefined): void {
    drawPendulum(canvas, this.#angle, (action?.[0] ?? 0) / GREATEST_TORQUE);
  }

  close(): void {}
}

/** The same direction within [-π, π). */
function wrap(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = (angle + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}
