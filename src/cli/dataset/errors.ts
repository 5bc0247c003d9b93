import { TorcsPilotError } from '../../core/index.ts';

/** A recording does not fit the learner: its camera, rate, actions, range finders or reward are others. */
export class DatasetMismatchError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_DATASET_MISMATCH', message);
  }
}

/** A thread that reads recordings died. */
export class ReaderThreadError extends TorcsPilotError {
  constructor(got: string, options?: ErrorOptions) {
    super('ERR_WORKER_THREAD', `Expected the thread that reads recordings to answer, got ${got}`, options);
  }
}
