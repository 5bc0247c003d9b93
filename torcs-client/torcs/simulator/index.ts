export { TorcsClosedError, TorcsCrashedError, TorcsGameError, TorcsHungError } from './errors.ts';
export type { TorcsSimulatorOptions } from './options.ts';
export { TorcsSimulator } from './torcs-simulator.ts';
