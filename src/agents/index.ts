export * from './random/index.ts';
export * from './scripted/index.ts';
