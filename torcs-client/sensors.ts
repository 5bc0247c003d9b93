/**
 * What one car senses at one control tick. Keys, units and signs are the SCR protocol's own (Loiacono, Cardamone,
 * Lanzi: Simulated Car Racing Championship, Competition Software Manual, arXiv 1304.1672; where the manual and the
 * server's code disagree, the code is followed). A reading describes the instant before this tick's controls act.
 *
 * Every simulator returns a fresh object each tick: it may be kept.
 */
export interface Sensors {
  /** Angle between the car's axis and the track's tangent, rad, in [-π, π]; positive: the nose points right of it. */
  readonly angle: number;
  /** Seconds since the lap started. Not reset when the line is crossed first after a standing start on the grid. */
  readonly curLapTime: number;
  /** Damage points, a whole number from 0. */
  readonly damage: number;
  /** Distance from the start line along the centre line, m, in [0, track length). */
  readonly distFromStart: number;
  /** Distance covered since the race started, m; falls when the car goes backwards. */
  readonly distRaced: number;
  /** Five range finders around the commanded direction, m in [0, 200], or all -1 when there is no reading. */
  readonly focus: readonly number[];
  /** Fuel left, litres. */
  readonly fuel: number;
  /** Engaged gear: -1 reverse, 0 neutral, 1 to 6. */
  readonly gear: number;
  /** Time of the last completed lap, s; 0 before there is one. */
  readonly lastLapTime: number;
  /** Distance to the nearest other car in each of 36 sectors of 10 degrees, clockwise from straight behind; m, 200 = none. */
  readonly opponents: readonly number[];
  /** Position in the race, from 1. */
  readonly racePos: number;
  /** Engine speed times ten, rad/s. (The manual calls it rpm. True revolutions per minute = value × 0.954930.) */
  readonly rpm: number;
  /** Speed along the car's axis, km/h; forward is positive. */
  readonly speedX: number;
  /** Speed across the car, km/h; left is positive. */
  readonly speedY: number;
  /** Vertical speed, km/h; up is positive. */
  readonly speedZ: number;
  /** 19 range finders to the edge of the road, m in [0, 200]; all -1 when the car is off the road (|trackPos| > 1). */
  readonly track: readonly number[];
  /** Place across the road: 0 the centre line, +1 the left edge, -1 the right edge; beyond ±1 off the road. */
  readonly trackPos: number;
  /** Spin of the wheels, rad/s: front right, front left, rear right, rear left. */
  readonly wheelSpinVel: readonly number[];
  /** Height of the centre of gravity over the road, m. */
  readonly z: number;
  /** Keys that the server sent beyond those above, by their wire names, in the order sent. */
  readonly extra: Readonly<Record<string, readonly number[]>>;
}

/** Range-finder directions in degrees from the car's axis that a server uses when a client names none: -90 is left. */
export const DEFAULT_RANGE_FINDER_ANGLES_DEG: readonly number[] = Array.from({ length: 19 }, (_, i) => -90 + 10 * i);

/** Number of `track` range finders. */
export const TRACK_SENSOR_COUNT = 19;
/** Number of `opponents` sectors. */
export const OPPONENT_SENSOR_COUNT = 36;
/** Number of `focus` range finders. */
export const FOCUS_SENSOR_COUNT = 5;
/** Range of `track`, `focus` and `opponents`, m. */
export const SENSOR_RANGE_M = 200;
