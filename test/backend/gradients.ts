import * as tf from '@tensorflow/tfjs-core';
import { differentiate } from '../../src/backend/differentiate.ts';
import { inputTensors } from '../../src/backend/input-arrays.ts';
import type { Runtime } from '../../src/backend/runtime/runtime.ts';
import { onBackend } from '../../src/backend/tfjs-backend.ts';
import { type CompiledGraph, compilePhase, type MachineCode } from '../../src/backend/trace/compile.ts';
import type { BlockSize } from '../../src/backend/trace/recorder.ts';
import { sizeOf } from '../../src/core/box.ts';
import type { InputArrays, InputSpecification, ParameterGroup, UpdatePhase } from '../../src/core/engine.ts';

type Groups = Readonly<Record<string, ParameterGroup>>;
type Inputs = Readonly<Record<string, InputSpecification>>;

/** A phase and what it is run on: the weights are the groups' initial ones. */
export interface PhaseCase {
  readonly groups: Groups;
  readonly inputs: Inputs;
  readonly phase: UpdatePhase;
  readonly arrays: InputArrays;
}

/** `loss`, `gradient:NAME` and `output:NAME`. */
export type PhaseValues = Readonly<Record<string, Float32Array>>;

export interface CompiledPhase {
  readonly graph: CompiledGraph;
  /** Runs the graph on other weights, or the initial ones. */
  run(weights?: Readonly<Record<string, Readonly<Record<string, Float32Array>>>>): Promise<PhaseValues>;
  dispose(): Promise<void>;
}

/** Writes numbers into every input; bytes get their absolute values times 255. */
export function fillInputs(arrays: InputArrays, next: () => number): void {
  for (const array of Object.values(arrays)) {
    for (let i = 0; i < array.length; i++) array[i] = array instanceof Uint8Array ? 255 * Math.abs(next()) : next();
  }
}

export async function compiledPhase(
  runtime: Runtime,
  { groups, inputs, phase, arrays }: PhaseCase,
  options: { readonly blockSize: BlockSize; readonly machineCode: MachineCode },
): Promise<CompiledPhase> {
  const graph = compilePhase(groups, inputs, phase, options);
  const session = await runtime.createSession(graph.model, { programs: graph.programs });
  const weights = graph.parameters.map(({ group, name }) => groups[group]![name]!.initial.slice());
  const values: Record<string, Float32Array> = {};
  const bound = session.bind(
    [
      ...graph.parameters.map(({ group, name, input }, i) => ({
        name: input,
        array: weights[i]!,
        shape: groups[group]![name]!.shape,
      })),
      ...graph.inputs.map(({ name, input }) => ({ name: input, array: arrays[name]!, shape: inputs[name]!.shape })),
    ],
    graph.outputs.map(({ name, output, shape }) => {
      values[name] = new Float32Array(sizeOf(shape));
      return { name: output, array: values[name], shape };
    }),
  );
  return {
    graph,
    run: async (given) => {
      for (const [i, { group, name }] of graph.parameters.entries()) {
        weights[i]!.set(given?.[group]?.[name] ?? groups[group]![name]!.initial);
      }
      await bound.run();
      return Object.fromEntries(Object.entries(values).map(([name, array]) => [name, array.slice()]));
    },
    dispose: async () => {
      bound.dispose();
      await session.dispose();
    },
  };
}

/** The same values, computed operation by operation on a TensorFlow.js backend. */
export function eagerPhase(backendName: string, { groups, inputs, phase, arrays }: PhaseCase): PhaseValues {
  return onBackend(backendName, () =>
    tf.tidy(() => {
      const tensors = Object.fromEntries(
        [phase.trains, ...phase.reads].map((name) => [
          name,
          Object.fromEntries(
            Object.entries(groups[name]!).map(([parameter, { shape, initial }]) => [
              parameter,
              tf.tensor(initial.slice(), [...shape]),
            ]),
          ),
        ]),
      );
      const { loss, gradients, outputs } = differentiate(
        phase,
        tensors,
        inputTensors(inputs, arrays, [...phase.inputs]),
      );
      const values = {
        loss: Float32Array.from(loss.dataSync()),
        ...named('gradient:', gradients),
        ...named('output:', outputs),
      };
      tf.dispose(outputs as tf.NamedTensorMap);
      return values;
    }),
  );
}

function named(prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [prefix + name, Float32Array.from(tensor.dataSync())]),
  );
}

/** Largest difference of two arrays, as a share of the larger's greatest entry (at least 1e-3). */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let greatest = 1e-3;
  a.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - b[i]!));
    greatest = Math.max(greatest, Math.abs(value), Math.abs(b[i]!));
  });
  return difference / greatest;
}
