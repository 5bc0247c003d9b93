export * from './embedded-simulator.ts';
export * from './embedded-simulator-options.ts';
export * from './embedded-simulator-state.ts';
export * from './query/index.ts';
export * from './race/index.ts';
export * from './sensors/index.ts';
export * from './track/index.ts';
export * from './vehicle/index.ts';
