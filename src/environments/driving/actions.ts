import { type Controls, NO_FOCUS } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { AutomaticGearbox } from '../../core/automatic-gearbox.ts';
import type { Box } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

export const ACTION_KINDS = ['steer-accelerate-brake', 'steer-pedal', 'controls'] as const;

/**
 * What an action means.
 * - `steer-accelerate-brake`: steering -1 (right) to 1 (left), throttle 0 to 1, brake 0 to 1; gears and clutch are automatic.
 * - `steer-pedal`: steering, and one pedal: 1 full throttle, -1 full brake; gears and clutch are automatic.
 * - `controls`: steering, throttle, brake, gear -1 to 6 (rounded), clutch 0 to 1: for drivers that are programs.
 */
export type ActionKind = (typeof ACTION_KINDS)[number];

/** The space of each kind of action. */
export const ACTION_SPACES: Readonly<Record<ActionKind, Box>> = {
  'steer-accelerate-brake': {
    shape: [3],
    low: [-1, 0, 0],
    high: [1, 1, 1],
    dtype: 'float32',
    names: ['steer', 'accelerate', 'brake'],
  },
  'steer-pedal': { shape: [2], low: [-1, -1], high: [1, 1], dtype: 'float32', names: ['steer', 'pedal'] },
  controls: {
    shape: [5],
    low: [-1, 0, 0, -1, 0],
    high: [1, 1, 1, 6, 1],
    dtype: 'float32',
    names: ['steer', 'accelerate', 'brake', 'gear', 'clutch'],
  },
};

/** Turns actions into controls, tick by tick. */
export class ActionInterpreter {
  readonly space: Box;
  readonly #kind: ActionKind;
  readonly #gearbox = new AutomaticGearbox();

  constructor(kind: ActionKind) {
    this.#kind = kind;
    this.space = ACTION_SPACES[kind];
  }

  /** An episode starts. */
  reset(): void {
    this.#gearbox.reset();
  }

  /**
   * Brings an action into the bounds of the space.
   * @throws InvalidArgumentError when it has another length, or holds NaN
   */
  clip(action: Float32Array): Float32Array {
    const size = this.space.shape[0]!;
    if (action.length !== size) {
      throw new InvalidArgumentError(
        `Expected an action of ${size} numbers (${this.space.names!.join(', ')}), got ${action.length}`,
      );
    }
    const low = this.space.low as readonly number[];
    const high = this.space.high as readonly number[];
    return action.map((value, i) => {
      if (Number.isNaN(value)) {
        throw new InvalidArgumentError(`Expected \`${this.space.names![i]}\` of the action to be a number, got NaN`);
      }
      return Math.min(high[i]!, Math.max(low[i]!, value));
    });
  }

  /** @param action within the bounds; @param sensors of the tick at which the controls act */
  controls(action: Float32Array, sensors: Sensors): Controls {
    const steer = action[0]!;
    if (this.#kind === 'controls') {
      const [, accel, brake, gear, clutch] = action as unknown as readonly [number, number, number, number, number];
      return { accel, brake, clutch, gear: Math.round(gear), steer, focus: NO_FOCUS, restart: false };
    }
    const pedal = action[1]!;
    const accel = Math.max(0, pedal);
    const brake = this.#kind === 'steer-pedal' ? Math.max(0, -pedal) : action[2]!;
    const { gear, clutch } = this.#gearbox.shift(sensors, accel);
    return { accel, brake, clutch, gear, steer, focus: NO_FOCUS, restart: false };
  }
}
