export { Dashboard, type DashboardListener } from './dashboard.ts';
export * from './errors.ts';
export type { DashboardOptions } from './options.ts';
export type { ClientMessage } from './protocol/client-message.ts';
export type * from './protocol/topics.ts';
export type { RawPicture } from './server/picture-encoder.ts';
