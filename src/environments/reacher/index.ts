export { type CheckedReacherOptions, type ReacherOptions, reacherOptionsSchema } from './options.ts';
export { ReacherEnvironment, type ReacherEnvironmentParts } from './reacher-environment.ts';
