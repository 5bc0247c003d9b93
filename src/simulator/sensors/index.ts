export * from './corridor.ts';
export * from './focus.ts';
export * from './opponents.ts';
export * from './range-finders.ts';
export * from './sensor-reader.ts';
