export * from './client-message.ts';
export * from './control-checks.ts';
export * from './errors.ts';
export { LARGEST_SESSION, type LockstepTag } from './lockstep.ts';
export * from './noise.ts';
export { formatSensors, formatSpecial, LARGEST_STATE_BYTES } from './server-format.ts';
export {
  parseSensors,
  parseServerMessage,
  type ServerMessage,
  type SpecialMessage,
  type SpecialWord,
  type StateMessage,
} from './server-message.ts';
