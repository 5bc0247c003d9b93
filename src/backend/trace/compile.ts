import * as tf from '@tensorflow/tfjs-core';
import type {
  FunctionSpecification,
  GroupedTensors,
  InputSpecification,
  ParameterGroup,
  Tensors,
  UpdatePhase,
} from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { groupsOf } from '../check-program.ts';
import { differentiate } from '../differentiate.ts';
import type { MachineProgram } from '../machine/program.ts';
import { serializeModel } from '../onnx/model.ts';
import { onBackend } from '../tfjs-backend.ts';
import { makePrograms } from './machine-programs.ts';
import { mergeEqualNodes, removeDeadNodes } from './passes.ts';
import { type BlockSize, Recorder } from './recorder.ts';
import { record, TRACE_BACKEND } from './trace-backend.ts';
import { traced, tracedOf } from './value.ts';

/** A weight that a graph takes as an input, or whose gradient it gives. */
export interface ParameterReference {
  readonly group: string;
  readonly name: string;
}

/** A function as an ONNX model. Its inputs are the weights and the function's own inputs, in this order. */
export interface CompiledGraph {
  readonly model: Uint8Array;
  readonly parameters: readonly (ParameterReference & { readonly input: string })[];
  readonly inputs: readonly { readonly name: string; readonly input: string }[];
  readonly outputs: readonly { readonly name: string; readonly output: string; readonly shape: readonly number[] }[];
  readonly nodeCount: number;
  /** Nodes of the model in machine code. */
  readonly programs: readonly MachineProgram[];
  /** Kernels of TensorFlow.js that were recorded. */
  readonly operations: ReadonlySet<string>;
}

type Groups = Readonly<Record<string, ParameterGroup>>;
type Inputs = Readonly<Record<string, InputSpecification>>;

/**
 * What is written in machine code: nothing, what can be in as few programs as can be, or each node by itself, so that a
 * profile tells its time.
 */
export type MachineCode = 'none' | 'joined' | 'separate';

/** Names of a phase's outputs: the loss; the gradient of each trained weight and further outputs begin with these. */
export const LOSS_OUTPUT = 'loss';
export const GRADIENT_OUTPUT = 'gradient:';
export const OTHER_OUTPUT = 'output:';

/**
 * Traces a phase: its loss and gradients as one graph.
 *
 * @throws UnsupportedOperationError, InvalidArgumentError when the loss cannot be compiled
 */
export function compilePhase(
  groups: Groups,
  inputs: Inputs,
  phase: UpdatePhase,
  { blockSize, machineCode }: { readonly blockSize: BlockSize; readonly machineCode: MachineCode },
): CompiledGraph {
  const used = Object.fromEntries(phase.inputs.map((name) => [name, inputs[name]!]));
  const parts: CompileParts = {
    groups,
    groupNames: groupsOf(phase),
    inputs: used,
    blockSize,
    columns: phase.rowwise === true,
    machineCode,
    flatOutputs: true,
  };
  return compile(parts, (parameters, tensors) => {
    const { loss, gradients, outputs } = differentiate(phase, parameters, tensors);
    return {
      [LOSS_OUTPUT]: loss,
      ...Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [`${OTHER_OUTPUT}${name}`, tensor])),
      ...Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [`${GRADIENT_OUTPUT}${name}`, tensor])),
    };
  });
}

/** Traces a function's forward pass. Errors as {@link compilePhase}. */
export function compileFunction(
  groups: Groups,
  specification: FunctionSpecification,
  blockSize: BlockSize,
): CompiledGraph {
  const { reads, inputs } = specification;
  const parts: CompileParts = {
    groups,
    groupNames: reads,
    inputs,
    blockSize,
    columns: false,
    machineCode: 'none',
    flatOutputs: false,
  };
  return compile(parts, (parameters, tensors) => specification.compute(parameters, tensors));
}

interface CompileParts {
  readonly groups: Groups;
  readonly groupNames: readonly string[];
  readonly inputs: Inputs;
  readonly blockSize: BlockSize;
  readonly columns: boolean;
  readonly machineCode: MachineCode;
  /** Outputs are numbers in order: a last change of their shape is left out. */
  readonly flatOutputs: boolean;
}

function compile(
  { groups, groupNames, inputs, blockSize, columns, machineCode, flatOutputs }: CompileParts,
  run: (parameters: GroupedTensors, inputs: Tensors) => Tensors,
): CompiledGraph {
  const recorder = new Recorder({ blockSize, columns, machineCode: machineCode !== 'none' });
  const { graph } = recorder;
  const parameters: (ParameterReference & { input: string })[] = [];
  const outputs: { name: string; output: string; shape: readonly number[] }[] = [];
  const taken = new Set<string>();
  record(recorder, () =>
    onBackend(TRACE_BACKEND, () =>
      tf.tidy(() => {
        const asTensor = (input: string, shape: readonly number[], dtype: 'float32' | 'uint8') => {
          // TensorFlow.js has no bytes: to it they are whole numbers; the graph casts them before anything else.
          const type = dtype === 'uint8' ? 'int32' : 'float32';
          graph.input(input, dtype, shape);
          taken.add(input);
          return tf.engine().makeTensorFromTensorInfo(traced(input, shape, { type }));
        };
        const grouped = Object.fromEntries(
          groupNames.map((group) => {
            const tensors = Object.entries(groups[group]!).map(([name, { shape }]) => {
              const input = `${group}/${name}`;
              parameters.push({ group, name, input });
              return [name, asTensor(input, shape, 'float32')] as const;
            });
            return [group, Object.fromEntries(tensors)];
          }),
        );
        const tensors = Object.fromEntries(
          Object.entries(inputs).map(([name, { shape, dtype }]) => [name, asTensor(name, shape, dtype)]),
        );
        const results = run(grouped, tensors);
        for (const [name, tensor] of Object.entries(results)) {
          requireFloat(name, tensor);
          const { flat } = tracedOf(tensor).notes;
          const { name: ready, shape } =
            flatOutputs && flat !== undefined ? flat : { name: recorder.name(tensor), shape: tensor.shape };
          let output = ready;
          // An output has to be a node's own value, and no other output's.
          if (taken.has(output) || graph.initializers.some((constant) => constant.name === output)) {
            output = graph.node('Identity', [output]);
          }
          taken.add(output);
          graph.output(output, 'float32', shape);
          outputs.push({ name, output, shape });
        }
        // Some of them were kept from being tidied up.
        tf.dispose(results as tf.NamedTensorMap);
      }),
    ),
  );
  removeDeadNodes(graph);
  mergeEqualNodes(graph);
  removeDeadNodes(graph);
  const programs = makePrograms(graph, recorder.machineNodes, { separate: machineCode === 'separate' });
  return {
    model: serializeModel(graph),
    parameters,
    inputs: Object.keys(inputs).map((name) => ({ name, input: name })),
    outputs,
    nodeCount: graph.nodes.length,
    programs,
    operations: recorder.operations,
  };
}

function requireFloat(name: string, tensor: tf.Tensor): void {
  if (tensor.dtype === 'float32') return;
  throw new InvalidArgumentError(
    `Expected the output \`${name}\` of a compiled function to be float32, got ${tensor.dtype}`,
  );
}
