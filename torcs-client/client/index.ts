export * from './client.ts';
export * from './errors.ts';
export type { ScrClientOptions } from './options.ts';
export * from './scr-simulator.ts';
export type { ScrEvent, ScrSessionState } from './session.ts';
