export * from './client/index.ts';
export * from './controls.ts';
export * from './errors.ts';
export * from './messages/index.ts';
export * from './sensors.ts';
export * from './server/index.ts';
export * from './simulator.ts';
export * from './torcs/index.ts';
