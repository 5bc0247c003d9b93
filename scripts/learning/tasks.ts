import { robotLaps } from '../support/robot-laps.ts';

/** One line of the learning table: what is trained, how it is judged, and what is asked of every seed. */
export interface LearningTask {
  readonly title: string;
  /** Words after `record`, of each command that adds to what all seeds learn from: once, the folder `frames` beside theirs. */
  readonly record?: readonly (readonly string[])[];
  /** Words after `train`, beside seed and folder. */
  readonly train: readonly string[];
  /** Words after `evaluate POLICY`. */
  readonly evaluate: readonly string[];
  /** What is looked at, and from where on a seed has done it; `nearRobots`: tracks lapped within {@link NEAR} of the best. */
  readonly measure: 'meanReturn' | 'lapped' | 'nearRobots';
  readonly goal: number;
  /** Driving: tracks that have to be among those that are lapped. */
  readonly amongThem?: readonly string[];
  /** Driving: words after `record` for the driver that was copied: his laps stand beside those of the policies. */
  readonly expert?: readonly string[];
  /** Seeds that have to reach the goal. Default: all. */
  readonly least?: number;
  /** A comparison that is asked to stay below the goal instead. */
  readonly comparison?: true;
}

/** A lap counts as near the best of the game's own robots up to this multiple of it. */
export const NEAR = 1.15;

/** Other initial states than those that the best policy of a run was chosen by. */
const classic = ['--episodes', '100', '--seed', '1000000'];

/** Tracks that no recording holds. */
export const embeddedValidation = ['--tracks', 'copper-bowl,lantern-street,broad-heath,pine-rally', '--episodes', '1'];

/** Drives of one driver that creeps and one that hurries: who copies them all is neither, who weighs them may choose. */
export const slowAndFast = [
  ['--frames', '10000', '--top-speed', '60', '--seed', '1'],
  ['--frames', '10000', '--top-speed', '110', '--grip-share', '0.6', '--edge-room', '2', '--seed', '2'],
];

/** A driver who keeps to the middle of the road: all that he does is in one picture. */
const calmExpert = ['--top-speed', '60', '--edge-room', '10'];

