import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Environment } from '../../core/environment.ts';
import { toThreadFailure } from '../../core/worker.ts';
import { createEnvironment } from './description.ts';
import {
  SharedArrays,
  type WorkerFailure,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
} from './protocol.ts';

// The entry of a worker thread that runs one environment for its owner. Its port keeps it alive until it is closed.

function failureOf(error: unknown): WorkerFailure {
  const stack = error instanceof Error ? error.stack : undefined;
  return { kind: 'failed', ...toThreadFailure(error), ...(stack === undefined ? {} : { stack }) };
}

async function answer(environment: Environment, arrays: SharedArrays, request: WorkerRequest): Promise<WorkerReply> {
  if (request.kind === 'close') {
    await environment.close();
    return { kind: 'closed' };
  }
  if (request.kind === 'reset') {
    const { observation, info } = await environment.reset({ seed: request.seed });
    arrays.write(observation);
    return { kind: 'reset', info, sensors: observation.sensors };
  }
  // A copy: the owner's next action must not change one that the environment kept.
  const { observation, info, reward, terminated, truncated } = await environment.step(Float32Array.from(arrays.action));
  arrays.write(observation);
  return { kind: 'step', info, sensors: observation.sensors, reward, terminated, truncated };
}

async function serve(port: MessagePort, { description }: WorkerStart): Promise<void> {
  const environment = await createEnvironment(description);
  const { observationSpace, actionSpace } = environment;
  const arrays = new SharedArrays(observationSpace, actionSpace);
  port.on('message', async (request: WorkerRequest) => {
    try {
      // What cannot be cloned (a function in `info`) fails here too, and is told like any other error.
      port.postMessage(await answer(environment, arrays, request));
    } catch (error) {
      port.postMessage(failureOf(error));
    }
    if (request.kind === 'close') port.close();
  });
  port.postMessage({ kind: 'ready', observationSpace, actionSpace, memory: arrays.memory } satisfies WorkerReply);
}

if (parentPort === null) throw new Error('Expected to run as a worker thread, got the main thread');
const port = parentPort;
serve(port, workerData as WorkerStart).catch((error: unknown) => {
  port.postMessage(failureOf(error));
  port.close();
});
