import {
  InvertedPendulumEnvironment,
  type InvertedPendulumOptions,
  PendulumEnvironment,
  type PendulumOptions,
  ReacherEnvironment,
  type ReacherOptions,
} from '../../../src/environments/index.ts';

/** Each classic task: its name on the command line, and how it is made. */
export const TASKS = {
  pendulum: async (parts: { options?: PendulumOptions } = {}) => new PendulumEnvironment(parts),
  'inverted-pendulum': (parts: { options?: InvertedPendulumOptions } = {}) => InvertedPendulumEnvironment.create(parts),
  reacher: (parts: { options?: ReacherOptions } = {}) => ReacherEnvironment.create(parts),
} as const;

export type TaskName = keyof typeof TASKS;

export const TASK_NAMES = Object.keys(TASKS) as TaskName[];
