import type { LearnedPolicy } from '../../agents/index.ts';
import { createRuntime } from '../../backend/runtime/create-runtime.ts';
import type { Binding } from '../../backend/runtime/runtime.ts';
import { sizeOf } from '../../core/box.ts';
import type { Box, Observation, ObservationSpace } from '../../core/index.ts';
import { Random } from '../../core/index.ts';
import { ExportError, type GraphValue, nextOf, POLICY_VALUES, type PolicyModel } from '../../export/index.ts';

/** Observations that a model is tried with, one after the other. */
const OBSERVATIONS = 20;
/** How far an action may be from the policy's own, in units of half the action's range (at least 1). */
const TOLERANCE = 1e-5;

export interface ModelCheck {
  /** Observations that were tried. */
  readonly observations: number;
  /** Largest difference of any entry of any action, in the environment's units. */
  readonly largestDifference: number;
}

/**
 * Runs a model in ONNX Runtime's own Node package beside the policy that it was made of, over an episode of random
 * observations.
 *
 * @throws ExportError when an action differs; RuntimeError when ONNX Runtime does not take the model
 */
export async function checkModel(model: PolicyModel, policy: LearnedPolicy, seed: number): Promise<ModelCheck> {
  const runtime = createRuntime({ threads: 1 }, 'onnxruntime-node');
  const session = await runtime.createSession(model.bytes);
  const inputs = model.graph.inputs.map(bindingOf);
  const outputs = model.graph.outputs.map(bindingOf);
  const run = session.bind(inputs, outputs);
  const arrayOf = (bindings: readonly Binding[], name: string) => bindings.find((one) => one.name === name)?.array;
  const random = new Random(seed).stream('export check');
  let largestDifference = 0;
  try {
    policy.reset();
    for (let i = 0; i < OBSERVATIONS; i++) {
      const observation = drawObservation(random, policy.observationSpace);
      arrayOf(inputs, POLICY_VALUES.state)?.set(observation.state);
      arrayOf(inputs, POLICY_VALUES.pixels)?.set(observation.pixels!);
      await run.run();
      const expected = await policy.act(observation);
      const action = arrayOf(outputs, POLICY_VALUES.action)!;
      expected.forEach((value, entry) => {
        const difference = Math.abs(value - action[entry]!);
        largestDifference = Math.max(largestDifference, difference);
        if (difference <= TOLERANCE * Math.max(1, halfRange(policy.actionSpace, entry))) return;
        throw new ExportError(
          `Expected the model to act as the policy, got ${action[entry]} instead of ${value} for entry ${entry} of action ${i}; nothing was written`,
        );
      });
      for (const { name, array } of inputs) {
        const next = arrayOf(outputs, nextOf(name));
        if (next !== undefined) array.set(next);
      }
    }
  } finally {
    run.dispose();
    await session.dispose();
    runtime.dispose();
  }
  return { observations: OBSERVATIONS, largestDifference };
}

/** An array for one row of an input or output. */
function bindingOf({ name, type, shape }: GraphValue): Binding {
  const own = shape.map((length) => (typeof length === 'number' ? length : 1));
  const size = sizeOf(own);
  return { name, shape: own, array: type === 'uint8' ? new Uint8Array(size) : new Float32Array(size) };
}

function halfRange({ low, high }: Box, entry: number): number {
  const bound = (of: Box['low']) => (typeof of === 'number' ? of : of[entry]!);
  return (bound(high) - bound(low)) / 2;
}

/** Within the space's bounds, where it has some. */
function drawObservation(random: Random, { state, pixels }: ObservationSpace): Observation {
  const within = (i: number) => {
    const [low, high] = [state.low, state.high].map((of) => (typeof of === 'number' ? of : of[i]!)) as [number, number];
    return Number.isFinite(high - low) ? random.between(low, high) : random.between(-1, 1);
  };
  const size = pixels?.shape.reduce((product, length) => product * length, 1);
  return {
    state: Float32Array.from({ length: state.shape[0]! }, (_, i) => within(i)),
    ...(size === undefined ? {} : { pixels: Uint8Array.from({ length: size }, () => random.below(256)) }),
  };
}
