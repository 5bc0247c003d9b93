export * from './clock.ts';
export * from './environment.ts';
export * from './errors.ts';
export * from './frame.ts';
export * from './nearest.ts';
export * from './observer.ts';
export * from './policy.ts';
export * from './random.ts';
