export * from './build.ts';
export * from './model.ts';
export * from './own/index.ts';
export * from './specification.ts';
