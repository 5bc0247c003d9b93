import { createRequire } from 'node:module';
import {
  type Binding,
  type BoundRun,
  type Runtime,
  RuntimeError,
  type RuntimeOptions,
  type RuntimeSession,
  type SessionOptions,
} from './runtime.ts';

type OnnxRuntime = typeof import('onnxruntime-node');
type InferenceSession = Awaited<ReturnType<OnnxRuntime['InferenceSession']['create']>>;

const require = createRequire(import.meta.url);

/** ONNX Runtime through its own Node package: everything is copied, runs are asynchronous. The fallback. */
export class NodeRuntime implements Runtime {
  readonly name = 'onnxruntime-node';
  readonly description: string;
  readonly #onnxRuntime: OnnxRuntime;
  readonly #threads: number;

  /** @throws RuntimeError when the package has no binary for this system */
  constructor({ threads }: RuntimeOptions) {
    try {
      this.#onnxRuntime = require('onnxruntime-node') as OnnxRuntime;
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new RuntimeError(`Expected the package onnxruntime-node to load, got: ${words}`, { cause });
    }
    this.#threads = threads;
    const { version } = require('onnxruntime-node/package.json') as { version: string };
    this.description = `ONNX Runtime ${version}, onnxruntime-node, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  async createSession(model: Uint8Array, options: SessionOptions = {}): Promise<RuntimeSession> {
    const { profilePrefix, threads = this.#threads } = options;
    const session = await attempt('build a graph', () =>
      this.#onnxRuntime.InferenceSession.create(model, {
        intraOpNumThreads: threads,
        logSeverityLevel: 3,
        enableMemPattern: false,
        ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
      }),
    );
    return new NodeSession(this.#onnxRuntime, session);
  }

  dispose(): void {}
}

class NodeSession implements RuntimeSession {
  readonly #onnxRuntime: OnnxRuntime;
  readonly #session: InferenceSession;

  constructor(onnxRuntime: OnnxRuntime, session: InferenceSession) {
    this.#onnxRuntime = onnxRuntime;
    this.#session = session;
  }

  bind(inputs: readonly Binding[], outputs: readonly Binding[]): BoundRun {
    const { Tensor } = this.#onnxRuntime;
    // It takes no shared memory: the inputs are copied before each run.
    const copies = inputs.map(({ array }) => array.slice());
    const feeds = Object.fromEntries(
      inputs.map(({ name, shape }, i) => {
        const copy = copies[i]!;
        return [
          name,
          copy instanceof Uint8Array ? new Tensor('uint8', copy, shape) : new Tensor('float32', copy, shape),
        ];
      }),
    );
    const names = outputs.map(({ name }) => name);
    let open = true;
    return {
      run: async () => {
        if (!open) throw new RuntimeError('Expected a run that is open, got one that was disposed of');
        for (const [i, { array }] of inputs.entries()) copies[i]!.set(array);
        const results = await attempt('run a graph', () => this.#session.run(feeds, names));
        for (const { name, array } of outputs) array.set(results[name]!.data as Float32Array);
      },
      dispose: () => {
        open = false;
      },
    };
  }

  endProfiling(): undefined {
    this.#session.endProfiling();
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

async function attempt<Result>(doing: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError(`Expected ONNX Runtime to ${doing}, got: ${words}`, { cause });
  }
}
