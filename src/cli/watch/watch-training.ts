import path from 'node:path';
import { type Clock, type Environment, systemClock } from '../../core/index.ts';
import { runFiles, type TrainingObserver, type TrainingProgress } from '../../training/index.ts';
import { CurveFile } from './curve-file.ts';
import { mapFinder } from './driving-stage.ts';
import { IDLE, LiveStatus } from './live-status.ts';
import { openDashboard } from './open-dashboard.ts';
import { PictureBudget } from './picture-budget.ts';
import { eyesShape } from './picture-source.ts';
import { Presenter } from './presenter.ts';
import { telemetryOf } from './telemetry.ts';
import type { WatchChoice } from './watch-flags.ts';

/** A learner must not be slowed: few pictures, in a hundredth of the time. */
const PICTURES = { mostPerSecond: 10, share: 0.01 } as const;

export interface WatchTrainingOptions {
  readonly choice: WatchChoice;
  /** The run's folder. */
  readonly folder: string;
  readonly title: string;
  readonly spaces: Pick<Environment, 'observationSpace' | 'actionSpace'>;
  /** Pictures of a stack. */
  readonly stack: number;
  readonly isDriving: boolean;
  /** Writes to the terminal without disturbing the line of progress. */
  readonly log: (line: string) => void;
  readonly clock?: Clock;
}

/** A training run on the page: an observer of the run, and what closes the page. */
export interface WatchedTraining {
  readonly observer: TrainingObserver;
  close(): Promise<void>;
}

/** Opens the page of a run: its curves, and what the first of its environments goes through. Nothing of it can be controlled. */
export async function watchTraining(options: WatchTrainingOptions): Promise<WatchedTraining> {
  const { choice, folder, title, spaces, stack, isDriving, log, clock = systemClock } = options;
  const dashboard = await openDashboard({ port: choice.port, log });
  const status = new LiveStatus(dashboard, clock, { ...IDLE, state: 'running', speed: 0, driver: title });
  const curve = new CurveFile(path.basename(path.resolve(folder)), path.join(folder, runFiles.progress));
  const showCurve = () => {
    if (curve.read()) dashboard.publish({ type: 'curves', curves: [curve.curve] });
  };
  let before = 0;
  let steps = 0;
  let stepsPerS = 0;
  const presenter = new Presenter({
    stage: dashboard,
    session: {
      id: 1,
      mode: 'train',
      title,
      views: [],
      can: { start: false, pace: false, wheel: false, record: false },
    },
    telemetry: telemetryOf(spaces, isDriving),
    status,
    clock,
    budget: new PictureBudget(PICTURES),
    eyes: eyesShape(spaces.observationSpace.pixels?.shape, stack),
    source: undefined,
    timeOf: isDriving ? (info) => Number(info['timeS']) : undefined,
    stepsPerS: () => stepsPerS,
    mapOf: isDriving ? await mapFinder() : () => null,
  });
  const progressOf = (progress: TrainingProgress) => ({
    steps: progress.steps,
    total: progress.totalTimesteps,
    updates: progress.updates,
    episodes: progress.episodes,
    meanReturn: progress.meanReturn ?? null,
    elapsedS: progress.elapsedS,
  });
  const observer: TrainingObserver = {
    onStart: showCurve,
    onReset: (start, source) => (source === 0 ? presenter.onReset(start) : undefined),
    onStep: (transition, source) => (source === 0 ? presenter.onStep(transition) : undefined),
    onProgress(progress) {
      if (progress.elapsedS - before < 0.5) return;
      stepsPerS = Math.round((progress.steps - steps) / (progress.elapsedS - before));
      before = progress.elapsedS;
      steps = progress.steps;
      status.update({ progress: progressOf(progress), stepsPerS });
    },
    onLog: showCurve,
    onEvaluation: showCurve,
    onFinish(end) {
      presenter.flush();
      showCurve();
      status.update({ state: 'ended', progress: progressOf(end) });
    },
  };
  return { observer, close: () => dashboard.close() };
}
