export * from './build.ts';
export * from './draw.ts';
export { type GeneratorOptions, generatedName, generateTrack } from './generator.ts';
export * from './library.ts';
export * from './model.ts';
export * from './own/index.ts';
export * from './specification.ts';
export { readTrackFile } from './xml/read-track.ts';
