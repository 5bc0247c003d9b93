import { parseOptions } from '../../core/options.ts';
import { ClassicEnvironment, type ClassicEnvironmentParts } from '../classic/classic-environment.ts';
import { type CheckedPendulumOptions, type PendulumOptions, pendulumOptionsSchema } from './options.ts';
import { PendulumTask } from './pendulum-task.ts';

export interface PendulumEnvironmentParts extends ClassicEnvironmentParts {
  readonly options?: PendulumOptions;
}

/**
 * Gymnasium's Pendulum-v1: swing a rod up and hold it there with a motor too weak to lift it at once.
 *
 * - Action: torque, -2 to 2 N m, counter-clockwise.
 * - State: cosine and sine of the angle from upright, angular velocity (-8 to 8 radians/s; left out by `hideVelocity`).
 * - Reward: -(angle² + 0.1 angular velocity² + 0.001 torque²) of the state before the step; at most 0, at least -16.28.
 * - Ends: truncated after 200 steps of 0.05 s; never terminated.
 * - Starts: angle in [-π, π), angular velocity in [-1, 1); or `options.state`: [angle, angular velocity].
 */
export class PendulumEnvironment extends ClassicEnvironment {
  readonly options: CheckedPendulumOptions;

  constructor(parts: PendulumEnvironmentParts = {}) {
    const options = parseOptions(pendulumOptionsSchema, parts.options ?? {}, 'pendulum options');
    super(new PendulumTask(options), parts, options);
    this.options = options;
  }
}
