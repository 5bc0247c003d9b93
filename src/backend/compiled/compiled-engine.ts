import { availableParallelism } from 'node:os';
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
import { createRuntime, type RuntimeName } from '../runtime/create-runtime.ts';
import { runsMachineCode } from '../runtime/machine-code.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { compileFunction, type MachineCode } from '../trace/compile.ts';
import type { BlockSize } from '../trace/recorder.ts';
import { probeBlockSize } from './block-size.ts';
import { bindFunction } from './compiled-function.ts';
import { CompiledLearner } from './compiled-learner.ts';
import { CompiledParameters } from './compiled-parameters.ts';
import { CONTROL_BYTES } from './plan.ts';
import { planPhase } from './plan-phase.ts';
import { stepShares } from './share-worker.ts';

export interface CompiledEngineOptions {
  /** Threads that share an update, row by row where its losses allow it, and a graph's larger nodes. Default: one for each processor. */
  readonly threads?: number;
  /** How ONNX Runtime is called. Default: the fastest way that is there. */
  readonly runtime?: RuntimeName;
  /** Channels in a block of convolutions. Default: what this machine's library uses; `null`: no blocks. */
  readonly blockSize?: 8 | 16 | null;
  /** Write products of matrices in machine code. Default: where the machine can run it. */
  readonly machineCode?: boolean;
  /** Learners write a profile of every node into files whose names begin so, when they are disposed of. */
  readonly profilePrefix?: string;
}

/**
 * Runs models that were traced once into ONNX graphs of forward pass and gradients, with ONNX Runtime, on memory of
 * ours; the optimizer works in place. Learners have a thread of their own.
 */
export class CompiledEngine implements Engine {
  readonly name = 'compiled';
  readonly description: string;
  readonly blockSize: BlockSize;
  readonly #runtime: Runtime;
  readonly #threads: number;
  readonly #machineCode: boolean;
  readonly #profilePrefix: string | undefined;

  private constructor(parts: {
    readonly runtime: Runtime;
    readonly threads: number;
    readonly blockSize: BlockSize;
    readonly machineCode: boolean;
    readonly profilePrefix: string | undefined;
  }) {
    const { runtime, blockSize, machineCode } = parts;
    this.#runtime = runtime;
    this.#threads = parts.threads;
    this.blockSize = blockSize;
    this.#machineCode = machineCode;
    this.#profilePrefix = parts.profilePrefix;
    const blocks = blockSize === undefined ? 'plain convolutions' : `convolutions in blocks of ${blockSize}`;
    const products = machineCode ? ', products in machine code for AVX-512' : '';
    this.description = `compiled; ${runtime.description}, ${blocks}${products}`;
  }

  /** @throws RuntimeError when ONNX Runtime cannot be loaded */
  static async create(options: CompiledEngineOptions = {}): Promise<CompiledEngine> {
    const threads = options.threads ?? availableParallelism();
    const runtime = createRuntime({ threads }, options.runtime);
    const { blockSize, profilePrefix } = options;
    return new CompiledEngine({
      runtime,
      threads,
      blockSize: blockSize === undefined ? await probeBlockSize(runtime) : (blockSize ?? undefined),
      machineCode: (options.machineCode ?? runsMachineCode()) && runtime.name === 'c-api',
      profilePrefix,
    });
  }

  createParameters(groups: Readonly<Record<string, ParameterGroup>>): ParameterStore {
    checkGroups(groups);
    return new CompiledParameters(groups);
  }

  async createLearner(store: ParameterStore, program: LearnerProgram): Promise<Learner> {
    const parameters = ownStore(store);
    checkProgram(parameters.groups, program);
    // Through Node's own interface runs are asynchronous and copy their inputs: nothing is gained there.
    const options = {
      blockSize: this.blockSize,
      mostShares: this.#runtime.name === 'c-api' ? this.#threads : 1,
      machineCode: machineCodeFor(this.#machineCode, this.#profilePrefix),
    };
    const planned = Object.keys(program.phases).map(
      (name) => [name, planPhase(parameters, program, name, options)] as const,
    );
    const plans = planned.map(([, { plan }]) => plan);
    return CompiledLearner.start({
      parameters,
      program,
      phases: Object.fromEntries(planned),
      plan: {
        memory: parameters.memory.memory,
        control: new SharedArrayBuffer(CONTROL_BYTES),
        runtime: this.#runtime.name,
        threads: this.#threads,
        machineCode: this.#machineCode,
        // A step that is divided only because it is long wants two: it is as fast as memory is.
        team: Math.max(...plans.map((plan) => stepShares(plan, Math.min(this.#threads, 2)))),
        inputs: program.inputs,
        phases: plans,
        profilePrefix: this.#profilePrefix,
      },
    });
  }

  async createFunction(store: ParameterStore, specification: FunctionSpecification): Promise<EngineFunction> {
    const parameters = ownStore(store);
    const graph = compileFunction(parameters.groups, specification, this.blockSize);
    const session = await this.#runtime.createSession(graph.model);
    return bindFunction(session, graph, parameters, specification);
  }

  async dispose(): Promise<void> {
    this.#runtime.dispose();
  }
}

function machineCodeFor(isWanted: boolean, profilePrefix: string | undefined): MachineCode {
  if (!isWanted) return 'none';
  return profilePrefix === undefined ? 'joined' : 'separate';
}

function ownStore(store: ParameterStore): CompiledParameters {
  if (store instanceof CompiledParameters) return store;
  throw new InvalidArgumentError('Expected parameters that this engine created, got those of another engine');
}
