export * from './codec.ts';
export * from './colours.ts';
export * from './pipeline.ts';
export * from './preprocessor.ts';
export * from './stack.ts';
