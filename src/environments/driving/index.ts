export { ACTION_KINDS, ACTION_SPACES, type ActionKind } from './actions.ts';
export { DrivingEnvironment, type DrivingEnvironmentParts, type DrivingInfo } from './driving-environment.ts';
export { type CheckedDrivingOptions, type DrivingOptions, drivingOptionsSchema } from './options.ts';
export { REWARD_KINDS, type RewardKind } from './rewards.ts';
export {
  STATE_ENTRY_NAMES,
  STATE_SELECTION_NAMES,
  StateEncoder,
  type StateEntryName,
  type StateSelectionName,
} from './state.ts';
export type { EndReason, TerminationReason, TruncationReason } from './termination.ts';
