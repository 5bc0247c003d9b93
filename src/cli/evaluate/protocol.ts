import type { Box, Environment, ObservationSpace, ResetOptions, ResetResult, StepResult } from '../../core/index.ts';
import { makeEnvironment } from '../compose/environment.ts';
import type { DrivingSettings, EnvironmentSettings } from '../compose/environment-settings.ts';
import { composeTrackLibrary, defaultTracks } from '../compose/simulator.ts';

/** Laps after which an episode has shown what it can. */
const LAPS = 2;
/** Simulated time that nobody needs for two laps who gains 5 m in 10 s at all, s; slower ones end without progress. */
const TIME_LIMIT_S = 1200;

/** Where an episode of the protocol starts. */
export interface Start {
  readonly track: string;
  /** Distance from the start line, m; absent: on the starting grid, just behind it. */
  readonly startDistanceM?: number;
}

/**
 * Where the episodes of an evaluation start: on every track in turn, first at its start line, then at distances that are
 * evenly spread over the lap.
 *
 * @param count episodes of each track
 */
export async function spreadStarts(tracks: readonly string[], count: number): Promise<readonly Start[]> {
  const library = await composeTrackLibrary();
  const lengths = tracks.map((track) => library.get(track).lengthM);
  return Array.from({ length: count }, (_, episode) =>
    tracks.map(
      (track, i): Start => (episode === 0 ? { track } : { track, startDistanceM: (lengths[i]! * episode) / count }),
    ),
  ).flat();
}

/** What the protocol changes of the environment that a policy was trained in: how an episode starts and ends, no more. */
export function protocolSettings(settings: DrivingSettings): DrivingSettings {
  return {
    ...settings,
    options: {
      ...settings.options,
      start: 'grid',
      laps: LAPS,
      timeLimitS: TIME_LIMIT_S,
      offTrackLimit: 1,
      backwards: true,
      noProgress: { distanceM: 5, windowS: 10 },
      damageLimit: null,
      noise: false,
    },
  };
}

/** Tracks that a driving environment is about. */
export function tracksOf({ simulator, options }: DrivingSettings): readonly string[] {
  return options.tracks ?? [defaultTracks[simulator]];
}

/** An environment whose episodes start where a list says, one after the other, and again from the top. */
export class StartList implements Environment {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly #environment: Environment;
  readonly #starts: readonly Start[];
  #next = 0;

  /** @param environment driving; it is closed with this one */
  constructor(environment: Environment, starts: readonly Start[]) {
    this.#environment = environment;
    this.#starts = starts;
    this.observationSpace = environment.observationSpace;
    this.actionSpace = environment.actionSpace;
  }

  reset({ seed }: ResetOptions = {}): Promise<ResetResult> {
    const start = this.#starts[this.#next]!;
    this.#next = (this.#next + 1) % this.#starts.length;
    return this.#environment.reset({ ...(seed === undefined ? {} : { seed }), options: { ...start } });
  }

  step(action: Float32Array): Promise<StepResult> {
    return this.#environment.step(action);
  }

  close(): Promise<void> {
    return this.#environment.close();
  }
}

/**
 * The environment in which a run is evaluated while it trains: the same task; driving by the protocol, on the tracks that
 * are trained on.
 *
 * @param episodes of an evaluation, over all tracks
 */
export async function composeEvaluationEnvironment(
  settings: EnvironmentSettings,
  episodes: number,
): Promise<Environment> {
  if (settings.name !== 'driving') return makeEnvironment(settings);
  const tracks = tracksOf(settings);
  const starts = await spreadStarts(tracks, Math.ceil(episodes / tracks.length));
  return new StartList(await makeEnvironment(protocolSettings(settings)), starts.slice(0, episodes));
}
