import * as tf from '@tensorflow/tfjs-core';
import type { LearnedPolicy } from '../../agents/index.ts';
import { ActionScale } from '../../agents/networks/index.ts';
import type { OnnxGraph } from '../../backend/onnx/graph.ts';
import { onBackend } from '../../backend/tfjs-backend.ts';
import { mergeEqualNodes, removeDeadNodes } from '../../backend/trace/passes.ts';
import { Recorder } from '../../backend/trace/recorder.ts';
import { record, TRACE_BACKEND } from '../../backend/trace/trace-backend.ts';
import { traced } from '../../backend/trace/value.ts';
import type { InputSpecification, Tensors } from '../../core/engine.ts';
import { nextOf, POLICY_VALUES, type TracedGraph } from '../../export/index.ts';

/** What of a policy is traced. */
export type TraceablePolicy = Pick<LearnedPolicy, 'groups' | 'specification' | 'actionSpace'>;

/**
 * A policy's forward pass as a graph with its weights as constants: pixels as an observation has them (bytes, height ×
 * width × channels), actions in the environment's units, and what it remembers as inputs and outputs.
 *
 * @throws UnsupportedOperationError when its networks use an operation that cannot be traced
 */
export function tracePolicy(policy: TraceablePolicy, rows: number): TracedGraph {
  const recorder = new Recorder({ blockSize: undefined, columns: false });
  const { graph } = recorder;
  record(recorder, () =>
    onBackend(TRACE_BACKEND, () =>
      tf.tidy(() => {
        const { specification, groups } = policy;
        const weights = Object.fromEntries(
          specification.reads.map((group) => [group, constants(graph, groups[group]!)] as const),
        );
        const observed = Object.entries(specification.inputs).map(
          ([name, input]) => [name, openInput(graph, name, input, rows)] as const,
        );
        const inputs: Tensors = Object.fromEntries(observed);
        const results = specification.compute(weights, seenByNetwork(inputs));
        for (const [name, tensor] of Object.entries(outputsOf(results, inputs, policy))) {
          graph.nodes.push({
            operator: 'Identity',
            domain: '',
            inputs: [recorder.name(tensor)],
            outputs: [name],
            attributes: {},
          });
          graph.output(name, 'float32', tensor.shape);
        }
      }),
    ),
  );
  removeDeadNodes(graph);
  mergeEqualNodes(graph);
  removeDeadNodes(graph);
  return { rows, graph };
}

function constants(graph: OnnxGraph, group: LearnedPolicy['groups'][string]): Tensors {
  const tensors = Object.entries(group).map(([name, { shape, initial }]) => {
    const bytes = new Uint8Array(initial.buffer, initial.byteOffset, initial.byteLength).slice();
    graph.initializers.push({ name, type: 'float32', shape, bytes });
    return [name, tf.engine().makeTensorFromTensorInfo(traced(name, shape))] as const;
  });
  return Object.fromEntries(tensors);
}

function openInput(graph: OnnxGraph, name: string, { shape, dtype }: InputSpecification, rows: number): tf.Tensor {
  const [, ...rest] = shape;
  const [channels, height, width] = rest;
  const own = name === POLICY_VALUES.pixels ? [rows, height!, width!, channels!] : [rows, ...rest];
  graph.input(name, dtype, own);
  // TensorFlow.js has no bytes: to it they are whole numbers.
  const type = dtype === 'uint8' ? 'int32' : 'float32';
  return tf.engine().makeTensorFromTensorInfo(traced(name, own, { type }));
}

/** Pictures with their channels first, as batches have them; as numbers already, so that their scaling stays visible. */
function seenByNetwork(inputs: Tensors): Tensors {
  const pixels = inputs[POLICY_VALUES.pixels];
  if (pixels === undefined) return inputs;
  return { ...inputs, [POLICY_VALUES.pixels]: tf.transpose(tf.cast(pixels, 'float32'), [0, 3, 1, 2]) };
}

/** The action, and whatever is fed back. */
function outputsOf(results: Tensors, inputs: Tensors, { actionSpace }: TraceablePolicy): Tensors {
  const { action, ...memories } = results;
  const remembered = Object.entries(memories).map(([name, tensor]) => [nextOf(name), tensor] as const);
  const previous =
    inputs[POLICY_VALUES.previousAction] === undefined
      ? {}
      : { [POLICY_VALUES.nextPreviousAction]: new ActionScale(actionSpace).toUnit(action!) };
  return { [POLICY_VALUES.action]: action!, ...Object.fromEntries(remembered), ...previous };
}
