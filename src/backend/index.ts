export { CompiledEngine, type CompiledEngineOptions } from './compiled/compiled-engine.ts';
export { BACKEND_NAMES, type BackendName, createEngine } from './create-engine.ts';
export { EagerEngine } from './eager/eager-engine.ts';
export { RuntimeError } from './runtime/runtime.ts';
export { TfjsNodeMissingError } from './tfjs-node.ts';
export { loweredOperations, UnsupportedOperationError } from './trace/trace-backend.ts';
