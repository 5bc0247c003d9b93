import { parseOptions } from '../../core/options.ts';
import { ClassicEnvironment, type ClassicEnvironmentParts } from '../classic/classic-environment.ts';
import { MujocoSimulation } from '../mujoco/mujoco-simulation.ts';
import { InvertedPendulumTask } from './inverted-pendulum-task.ts';
import { INVERTED_PENDULUM_MODEL } from './model.ts';
import {
  type CheckedInvertedPendulumOptions,
  type InvertedPendulumOptions,
  invertedPendulumOptionsSchema,
} from './options.ts';

export interface InvertedPendulumEnvironmentParts extends ClassicEnvironmentParts {
  readonly options?: InvertedPendulumOptions;
}

/**
 * Gymnasium's InvertedPendulum-v5: keep a pole upright on a cart that is pushed along a rail. Physics: MuJoCo.
 *
 * - Action: push, -3 to 3 (100 N each), to the right.
 * - State: place of the cart, m (±1); angle of the pole from upright, clockwise, radians; their velocities.
 * - Reward: 1 for each step after which the pole stands.
 * - Ends: terminated (`fallen`) beyond 0.2 radians, truncated after 1000 steps of 0.04 s.
 * - Starts: each number of the state in [-0.01, 0.01); or `options.state`: those four.
 */
export class InvertedPendulumEnvironment extends ClassicEnvironment {
  readonly options: CheckedInvertedPendulumOptions;

  private constructor(
    simulation: MujocoSimulation,
    parts: ClassicEnvironmentParts,
    options: CheckedInvertedPendulumOptions,
  ) {
    super(new InvertedPendulumTask(simulation), parts, options);
    this.options = options;
  }

  /** Loads MuJoCo, a quarter of a second at the first time. Close the environment: its memory is not collected. */
  static async create(parts: InvertedPendulumEnvironmentParts = {}): Promise<InvertedPendulumEnvironment> {
    const options = parseOptions(invertedPendulumOptionsSchema, parts.options ?? {}, 'inverted pendulum options');
    const simulation = await MujocoSimulation.load(INVERTED_PENDULUM_MODEL);
    return new InvertedPendulumEnvironment(simulation, parts, options);
  }
}
