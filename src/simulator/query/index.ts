export * from './compiled-track.ts';
export * from './piece.ts';
export * from './place.ts';
export * from './road-height.ts';
export * from './track-position.ts';
