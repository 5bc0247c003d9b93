import {
  FOCUS_SENSOR_COUNT,
  OPPONENT_SENSOR_COUNT,
  type Sensors,
  TRACK_SENSOR_COUNT,
} from '../../../torcs-client/sensors.ts';
import type { Box } from '../../core/environment.ts';

interface Entry {
  readonly size: number;
  /** The sensor is divided by this. */
  readonly scale: number;
  readonly read: (sensors: Sensors) => number | readonly number[];
}

/**
 * Every entry that a state may hold, with its scale. Those of `low-dimensional` are scaled as in the published
 * low-dimensional TORCS agents (yanpanlau/DDPG-Keras-Torcs, gym_torcs.py): angle / π, track / 200, speeds / 300 km/h,
 * wheelSpinVel / 100 rad/s, rpm / 10000. Off the road the range finders read -1 before scaling.
 */
const ENTRIES = {
  angle: { size: 1, scale: Math.PI, read: (s) => s.angle },
  track: { size: TRACK_SENSOR_COUNT, scale: 200, read: (s) => s.track },
  trackPos: { size: 1, scale: 1, read: (s) => s.trackPos },
  speedX: { size: 1, scale: 300, read: (s) => s.speedX },
  speedY: { size: 1, scale: 300, read: (s) => s.speedY },
  speedZ: { size: 1, scale: 300, read: (s) => s.speedZ },
  wheelSpinVel: { size: 4, scale: 100, read: (s) => s.wheelSpinVel },
  rpm: { size: 1, scale: 10_000, read: (s) => s.rpm },
  gear: { size: 1, scale: 6, read: (s) => s.gear },
  z: { size: 1, scale: 1, read: (s) => s.z },
  damage: { size: 1, scale: 10_000, read: (s) => s.damage },
  fuel: { size: 1, scale: 100, read: (s) => s.fuel },
  opponents: { size: OPPONENT_SENSOR_COUNT, scale: 200, read: (s) => s.opponents },
  focus: { size: FOCUS_SENSOR_COUNT, scale: 200, read: (s) => s.focus },
} as const satisfies Record<string, Entry>;

export type StateEntryName = keyof typeof ENTRIES;

export const STATE_ENTRY_NAMES = Object.keys(ENTRIES) as [StateEntryName, ...StateEntryName[]];

const LOW_DIMENSIONAL: readonly StateEntryName[] = [
  'angle',
  'track',
  'trackPos',
  'speedX',
  'speedY',
  'speedZ',
  'wheelSpinVel',
  'rpm',
];

export const STATE_SELECTION_NAMES = ['low-dimensional', 'minimal', 'all'] as const;

/**
 * Named selections.
 * - `low-dimensional`: the 29 numbers of the published agents, in their order.
 * - `minimal`: 22 numbers: angle, the range finders, trackPos, speedX.
 * - `all`: every entry but `focus`, which the environment never asks for: 69 numbers.
 */
export type StateSelectionName = (typeof STATE_SELECTION_NAMES)[number];

const SELECTIONS: Readonly<Record<StateSelectionName, readonly StateEntryName[]>> = {
  'low-dimensional': LOW_DIMENSIONAL,
  minimal: ['angle', 'track', 'trackPos', 'speedX'],
  all: STATE_ENTRY_NAMES.filter((name) => name !== 'focus'),
};

/** Writes the chosen sensors, scaled, into a state vector. */
export class StateEncoder {
  readonly space: Box;
  readonly #entries: readonly Entry[];
  readonly #size: number;

  constructor(selection: StateSelectionName | readonly StateEntryName[]) {
    const chosen = typeof selection === 'string' ? SELECTIONS[selection] : selection;
    this.#entries = chosen.map((name) => ENTRIES[name]);
    const names = chosen.flatMap((name) => {
      const { size } = ENTRIES[name];
      return size === 1 ? [name] : Array.from({ length: size }, (_, i) => `${name}[${i}]`);
    });
    this.#size = names.length;
    this.space = {
      shape: [names.length],
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      dtype: 'float32',
      names,
    };
  }

  /** A fresh state vector. */
  encode(sensors: Sensors): Float32Array {
    const state = new Float32Array(this.#size);
    let at = 0;
    for (const { read, scale } of this.#entries) {
      const value = read(sensors);
      if (typeof value === 'number') state[at++] = value / scale;
      else for (const item of value) state[at++] = item / scale;
    }
    return state;
  }
}
