import { fromThreadFailure, startWorker } from '../../core/worker.ts';
import type { PartReply, PartSettings } from './part.ts';
import type { RecordResult, RecordSettings } from './record.ts';

/**
 * Records several datasets at once, each in a thread of its own: on two cores two cost hardly more time than one.
 *
 * @returns what `record` returns for each, in their order
 * @throws the first error of any, when all have ended; the others stop and keep what they have
 */
export async function recordInThreads(
  parts: readonly PartSettings[],
  { log, signal }: Pick<RecordSettings, 'log' | 'signal'>,
): Promise<readonly RecordResult[]> {
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const recorded = await Promise.allSettled(
    parts.map(async (part) => {
      try {
        return await recordInThread(part, log, stop);
      } catch (error) {
        failed.abort();
        throw error;
      }
    }),
  );
  return recorded.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function recordInThread(part: PartSettings, log: (line: string) => void, stop: AbortSignal): Promise<RecordResult> {
  const worker = startWorker(new URL('./record-worker.ts', import.meta.url), { workerData: part });
  const tellToStop = () => worker.postMessage('stop');
  if (stop.aborted) tellToStop();
  stop.addEventListener('abort', tellToStop);
  return new Promise<RecordResult>((resolve, reject) => {
    worker.on('message', (reply: PartReply) => {
      if ('line' in reply) log(reply.line);
      else if ('result' in reply) resolve(reply.result);
      else reject(fromThreadFailure(reply.failure));
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      reject(new Error(`Expected the recording thread to tell its result, got its end (${code})`)),
    );
  }).finally(() => stop.removeEventListener('abort', tellToStop));
}
