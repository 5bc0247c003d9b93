import type { Controls } from './controls.ts';
import type { Sensors } from './sensors.ts';

/**
 * Where the camera sits. The game's own cameras: `road` sees no part of the car, `bonnet` moves with the driver's
 * head, `bonnet-fixed` does not, `behind` and `behind-far` follow the car.
 */
export type CameraView = 'road' | 'bonnet' | 'bonnet-fixed' | 'behind' | 'behind-far';

/** All views, for validation and help texts. */
export const CAMERA_VIEWS: readonly CameraView[] = ['road', 'bonnet', 'bonnet-fixed', 'behind', 'behind-far'];

/** What pictures a simulator renders. */
export interface CameraFormat {
  /** Pixels, 1 to 4096. */
  readonly width: number;
  /** Pixels, 1 to 4096. */
  readonly height: number;
  readonly view: CameraView;
  /** Draw the game's instrument panels over the picture. Only real TORCS has them. */
  readonly panels: boolean;
}

/** Which instant a picture shows. Its pixels are RGB, one byte each, top row first: height × width × 3. */
export interface CameraFrameInfo {
  /** Control ticks since the race started; equals {@link Simulator.tick} of the sensors of the same instant. */
  readonly tick: number;
  readonly width: number;
  readonly height: number;
}

/** How a race starts. What is left out keeps the simulator's default, not the value of the race before. */
export interface SimulatorResetOptions {
  /** Name of the track. Default: the simulator's own. */
  readonly track?: string;
  /** Place the car this far along the centre line from the start line, m. Default: the starting grid. */
  readonly startDistanceM?: number;
  /** Length of the race in laps, 1 to 10000. Default 10000: the caller decides when to stop. */
  readonly laps?: number;
  /** Whether hits damage the car. Default true. */
  readonly damage?: boolean;
  /** Whether driving consumes fuel. Default true. */
  readonly fuel?: boolean;
  /** Whether `track`, `focus` and `opponents` readings carry the competition's noise. Default false. */
  readonly noise?: boolean;
  /** Seed of everything random in the race (noise). Whole number, 0 to 2^32-1. Default 0. */
  readonly seed?: number;
  /** 19 directions of the `track` range finders, degrees, -90 left. Default: -90, -80, … 90. */
  readonly rangeFinderAnglesDeg?: readonly number[];
  /** Pass the two seconds before the start (negative `curLapTime`) to the driver too. Default false: the first sensors are the first of the race. */
  readonly countdown?: boolean;
}

/** What is known of a track. */
export interface TrackSummary {
  readonly name: string;
  readonly category: string;
  readonly lengthM: number;
  readonly widthM: number;
}

/**
 * A race that someone drives, one control tick at a time: the embedded simulator, a TORCS that this process started,
 * or any SCR server. Time stands still between calls (except in real-time mode and on foreign servers).
 *
 * Calls must not overlap: await each before the next.
 */
export interface Simulator {
  /** `embedded`, `torcs` or `scr`. */
  readonly name: string;
  /** Control ticks since the race started: 0 for the sensors that `reset` returned. */
  readonly tick: number;
  /** True when the race has ended: laps done, car removed, or shut down by its server. `step` then throws {@link RaceOverError}. */
  readonly raceOver: boolean;
  /** The picture format, or undefined when this simulator has no camera. */
  readonly camera: CameraFormat | undefined;
  /** The track of the race under way, where it is known. */
  readonly track: TrackSummary | undefined;

  /** Ends the race under way, if any, starts another, and returns its first sensors. */
  reset(options?: SimulatorResetOptions): Promise<Sensors>;

  /** Applies controls for one tick (20 or 22 ms of simulated time) and returns the sensors after it. Throws {@link RaceOverError}. */
  step(controls: Controls): Promise<Sensors>;

  /**
   * Renders what the camera sees at the instant of the last sensors, into a buffer of exactly width × height × 3 bytes.
   * Throws {@link InvalidArgumentError} when there is no camera or the buffer has another size.
   */
  renderCamera(into: Uint8Array): Promise<CameraFrameInfo>;

  /** Ends everything that belongs to the simulator: processes, sockets, folders. Safe to call twice. */
  close(): Promise<void>;
}

/** A simulator in which several cars are driven at once; car 0 is the one that `step` of the single-car interface drives. */
export interface MultiCarSimulator extends Simulator {
  /** Number of cars that are driven from outside, 1 to 10. */
  readonly carCount: number;
  resetAll(options?: SimulatorResetOptions): Promise<readonly Sensors[]>;
  /** One entry per car, in the order of their indices. */
  stepAll(controls: readonly Controls[]): Promise<readonly Sensors[]>;
}
