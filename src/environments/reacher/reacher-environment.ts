import { parseOptions } from '../../core/options.ts';
import { ClassicEnvironment, type ClassicEnvironmentParts } from '../classic/classic-environment.ts';
import { MujocoSimulation } from '../mujoco/mujoco-simulation.ts';
import { REACHER_MODEL } from './model.ts';
import { type CheckedReacherOptions, type ReacherOptions, reacherOptionsSchema } from './options.ts';
import { ReacherTask } from './reacher-task.ts';

export interface ReacherEnvironmentParts extends ClassicEnvironmentParts {
  readonly options?: ReacherOptions;
}

/**
 * Gymnasium's Reacher-v5: bring the finger tip of an arm of two links to a target. Physics: MuJoCo.
 *
 * - Action: torques of shoulder and elbow, -1 to 1 each (200 N m), counter-clockwise.
 * - State: cosines, then sines of shoulder and elbow; place of the target, m; angular velocities, radians/s; finger tip
 *   minus target, m.
 * - Reward: -(distance of tip and target, m) - (sum of the squared torques), after the step; `info.rewardDistance` and
 *   `info.rewardControl` are its terms. An action beyond the bounds counts as the bounds, unlike in Gymnasium.
 * - Ends: truncated after 50 steps of 0.02 s; never terminated.
 * - Starts: both angles in [-0.1, 0.1), angular velocities in [-0.005, 0.005), the target anywhere within 0.2 m; or
 *   `options.state`: [shoulder, elbow, target x, target y, shoulder velocity, elbow velocity].
 */
export class ReacherEnvironment extends ClassicEnvironment {
  readonly options: CheckedReacherOptions;

  private constructor(simulation: MujocoSimulation, parts: ClassicEnvironmentParts, options: CheckedReacherOptions) {
    super(new ReacherTask(simulation, options), parts, options);
    this.options = options;
  }

  /** Loads MuJoCo, a quarter of a second at the first time. Close the environment: its memory is not collected. */
  static async create(parts: ReacherEnvironmentParts = {}): Promise<ReacherEnvironment> {
    const options = parseOptions(reacherOptionsSchema, parts.options ?? {}, 'reacher options');
    const simulation = await MujocoSimulation.load(REACHER_MODEL);
    return new ReacherEnvironment(simulation, parts, options);
  }
}
