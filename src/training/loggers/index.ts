export { ConsoleLogger, type ConsoleLoggerOptions } from './console.ts';
export { CurveLogger } from './curve.ts';
export { JsonLinesLogger } from './json-lines.ts';
export { TensorBoardLogger } from './tensorboard/logger.ts';
