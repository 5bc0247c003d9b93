import type { Observation, StepInfo } from './environment.ts';

/** One step of an episode, as everyone who looks on sees it. */
export interface Transition {
  readonly observation: Observation;
  readonly action: Float32Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly nextObservation: Observation;
  /** The info that came with `nextObservation`. */
  readonly info: StepInfo;
}

export interface EpisodeStart {
  /** Number of the episode in this run, from 0. */
  readonly episode: number;
  readonly observation: Observation;
  readonly info: StepInfo;
}

export interface EpisodeSummary {
  readonly episode: number;
  readonly steps: number;
  readonly returnSum: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: StepInfo;
}

/** Looks on at an episode: replay buffer, recorder, video, logger, dashboard. Each call is awaited before the next step. */
export interface EpisodeObserver {
  onReset?(start: EpisodeStart): void | Promise<void>;
  onStep?(transition: Transition): void | Promise<void>;
  onEnd?(summary: EpisodeSummary): void | Promise<void>;
}
