import * as tf from '@tensorflow/tfjs-core';
import type {
  Engine,
  EngineFunction,
  FunctionSpecification,
  Learner,
  LearnerProgram,
  ParameterGroup,
  ParameterStore,
} from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { checkGroups, checkProgram } from '../check-program.ts';
import { createInputArrays, inputTensors } from '../input-arrays.ts';
import { onBackend } from '../tfjs-backend.ts';
import { EagerLearner } from './eager-learner.ts';
import { EagerParameters } from './eager-parameters.ts';

/**
 * Runs models operation by operation on a TensorFlow.js backend: `tensorflow` (the native library of
 * `@tensorflow/tfjs-node`), `cpu` or `wasm`. It works on the event loop's thread. The reference that the compiled engine
 * is compared with.
 */
export class EagerEngine implements Engine {
  readonly name: string;
  readonly description: string;
  readonly #backendName: string;

  /** @param backendName a registered backend that is ready */
  constructor(backendName: string) {
    this.#backendName = backendName;
    this.name = backendName === 'tensorflow' ? 'tfjs-node' : `tfjs-${backendName}`;
    this.description = `TensorFlow.js ${tf.version_core}, eager, backend ${backendName}`;
  }

  createParameters(groups: Readonly<Record<string, ParameterGroup>>): ParameterStore {
    checkGroups(groups);
    return new EagerParameters(this.#backendName, groups);
  }

  async createLearner(store: ParameterStore, program: LearnerProgram): Promise<Learner> {
    checkProgram(store.groups, program);
    return new EagerLearner(this.#ownStore(store), program);
  }

  async createFunction(store: ParameterStore, specification: FunctionSpecification): Promise<EngineFunction> {
    const parameters = this.#ownStore(store);
    const inputs = createInputArrays(specification.inputs);
    const outputs: Record<string, Float32Array> = {};
    return {
      inputs,
      outputs,
      run: () =>
        onBackend(this.#backendName, () =>
          tf.tidy(() => {
            const results = specification.compute(
              parameters.tensors(specification.reads),
              inputTensors(specification.inputs, inputs),
            );
            for (const [name, tensor] of Object.entries(results)) {
              outputs[name] = Float32Array.from(tensor.dataSync());
            }
          }),
        ),
      dispose: () => {},
    };
  }

  async dispose(): Promise<void> {}

  #ownStore(store: ParameterStore): EagerParameters {
    if (store instanceof EagerParameters && store.backendName === this.#backendName) return store;
    throw new InvalidArgumentError('Expected parameters that this engine created, got those of another engine');
  }
}
