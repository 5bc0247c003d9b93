export { TorcsClosedError, TorcsCrashedError, TorcsGameError, TorcsHungError } from './errors.ts';
export type { TorcsSimulatorOptions } from './options.ts';
export { driveProofLap } from './prove.ts';
export { TorcsSimulator } from './torcs-simulator.ts';
