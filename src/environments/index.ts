export * from './classic/index.ts';
export * from './driving/index.ts';
export { ResetNeededError } from './errors.ts';
export * from './inverted-pendulum/index.ts';
export * from './pendulum/index.ts';
export * from './reacher/index.ts';
