import { z } from 'zod';
import type { Box } from '../../core/environment.ts';
import type { Random } from '../../core/random.ts';
import type { Outcome, Task } from '../classic/task.ts';
import type { MujocoSimulation } from '../mujoco/mujoco-simulation.ts';
import type { Canvas } from '../raster/index.ts';
import { ELBOW_LIMIT, FINGER_TIP_BODY, TARGET_BODY, TARGET_LIMIT, TIMESTEP_S } from './model.ts';
import { drawReacher, drawReacherBackground, REACHER_VIEW } from './picture.ts';

/** Steps of MuJoCo for each step of the environment. */
const FRAME_SKIP = 2;
/** Bounds of the initial state: angles, radians; speeds, radians/s; the target's distance from the shoulder, m. */
const START_ANGLE = 0.1;
const START_SPEED = 0.005;
const TARGET_DISTANCE = 0.2;
/** Greatest speed that a caller may start with, radians/s. */
const GREATEST_START_SPEED = 100;

const ACTION_SPACE: Box = {
  shape: [2],
  low: [-1, -1],
  high: [1, 1],
  dtype: 'float32',
  names: ['shoulderTorque', 'elbowTorque'],
};

const STATE_SPACE: Box = {
  shape: [10],
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  dtype: 'float32',
  names: [
    'cos(shoulder)',
    'cos(elbow)',
    'sin(shoulder)',
    'sin(elbow)',
    'targetX',
    'targetY',
    'shoulderVelocity',
    'elbowVelocity',
    'tipFromTargetX',
    'tipFromTargetY',
  ],
};

const speed = z.number().min(-GREATEST_START_SPEED).max(GREATEST_START_SPEED);
const place = z.number().min(-TARGET_LIMIT).max(TARGET_LIMIT);

/** Weights of the reward's two terms. */
export interface ReacherWeights {
  readonly rewardDistanceWeight: number;
  readonly rewardControlWeight: number;
}

/**
 * An arm of two links and a target in its plane. State: angles of shoulder and elbow, radians, counter-clockwise; place
 * of the target, m; angular velocities of shoulder and elbow, radians/s.
 *
 * Reward and initial states: Gymnasium's Reacher-v5.
 */
export class ReacherTask implements Task {
  readonly stateSpace = STATE_SPACE;
  readonly actionSpace = ACTION_SPACE;
  readonly stepS = FRAME_SKIP * TIMESTEP_S;
  readonly stateSchema = z.tuple([
    z.number(),
    z.number().min(-ELBOW_LIMIT).max(ELBOW_LIMIT),
    place,
    place,
    speed,
    speed,
  ]);
  readonly view = REACHER_VIEW;
  readonly #simulation: MujocoSimulation;
  readonly #weights: ReacherWeights;

  /** @param simulation of the model in `model.ts`; closed with the task */
  constructor(simulation: MujocoSimulation, weights: ReacherWeights) {
    this.#simulation = simulation;
    this.#weights = weights;
  }

  get state(): number[] {
    return [...this.#simulation.positions, ...this.#simulation.velocities.subarray(0, 2)];
  }

  start(random: Random, state: readonly number[] | undefined): void {
    const [shoulder, elbow] = [0, 1].map(() => random.between(-START_ANGLE, START_ANGLE)) as [number, number];
    const [targetX, targetY] = drawTarget(random);
    const velocities = [0, 1].map(() => random.between(-START_SPEED, START_SPEED));
    const chosen = state ?? [shoulder, elbow, targetX, targetY, ...velocities];
    this.#simulation.reset(chosen.slice(0, 4), [...chosen.slice(4), 0, 0]);
  }

  advance(action: Float32Array): Outcome {
    this.#simulation.step(action, FRAME_SKIP);
    const { rewardDistanceWeight, rewardControlWeight } = this.#weights;
    const [x, y] = this.#tipFromTarget();
    const rewardDistance = -rewardDistanceWeight * Math.sqrt(x * x + y * y);
    const { fround } = Math;
    // Gymnasium gets actions as float32, and NumPy keeps what it makes of them and of constants in float32.
    const effort = fround(fround(action[0]! ** 2) + fround(action[1]! ** 2));
    const rewardControl = -fround(effort * fround(rewardControlWeight));
    return { reward: rewardDistance + rewardControl, info: { rewardDistance, rewardControl } };
  }

  observe(): Float32Array {
    const [shoulder, elbow, targetX, targetY] = this.#positions();
    const [shoulderSpeed, elbowSpeed] = this.#simulation.velocities as unknown as readonly [number, number];
    return Float32Array.of(
      Math.cos(shoulder),
      Math.cos(elbow),
      Math.sin(shoulder),
      Math.sin(elbow),
      targetX,
      targetY,
      shoulderSpeed,
      elbowSpeed,
      ...this.#tipFromTarget(),
    );
  }

  drawBackground(canvas: Canvas): void {
    drawReacherBackground(canvas);
  }

  draw(canvas: Canvas, action: Float32Array | undefined): void {
    const [shoulder, elbow, targetX, targetY] = this.#positions();
    drawReacher(canvas, { shoulder, elbow, targetX, targetY }, [action?.[0] ?? 0, action?.[1] ?? 0]);
  }

  close(): void {
    this.#simulation.close();
  }

  #positions(): readonly [number, number, number, number] {
    return this.#simulation.positions as unknown as readonly [number, number, number, number];
  }

  /**
   * From target to finger tip, m. Like Gymnasium, from where MuJoCo saw the bodies last: within its step, a hair before
   * the joints' new angles.
   */
  #tipFromTarget(): readonly [number, number] {
    const places = this.#simulation.bodyPlaces;
    return [
      places[3 * FINGER_TIP_BODY]! - places[3 * TARGET_BODY]!,
      places[3 * FINGER_TIP_BODY + 1]! - places[3 * TARGET_BODY + 1]!,
    ];
  }
}

/** Uniform in the disc around the shoulder. */
function drawTarget(random: Random): readonly [number, number] {
  for (;;) {
    const x = random.between(-TARGET_DISTANCE, TARGET_DISTANCE);
    const y = random.between(-TARGET_DISTANCE, TARGET_DISTANCE);
    if (Math.sqrt(x * x + y * y) < TARGET_DISTANCE) return [x, y];
  }
}
