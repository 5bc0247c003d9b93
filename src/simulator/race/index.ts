export * from './driven-race.ts';
export * from './lap-counter.ts';
export * from './race.ts';
export * from './race-clock.ts';
export * from './race-state.ts';
export * from './slipstream.ts';
export * from './starting-grid.ts';
