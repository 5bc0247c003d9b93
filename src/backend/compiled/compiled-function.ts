import { sizeOf } from '../../core/box.ts';
import type { EngineFunction, FunctionSpecification } from '../../core/engine.ts';
import { createInputArrays } from '../input-arrays.ts';
import type { RuntimeSession } from '../runtime/runtime.ts';
import type { CompiledGraph } from '../trace/compile.ts';
import type { CompiledParameters } from './compiled-parameters.ts';

/** A function's session, bound to the live weights and to arrays for its inputs and outputs. */
export function bindFunction(
  session: RuntimeSession,
  graph: CompiledGraph,
  parameters: CompiledParameters,
  { inputs: specification }: FunctionSpecification,
): EngineFunction {
  const inputs = createInputArrays(specification);
  const outputs: Record<string, Float32Array> = {};
  const run = session.bind(
    [
      ...graph.parameters.map(({ group, name, input }) => ({
        name: input,
        array: parameters.view(group, name),
        shape: parameters.groups[group]![name]!.shape,
      })),
      ...graph.inputs.map(({ name, input }) => ({
        name: input,
        array: inputs[name]!,
        shape: specification[name]!.shape,
      })),
    ],
    graph.outputs.map(({ name, output, shape }) => {
      const array = new Float32Array(sizeOf(shape));
      outputs[name] = array;
      return { name: output, array, shape };
    }),
  );
  return {
    inputs,
    outputs,
    run: () => run.run(),
    dispose: () => {
      run.dispose();
      return session.dispose();
    },
  };
}
