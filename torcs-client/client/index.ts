export * from './client.ts';
export { ScrClosedError, ScrNoAnswerError } from './errors.ts';
export * from './events.ts';
export type { ScrClientOptions } from './options.ts';
export * from './scr-simulator.ts';
