import { TorcsPilotError } from '../core/errors.ts';

/** The folder of a new run holds something already. */
export class RunExistsError extends TorcsPilotError {
  constructor(folder: string) {
    super(
      'ERR_RUN_EXISTS',
      `Expected ${folder} to be a new or empty folder, got one with files: resume the run in it, or choose another folder`,
    );
  }
}

/** There is no run to resume. */
export class NoRunError extends TorcsPilotError {
  constructor(folder: string, found: string) {
    super('ERR_NO_RUN', `Expected the folder of a run to resume in ${folder}, got ${found}`);
  }
}

/** A run is resumed with other settings than it was begun with. */
export class RunSettingsError extends TorcsPilotError {
  constructor(folder: string, difference: string) {
    super(
      'ERR_RUN_SETTINGS',
      `Expected the settings that the run in ${folder} was begun with, got ${difference}: resume it with its own, or choose another folder`,
    );
  }
}

/** The run has taken all its steps. */
export class RunFinishedError extends TorcsPilotError {
  constructor(folder: string, steps: number) {
    super(
      'ERR_RUN_FINISHED',
      `Expected a run that is not finished in ${folder}, got one that has taken all its ${steps} steps: its policies are in policy and policy-best; choose another folder to train anew`,
    );
  }
}

/** Another process (or another run of this one) writes the folder. */
export class RunLockedError extends TorcsPilotError {
  /** @param held who has it, as its lock says */
  constructor(folder: string, held: string) {
    super(
      'ERR_RUN_LOCKED',
      `Expected ${folder} to have no other writer, got one: ${held}; wait for it or choose another folder`,
    );
  }
}

/** An environment, given the same seed and actions, did not come to the same observation as before. */
export class NotReproducibleError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_NOT_REPRODUCIBLE', message);
  }
}

/** A worker thread ended, or said something that was not asked. */
export class WorkerThreadError extends TorcsPilotError {
  constructor(got: string, options?: ErrorOptions) {
    super('ERR_WORKER_THREAD', `Expected the worker thread of an environment to answer, got ${got}`, options);
  }
}
