import type { Timers } from '../../../torcs-client/timers.ts';
import { systemTimers } from '../../../torcs-client/timers.ts';
import { type Clock, type Environment, type EpisodeObserver, type StepInfo, systemClock } from '../../core/index.ts';
import type { ClientMessage, Dashboard } from '../../dashboard/index.ts';
import type { DrivingInfo } from '../../environments/index.ts';
import type { StoredPolicy } from '../compose/policy.ts';
import { mapFinder } from './driving-stage.ts';
import { IDLE, LiveStatus } from './live-status.ts';
import { openDashboard } from './open-dashboard.ts';
import { Pacer } from './pacer.ts';
import { PictureBudget } from './picture-budget.ts';
import { eyesShape, type PictureSource } from './picture-source.ts';
import { Presenter } from './presenter.ts';
import { telemetryOf } from './telemetry.ts';
import type { WatchChoice } from './watch-flags.ts';

/** Pictures a second, and the part of the time that they may cost, at a person's pace and at full speed. */
const PICTURES = { mostPerSecond: 25, share: 0.5 } as const;
const PICTURES_AT_FULL_SPEED = { mostPerSecond: 15, share: 0.02 } as const;

export interface LookOnOptions {
  readonly choice: WatchChoice;
  readonly mode: 'drive' | 'evaluate';
  readonly title: string;
  /** Who acts, for the page. */
  readonly driver: string;
  readonly environment: Environment;
  /** Pictures of a stack that the environment's pixels hold. */
  readonly stack: number;
  /** Where the page's picture comes from, if anywhere; closed with the page. */
  readonly source: PictureSource | undefined;
  /** Simulated seconds a second of the wall clock at first; 0: as fast as it goes. */
  readonly speed: number;
  readonly log: (line: string) => void;
  /** Ends a pause: the process is to end. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** The page of a drive or an evaluation under way. */
export interface Watching {
  /** In this order behind the others. */
  readonly observers: readonly EpisodeObserver[];
  readonly dashboard: Dashboard;
  close(): Promise<void>;
}

/** A step of the classic tasks lasts so long for people, s. */
const TASK_STEP_S = 0.05;

/** Opens the page of something that drives by itself: people look on, and with the token hold it to their pace. */
export async function lookOn(options: LookOnOptions): Promise<Watching> {
  const { choice, mode, title, driver, environment, source, speed, log, signal } = options;
  const { clock = systemClock, timers = systemTimers } = options;
  const isDriving = environment.actionSpace.names?.includes('steer') === true;
  const budget = new PictureBudget(speed === 0 ? PICTURES_AT_FULL_SPEED : PICTURES);
  let steps = 0;
  const timeOf = (info: StepInfo) => (isDriving ? (info as DrivingInfo).timeS : steps * TASK_STEP_S);
  let presenter: Presenter | undefined;
  let status: LiveStatus | undefined;
  const pacer = new Pacer({
    timers,
    speed,
    timeOf,
    onChange: () => status?.update({ state: pacer.paused ? 'paused' : 'running' }),
    onHold: async () => presenter?.refresh(),
  });
  const refresh = () => {
    if (pacer.paused) void presenter?.refresh().catch((error: unknown) => log(`the page: ${String(error)}`));
  };
  const obey = (message: ClientMessage) => {
    if (message.type === 'pause') pacer.pause();
    else if (message.type === 'resume') pacer.resume();
    else if (message.type === 'step') pacer.step(message.steps);
    else if (message.type === 'speed') {
      pacer.speed = message.factor;
      budget.limit(message.factor === 0 ? PICTURES_AT_FULL_SPEED : PICTURES);
      status?.update({ speed: message.factor });
    } else if (message.type === 'view' && source?.views.includes(message.view) === true) {
      source.view = message.view;
      status?.update({ view: message.view });
      refresh();
    }
  };
  const dashboard = await openDashboard({
    port: choice.port,
    log,
    onCommand: (_viewer, message) => obey(message),
    onJoined: refresh,
  });
  const shownStatus = new LiveStatus(dashboard, clock, {
    ...IDLE,
    state: 'running',
    driver,
    speed,
    view: source?.view ?? null,
  });
  status = shownStatus;
  presenter = new Presenter({
    stage: dashboard,
    session: {
      id: 1,
      mode,
      title,
      views: source?.views ?? [],
      can: { start: false, pace: true, wheel: false, record: false },
    },
    telemetry: telemetryOf(environment, isDriving),
    status: shownStatus,
    clock,
    budget,
    eyes: eyesShape(environment.observationSpace.pixels?.shape, options.stack),
    source,
    timeOf: isDriving ? timeOf : undefined,
    mapOf: isDriving ? await mapFinder() : () => null,
  });
  const counter: EpisodeObserver = {
    onReset: () => {
      steps = 0;
    },
    onStep: () => {
      steps++;
    },
  };
  const release = () => pacer.release();
  signal?.addEventListener('abort', release);
  return {
    observers: [counter, presenter, pacer],
    dashboard,
    async close() {
      signal?.removeEventListener('abort', release);
      presenter?.flush();
      shownStatus.update({ state: 'ended' });
      await dashboard.close();
      await source?.close();
    },
  };
}

export interface WatchEvaluationOptions {
  readonly choice: WatchChoice;
  readonly stored: StoredPolicy;
  readonly environment: Environment;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Opens the page of an evaluation, which goes as fast as it can until people ask for another pace. */
export function watchEvaluation({ stored, ...options }: WatchEvaluationOptions): Promise<Watching> {
  const { name } = stored.content;
  const { environment: settings } = stored;
  return lookOn({
    ...options,
    mode: 'evaluate',
    title: `${name} in ${settings.name}`,
    driver: name,
    stack: settings.pixels?.stack ?? 1,
    source: undefined,
    speed: 0,
  });
}