export const learningTasks = {
  pendulum: {
    title: 'pendulum from state, DDPG',
    train: ['--environment', 'pendulum'],
    evaluate: classic,
    measure: 'meanReturn',
    goal: -160,
  },
  'inverted-pendulum': {
    title: 'inverted pendulum from state, TD3',
    train: ['--environment', 'inverted-pendulum'],
    evaluate: classic,
    measure: 'meanReturn',
    goal: 1000,
  },
  reacher: {
    title: 'reacher from state, TD3',
    train: ['--environment', 'reacher'],
    evaluate: classic,
    measure: 'meanReturn',
    goal: -4.5,
  },
  'pendulum-pixels': {
    title: 'pendulum from pixels',
    train: ['--environment', 'pendulum', '--observe', 'pixels'],
    evaluate: classic,
    measure: 'meanReturn',
    goal: -250,
    least: 4,
  },
  'pendulum-recurrent': {
    title: 'pendulum, velocity hidden, recurrent',
    train: ['--environment', 'pendulum', '--hide-velocity', '--encoder', 'recurrent'],
    evaluate: classic,
    measure: 'meanReturn',
    goal: -250,
    least: 4,
  },
  'pendulum-blind': {
    title: 'pendulum, velocity hidden, feed-forward',
    train: ['--environment', 'pendulum', '--hide-velocity', '--encoder', 'mlp', '--steps', '12000'],
    evaluate: classic,
    measure: 'meanReturn',
    goal: -600,
    comparison: true,
  },
  driving: {
    title: 'driving from state, embedded simulator',
    train: ['--environment', 'driving'],
    evaluate: ['--episodes', '1'],
    measure: 'lapped',
    goal: 1,
    least: 8,
  },
  'driving-torcs': {
    title:
      'driving from state, TD3, from nothing, real TORCS: tracks lapped within 1.15 × the best of the game’s own robots, of 38',
    train: ['--environment', 'driving', '--simulator', 'torcs'],
    evaluate: ['--tracks', Object.keys(robotLaps.tracks).join(','), '--episodes', '1'],
    measure: 'nearRobots',
    goal: 8,
  },
  'driving-clone': {
    title:
      'driving from pixels, cloned from 20,000 recorded frames, embedded simulator: validation tracks lapped, of four',
    record: [['--frames', '20000']],
    train: ['--algorithm', 'clone'],
    evaluate: embeddedValidation,
    measure: 'lapped',
    goal: 4,
  },
  'driving-clone-recurrent': {
    title:
      'driving from single pictures with memory, cloned from 20,000 recorded frames, embedded simulator: validation tracks lapped, of four',
    record: [['--frames', '20000']],
    train: ['--algorithm', 'clone', '--encoder', 'recurrent'],
    evaluate: embeddedValidation,
    measure: 'lapped',
    goal: 1,
    least: 3,
  },
  'driving-offline': {
    title:
      'driving from pixels, TD3+BC, from 20,000 recorded frames of a slow and a fast driver: validation tracks lapped, of four',
    record: slowAndFast,
    train: ['--algorithm', 'td3', '--offline', '--observe', 'pixels'],
    evaluate: embeddedValidation,
    measure: 'lapped',
    goal: 1,
  },
  'driving-offline-clone': {
    title:
      'driving from pixels, cloned from the same frames of a slow and a fast driver: validation tracks lapped, of four',
    record: slowAndFast,
    train: ['--algorithm', 'clone'],
    evaluate: embeddedValidation,
    measure: 'lapped',
    goal: 1,
  },
  'driving-clone-torcs': {
    title:
      'driving from pixels, cloned from 20,000 recorded frames, real TORCS: validation and test tracks lapped, of nine',
    record: [
      [
        ...['--simulator', 'torcs', '--frames', '20000', '--camera', '192x128', ...calmExpert],
        // Pushed and hurried so much that the data tell the way back from everywhere, at every speed.
        ...['--action-noise', '9', '--pedal-noise', '1'],
      ],
    ],
    train: [
      ...['--algorithm', 'clone', '--simulator', 'torcs', '--dagger', '4', '--dagger-frames', '3000'],
      ...calmExpert,
    ],
    evaluate: [
      ...['--tracks', 'wheel-1,g-track-3,brondehach,aalborg,alpine-1,e-track-4,e-track-6,eroad,street-1'],
      ...['--episodes', '1'],
    ],
    measure: 'lapped',
    goal: 7,
    amongThem: ['wheel-1', 'g-track-3', 'brondehach'],
    least: 8,
    expert: ['--simulator', 'torcs', ...calmExpert],
  },
  'driving-pixels': {
    title: 'driving from pixels, TD3, from nothing, embedded simulator',
    train: ['--environment', 'driving', '--observe', 'pixels'],
    evaluate: ['--tracks', 'harbour-oval,willow-park,copper-bowl,broad-heath', '--episodes', '1'],
    measure: 'lapped',
    goal: 1,
    least: 8,
  },
  'driving-pixels-torcs': {
    title:
      'driving from pixels, TD3, from nothing, real TORCS: laps of g-track-1, on which it learns, and of five others; returns in the reward of the DDPG paper',
    train: ['--environment', 'driving', '--simulator', 'torcs', '--observe', 'pixels'],
    evaluate: [
      ...['--tracks', 'g-track-1,g-track-2,e-track-1,e-track-2,forza,ruudskogen'],
      ...['--episodes', '1', '--reward', 'lillicrap'],
    ],
    measure: 'lapped',
    goal: 1,
    least: 3,
  },
} as const satisfies Readonly<Record<string, LearningTask>>;

export type LearningTaskName = keyof typeof learningTasks;
