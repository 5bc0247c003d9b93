import * as tf from '@tensorflow/tfjs-core';
import type {
  InputArrays,
  Learner,
  LearnerProgram,
  OptimizerState,
  PhaseCall,
  PhaseOutputs,
  UpdatePhase,
} from '../../core/engine.ts';
import { checkCalls, checkValues, groupsOf } from '../check-program.ts';
import { type Differentiated, differentiate } from '../differentiate.ts';
import { gradientScale, requireFinite } from '../gradient-norm.ts';
import { createInputArrays, inputTensors } from '../input-arrays.ts';
import { onBackend } from '../tfjs-backend.ts';
import { adam, type Moments } from './adam.ts';
import type { EagerParameters } from './eager-parameters.ts';

interface Optimizer {
  step: number;
  readonly moments: Record<string, Moments>;
}

/** Takes gradients and optimizer steps with TensorFlow.js operations, at once. */
export class EagerLearner implements Learner {
  readonly #parameters: EagerParameters;
  readonly #program: LearnerProgram;
  readonly #optimizers: Record<string, Optimizer>;

  constructor(parameters: EagerParameters, program: LearnerProgram) {
    this.#parameters = parameters;
    this.#program = program;
    this.#optimizers = onBackend(parameters.backendName, () =>
      Object.fromEntries(
        Object.entries(program.phases).map(([name, phase]) => [name, createOptimizer(parameters, phase.trains)]),
      ),
    );
  }

  createInputs(): InputArrays {
    return createInputArrays(this.#program.inputs);
  }

  async update(inputs: InputArrays, calls: readonly PhaseCall[]): Promise<Readonly<Record<string, PhaseOutputs>>> {
    checkCalls(this.#program, calls);
    return onBackend(this.#parameters.backendName, () =>
      Object.fromEntries(calls.map((call) => [call.phase, tf.tidy(() => this.#runPhase(inputs, call))])),
    );
  }

  readOptimizer(phase: string): OptimizerState {
    const { step, moments } = this.#optimizers[phase]!;
    const read = (which: keyof Moments) =>
      Object.fromEntries(
        Object.entries(moments).map(([name, pair]) => [name, Float32Array.from(pair[which].dataSync())]),
      );
    return { step, firstMoment: read('first'), secondMoment: read('second') };
  }

  writeOptimizer(phase: string, state: OptimizerState): void {
    const optimizer = this.#optimizers[phase]!;
    const { trains } = this.#program.phases[phase]!;
    const group = this.#parameters.groups[trains]!;
    checkValues(trains, group, state.firstMoment);
    checkValues(trains, group, state.secondMoment);
    onBackend(this.#parameters.backendName, () => {
      optimizer.step = state.step;
      for (const [name, { shape }] of Object.entries(group)) {
        tf.dispose([optimizer.moments[name]!.first, optimizer.moments[name]!.second]);
        optimizer.moments[name] = {
          first: tf.keep(tf.tensor(state.firstMoment[name]!.slice(), [...shape])),
          second: tf.keep(tf.tensor(state.secondMoment[name]!.slice(), [...shape])),
        };
      }
    });
  }

  async dispose(): Promise<void> {
    for (const { moments } of Object.values(this.#optimizers)) {
      for (const { first, second } of Object.values(moments)) tf.dispose([first, second]);
    }
  }

  #runPhase(inputs: InputArrays, call: PhaseCall): PhaseOutputs {
    const phase = this.#program.phases[call.phase]!;
    const result = differentiate(
      phase,
      this.#parameters.tensors(groupsOf(phase)),
      inputTensors(this.#program.inputs, inputs, [...phase.inputs]),
    );
    const outputs: Record<string, Float32Array> = {
      loss: Float32Array.from(result.loss.dataSync()),
      ...Object.fromEntries(
        Object.entries(result.outputs).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]),
      ),
    };
    tf.dispose(result.outputs as tf.NamedTensorMap);
    requireFinite(outputs['loss']![0]!, `loss of \`${call.phase}\``);
    const norm = Math.sqrt(squaredNorm(result));
    requireFinite(norm, `gradient of \`${call.phase}\``);
    this.#step(phase, call, result, gradientScale(norm, phase.optimizer.maxGradientNorm));
    if (call.updateTargets) this.#moveTargets(phase.trains);
    return { ...outputs, gradientNorm: Float32Array.of(norm) };
  }

  #step(phase: UpdatePhase, call: PhaseCall, { gradients }: Differentiated, scale: number): void {
    const optimizer = this.#optimizers[call.phase]!;
    optimizer.step++;
    const weights = this.#parameters.tensors([phase.trains])[phase.trains]!;
    for (const [name, gradient] of Object.entries(gradients)) {
      const { weight, moments } = adam(weights[name]!, gradient, optimizer.moments[name]!, {
        options: phase.optimizer,
        learningRate: call.learningRate ?? phase.optimizer.learningRate,
        step: optimizer.step,
        gradientScale: scale,
      });
      this.#parameters.replace(phase.trains, name, weight);
      tf.dispose([optimizer.moments[name]!.first, optimizer.moments[name]!.second]);
      optimizer.moments[name] = { first: tf.keep(moments.first), second: tf.keep(moments.second) };
    }
  }

  #moveTargets(followed: string): void {
    for (const [target, { follows, tau }] of Object.entries(this.#program.targets)) {
      if (follows !== followed) continue;
      const { [target]: slow, [followed]: fast } = this.#parameters.tensors([target, followed]);
      for (const name of Object.keys(slow!)) {
        const moved = tf.add(slow![name]!, tf.mul(tf.sub(fast![name]!, slow![name]!), tau));
        this.#parameters.replace(target, name, moved);
      }
    }
  }
}

function createOptimizer(parameters: EagerParameters, group: string): Optimizer {
  const moments = Object.entries(parameters.groups[group]!).map(([name, { shape }]) => [
    name,
    { first: tf.keep(tf.zeros([...shape])), second: tf.keep(tf.zeros([...shape])) },
  ]);
  return { step: 0, moments: Object.fromEntries(moments) };
}

function squaredNorm({ gradients }: Differentiated): number {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  return tf.addN(squares).dataSync()[0]!;
}
