import type { Agent } from '../core/agent.ts';
import { systemClock } from '../core/clock.ts';
import { NotFiniteError, TorcsPilotError } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import { CheckpointStore } from './checkpoints/index.ts';
import { CurveLogger, JsonLinesLogger, TensorBoardLogger } from './loggers/index.ts';
import { ObserverList, type TrainingEnd } from './observer.ts';
import { OfflineTrainer } from './offline-trainer.ts';
import { type TrainOptions, trainingSettingsSchema } from './options.ts';
import { Run } from './run.ts';
import { joinSettings, RunFolder } from './run-folder.ts';
import { TrainingStatistics } from './statistics.ts';
import { Trainer } from './trainer.ts';

export interface TrainingResult extends TrainingEnd {
  readonly outcome: 'finished' | 'interrupted';
  readonly folder: string;
  /** The best evaluation, whose policy is in `policy-best`; absent when there was none. */
  readonly best?: { readonly step: number; readonly meanReturn: number };
}

/**
 * Trains an agent, in environments or on a dataset, and keeps a folder of what happened (see {@link runFiles}). With `resume` a run that was
 * killed or interrupted goes on from its latest checkpoint, and ends with the same weights, curves and logs as if it had
 * never stopped, to the bit; what hangs on the wall clock (keys `time/…`) excepted.
 *
 * What a run learns is described at `Trainer`; that evaluations do not disturb it, at `Run`.
 *
 * @throws {@link InvalidArgumentError}; {@link RunExistsError}, {@link NoRunError}, {@link RunSettingsError},
 *   {@link RunFinishedError}, {@link RunLockedError}; {@link NotReproducibleError} when an environment does not repeat itself
 *   at a resume; {@link InvalidFileError} when no checkpoint is sound; {@link NotFiniteError} when a loss, an action, a reward
 *   or a state is not finite: the last good weights are saved as policy then; whatever environments and agent throw
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const settings = parseOptions(trainingSettingsSchema, options.training, 'training settings');
  const { agent, replay, experience, seed, resume = false, clock = systemClock } = options;
  const isOffline = 'prepare' in experience;
  const own = { seed, environments: isOffline ? 0 : experience.count, ...settings };
  const folder = RunFolder.open({
    folder: options.folder,
    resume,
    settings: joinSettings(own, options.settings ?? {}),
  });
  const statistics = new TrainingStatistics();
  const loggers = [
    new JsonLinesLogger(folder.path('progress')),
    new TensorBoardLogger(folder.path('events'), clock),
    new CurveLogger(folder.path('curve'), statistics),
  ];
  try {
    const observers = new ObserverList([...loggers, ...(options.observers ?? [])]);
    const parts = { agent, replay, settings, seed, statistics };
    const trainer = isOffline
      ? new OfflineTrainer({ ...parts, source: experience })
      : new Trainer({ ...parts, environments: experience, observers });
    const store = new CheckpointStore(folder.path('checkpoints'), isOffline ? { agent } : { agent, replay });
    const run = new Run({ options, settings, folder, trainer, statistics, store, observers, clock });
    return await executeRun(run, { folder, agent, observers });
  } finally {
    for (const logger of loggers) logger.close();
    folder.close();
  }
}

interface Ending {
  readonly folder: RunFolder;
  readonly agent: Agent;
  readonly observers: ObserverList;
}

async function executeRun(run: Run, ending: Ending): Promise<TrainingResult> {
  try {
    await run.begin();
    const outcome = await run.execute();
    const end = { ...run.progress, outcome };
    // The summary says that the run is finished: it comes last.
    if (outcome === 'finished') await ending.agent.save(ending.folder.path('policy'));
    await writeEnd(run, end, ending);
    return { ...end, folder: ending.folder.folder, ...(run.best === null ? {} : { best: run.best }) };
  } catch (error) {
    if (error instanceof TorcsPilotError && error.code === 'ERR_NOT_FINITE') throw await stopped(run, error, ending);
    throw error;
  }
}

/** Keeps the last good weights, and says what happened and where they are. */
async function stopped(run: Run, cause: TorcsPilotError, ending: Ending): Promise<NotFiniteError> {
  const { steps, updates } = run.progress;
  const policy = ending.folder.path('policy');
  await ending.agent.save(policy);
  await writeEnd(run, { ...run.progress, outcome: 'not-finite', reason: cause.message }, ending);
  return new NotFiniteError(
    `${cause.message}; the run stopped after ${steps} steps and ${updates} updates, its last good weights are in ${policy}`,
    { cause },
  );
}

async function writeEnd(run: Run, end: TrainingEnd, { folder, observers }: Ending): Promise<void> {
  const { outcome, reason, steps, updates, episodes, evaluation, elapsedS } = end;
  folder.writeSummary({
    format: 1,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    steps,
    updates,
    episodes,
    evaluation: evaluation ?? null,
    best: run.best,
    'time/time_elapsed': elapsedS,
  });
  await observers.tell('onFinish', end);
}
