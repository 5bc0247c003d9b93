import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError, TorcsPilotError } from '../../core/errors.ts';
import { convolutionKernels } from './kernels/convolution.ts';
import { elementwiseKernels } from './kernels/elementwise.ts';
import { matrixKernels } from './kernels/matrix.ts';
import { reductionKernels } from './kernels/reduction.ts';
import { shapeKernels } from './kernels/shape.ts';
import type { Lowerings } from './lowering.ts';
import type { Recorder } from './recorder.ts';
import { constantValue, type TracedValue } from './value.ts';

/** A TensorFlow.js operation has no lowering to ONNX. */
export class UnsupportedOperationError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_UNSUPPORTED_OPERATION', message);
  }
}

export const TRACE_BACKEND = 'torcs-pilot-trace';

const lowerings: Lowerings = {
  ...elementwiseKernels,
  ...shapeKernels,
  ...reductionKernels,
  ...matrixKernels,
  ...convolutionKernels,
};

/** Names of the operations that can be compiled. */
export const loweredOperations: readonly string[] = Object.keys(lowerings);

let recording: Recorder | undefined;

/** Runs TensorFlow.js code whose operations are recorded instead of computed. Not to be nested. */
export function record<Result>(recorder: Recorder, run: () => Result): Result {
  registerOnce();
  recording = recorder;
  try {
    return run();
  } finally {
    recording = undefined;
  }
}

/** A backend without data: its kernels append nodes to the graph that is recorded. */
class TraceBackend extends tf.KernelBackend {
  override write(values: tf.backend_util.BackendValues, shape: number[], type: tf.DataType): object {
    const numbers = values as Float32Array | Int32Array | Uint8Array;
    return constantValue(numbers, shape, type).dataId;
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { constant } = dataId as TracedValue;
    if (constant !== undefined) return constant;
    throw new InvalidArgumentError(
      'Expected a compiled function not to read the values of its tensors: they are not known when it is compiled',
    );
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return this.readSync(dataId);
  }

  override incRef(): void {}

  override refCount(): number {
    return 1;
  }

  override disposeData(): boolean {
    return false;
  }

  override numDataIds(): number {
    return 0;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}
}

/** Every operation of TensorFlow.js's core by the name of its kernel; its module exports them as text constants. */
function kernelNames(): string[] {
  return Object.entries(tf)
    .filter(([name, value]) => /^[A-Z_]/.test(name) && value === name)
    .map(([name]) => name);
}

function registerOnce(): void {
  if (tf.findBackend(TRACE_BACKEND) !== null) return;
  tf.registerBackend(TRACE_BACKEND, () => new TraceBackend(), 0);
  for (const kernelName of new Set([...kernelNames(), ...loweredOperations])) {
    const lower = lowerings[kernelName];
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        if (lower === undefined) throw unsupported(kernelName);
        recording!.operations.add(kernelName);
        return lower(recording!, inputs as tf.NamedTensorInfoMap, attrs ?? {});
      },
    });
  }
}

function unsupported(kernelName: string): UnsupportedOperationError {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const caller = frames.find((frame) => !/tfjs-core|trace-backend|node:internal|<anonymous>\)?$/.test(frame));
  return new UnsupportedOperationError(
    `Expected operations that can be compiled, got \`${kernelName}\` (called ${caller?.trim() ?? 'somewhere'}): use others, or run it eagerly`,
  );
}
