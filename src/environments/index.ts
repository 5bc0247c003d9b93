export * from './driving/index.ts';
