export * from './errors.ts';
export type { ScrServerOptions } from './options.ts';
export * from './server.ts';
