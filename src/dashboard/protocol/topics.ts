import type { CameraView } from '../../../torcs-client/simulator.ts';

/** A column of the telemetry. The first one is the time or the number of the step, and only grows. */
export interface Channel {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** Digits after the point. */
  readonly digits: number;
  /** Title of the plot that it is drawn in; absent: none. */
  readonly plot?: string;
}

/** What is being watched. A new one begins the telemetry anew. */
export interface SessionTopic {
  readonly type: 'session';
  readonly id: number;
  /** What this process does. */
  readonly mode: 'watch' | 'drive' | 'evaluate' | 'train';
  readonly title: string;
  readonly channels: readonly Channel[];
  /** Camera views to choose from; empty: the view is what it is. */
  readonly views: readonly CameraView[];
  /** What the page may ask for. */
  readonly can: {
    readonly start: boolean;
    readonly pace: boolean;
    readonly wheel: boolean;
    readonly record: boolean;
  };
}

/** How it stands. */
export interface StatusTopic {
  readonly type: 'status';
  readonly state: 'idle' | 'starting' | 'running' | 'paused' | 'ended';
  /** Simulated seconds a second of the wall clock; 0: as fast as it goes. */
  readonly speed: number;
  readonly track: string;
  readonly driver: string;
  readonly view: CameraView | null;
  /** `lost`: the person who held the wheel is gone, and the car brakes. */
  readonly wheel: 'driver' | 'person' | 'lost';
  /** Number of the viewer who holds the wheel. */
  readonly holder: number | null;
  readonly recording: { readonly name: string; readonly frames: number } | null;
  readonly laps: readonly number[];
  readonly episode: number;
  /** Steps a second of the wall clock, lately. */
  readonly stepsPerS: number;
  /** How far a training run has come; absent: none is under way. */
  readonly progress?: {
    readonly steps: number;
    readonly total: number;
    readonly updates: number;
    readonly episodes: number;
    readonly meanReturn: number | null;
    readonly elapsedS: number;
  };
}

/** What there is: models by names of their own, the rest by names relative to the served folder. */
export interface LibraryTopic {
  readonly type: 'library';
  readonly drivers: readonly string[];
  readonly policies: readonly { readonly name: string; readonly task: string }[];
  /** Policies that drive and come with the program, wherever it serves. */
  readonly models: readonly string[];
  readonly runs: readonly { readonly name: string; readonly task: string; readonly state: string }[];
  readonly recordings: readonly { readonly name: string; readonly episodes: number; readonly frames: number }[];
  readonly tracks: readonly { readonly name: string; readonly simulators: readonly string[] }[];
  readonly simulators: readonly string[];
}

/** The road from above. */
export interface MapTopic {
  readonly type: 'map';
  /** Absent where the track is not known. */
  readonly track: {
    readonly name: string;
    readonly lengthM: number;
    readonly widthM: number;
    /** The centre line, evenly spaced from the start line on: x0, y0, x1, y1, …, m, y upwards. */
    readonly line: readonly number[];
  } | null;
}

export interface Curve {
  readonly run: string;
  readonly steps: readonly number[];
  /** Mean return of the last training episodes; null: none at that step. */
  readonly training: readonly (number | null)[];
  /** Mean return of evaluations. */
  readonly evaluation: readonly (number | null)[];
}

export interface CurvesTopic {
  readonly type: 'curves';
  readonly curves: readonly Curve[];
}

/** Topics of which a viewer needs the newest state only. */
export type StateTopic = SessionTopic | StatusTopic | LibraryTopic | MapTopic | CurvesTopic;

/** Something to tell a person. */
export interface Notice {
  readonly type: 'notice';
  readonly level: 'info' | 'problem';
  readonly text: string;
}

/** The first message to a viewer. */
export interface Welcome {
  readonly type: 'welcome';
  readonly viewer: number;
  /** Whether it came with the token. */
  readonly controls: boolean;
  readonly version: 1;
}
