export * from './codec.ts';
export * from './preprocessor.ts';
export * from './stack.ts';
