export * from './body.ts';
export * from './car.ts';
export * from './car1-trb1.ts';
export * from './constants.ts';
export * from './specification.ts';
