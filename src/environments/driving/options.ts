import { z } from 'zod';
import { ACTION_KINDS } from './actions.ts';
import { REWARD_KINDS } from './rewards.ts';
import { STATE_ENTRY_NAMES, STATE_SELECTION_NAMES } from './state.ts';

const finite = z.number();

const stateSchema = z.union([
  z.enum(STATE_SELECTION_NAMES),
  z.array(z.enum(STATE_ENTRY_NAMES)).min(1, 'Expected at least one entry of the state'),
]);

/** Options of {@link DrivingEnvironment}; unknown ones are refused. */
export const drivingOptionsSchema = z.strictObject({
  /** What an action is; see `actions.ts`. Default `steer-accelerate-brake`. */
  actions: z.enum(ACTION_KINDS).default('steer-accelerate-brake'),
  /** Control ticks (20 or 22 ms each) for which an action holds, 1 to 50. Default 1. */
  actionRepeat: z.int().min(1).max(50).default(1),
  /** Numbers of the state: a named selection or a list of entries; see `state.ts`. Default `low-dimensional`. */
  state: stateSchema.default('low-dimensional'),
  /** Put the camera's own picture into `info.frame` at every step, for recorders. Default false. */
  rawFrames: z.boolean().default(false),
  /** See `rewards.ts`. Default `progress`. */
  reward: z.enum(REWARD_KINDS).default('progress'),
  /** Factor on every reward, above 0. Default 1. */
  rewardScale: finite.positive().default(1),
  /** Speed beyond which what a tick earns shrinks, km/h: all of it up to here, none at twice this; null: never. Default null. */
  cruiseSpeedKmh: finite.positive().nullable().default(null),
  /** Tracks, one of which is drawn for each episode. Default: the simulator's own. */
  tracks: z.array(z.string().min(1)).min(1).optional(),
  /** `grid`: the starting grid; `random`: anywhere on the track; or a distance from the start line, m. Default `grid`. */
  start: z.union([z.enum(['grid', 'random']), finite.min(0)]).default('grid'),
  /** Laps after which an episode is truncated (`laps-done`), 1 to 10000; null: none. Default null. */
  laps: z.int().min(1).max(10_000).nullable().default(null),
  /** Simulated time after which an episode is truncated (`time-limit`), s; null: none. Default 120. */
  timeLimitS: finite.positive().nullable().default(120),
  /** Terminates (`off-track`) when |trackPos| is beyond this; null: never. Default 1, the edge of the road. */
  offTrackLimit: finite.positive().nullable().default(1),
  /** Terminates (`damage`) when the car has more than this, 0 to 10000 points; null: never. Default null. */
  damageLimit: finite.min(0).max(10_000).nullable().default(null),
  /** Terminates (`backwards`) when the car points against the track's direction. Default true. */
  backwards: z.boolean().default(true),
  /** Terminates (`no-progress`) when less than `distanceM` was gained within `windowS`; null: never. Default 5 m in 10 s. */
  noProgress: z
    .strictObject({ distanceM: finite.positive(), windowS: finite.positive() })
    .nullable()
    .default({ distanceM: 5, windowS: 10 }),
  /** Whether hits damage the car. Default true. */
  damage: z.boolean().default(true),
  /** Whether driving consumes fuel. Default true. */
  fuel: z.boolean().default(true),
  /** Whether range finders carry the competition's noise. Default false. */
  noise: z.boolean().default(false),
  /** Directions of the 19 range finders, degrees, -90 left. Default: the simulator's own, -90, -80, … 90. */
  rangeFinderAnglesDeg: z.array(finite.min(-180).max(180)).length(19).optional(),
});

/** What a caller may pass. */
export type DrivingOptions = z.input<typeof drivingOptionsSchema>;
/** With every default filled in. */
export type CheckedDrivingOptions = z.output<typeof drivingOptionsSchema>;

/** What `reset` allows in its `options`. */
export const drivingResetSchema = z.strictObject({
  /** This episode's track. */
  track: z.string().min(1).optional(),
  /** Start this far from the start line, m. */
  startDistanceM: finite.min(0).optional(),
});
