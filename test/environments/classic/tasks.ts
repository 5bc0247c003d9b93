import {
  InvertedPendulumEnvironment,
  type InvertedPendulumEnvironmentParts,
  PendulumEnvironment,
  type PendulumEnvironmentParts,
  ReacherEnvironment,
  type ReacherEnvironmentParts,
} from '../../../src/environments/index.ts';

/** Each classic task: its name on the command line, and how it is made. */
export const TASKS = {
  pendulum: async (parts: PendulumEnvironmentParts = {}) => new PendulumEnvironment(parts),
  'inverted-pendulum': (parts: InvertedPendulumEnvironmentParts = {}) => InvertedPendulumEnvironment.create(parts),
  reacher: (parts: ReacherEnvironmentParts = {}) => ReacherEnvironment.create(parts),
} as const;

export type TaskName = keyof typeof TASKS;

export const TASK_NAMES = Object.keys(TASKS) as TaskName[];
