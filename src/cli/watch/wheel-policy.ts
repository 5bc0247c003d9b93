import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ActOptions, Observation, Policy } from '../../core/index.ts';
import type { HumanAction } from './human-action.ts';
import type { Wheel } from './wheel.ts';

/** Below this speed a car that brakes stands, km/h. */
const STANDING_KMH = 1;
const FULL_BRAKE = { steer: 0, accelerate: 0, brake: 1, reverse: false } as const;

export interface WheelPolicyParts {
  readonly policy: Policy;
  readonly wheel: Wheel;
  readonly human: HumanAction;
  /** The person at the wheel is gone. */
  readonly onLost: () => void;
  /** The car that nobody drives stands. */
  readonly onStopped: () => void;
}

/**
 * Drives as whoever holds the wheel: the policy, a person, or, when that person is gone, the brake. The policy acts on at
 * every step also while a person drives, so that what it remembers of the road and of time is right when it takes over.
 */
export class WheelPolicy implements Policy {
  readonly name: string;
  readonly #parts: WheelPolicyParts;
  #driver: string;
  #wasLost = false;

  constructor(parts: WheelPolicyParts) {
    this.#parts = parts;
    this.name = parts.policy.name;
    this.#driver = this.name;
  }

  /** Whose the last action was: the policy's name, `human`, or `brake`. */
  get driver(): string {
    return this.#driver;
  }

  reset(): void {
    this.#parts.policy.reset?.();
    this.#parts.human.reset();
  }

  async act(observation: Observation, options?: ActOptions): Promise<Float32Array> {
    const { policy, wheel, human, onLost, onStopped } = this.#parts;
    const own = await policy.act(observation, options);
    const sensors = observation.sensors;
    if (sensors === undefined) return own;
    // A step or a file that took long may have kept waiting what the person has said meanwhile.
    if (wheel.isSilent) await nextTurn();
    const input = wheel.read();
    const { state } = wheel;
    if (state === 'lost' && !this.#wasLost) onLost();
    this.#wasLost = state === 'lost';
    const action = human.act(state === 'lost' ? FULL_BRAKE : input, sensors);
    this.#driver = state === 'driver' ? this.name : state === 'person' ? 'human' : 'brake';
    if (state === 'driver') return own;
    if (state === 'lost' && Math.abs(sensors.speedX) < STANDING_KMH) onStopped();
    return action;
  }
}

/** Stands with the brake on: who drives alone takes the wheel from it. */
export class ParkedDriver implements Policy {
  readonly name = 'parked';
  readonly #human: HumanAction;

  constructor(human: HumanAction) {
    this.#human = human;
  }

  act({ sensors }: Observation): Float32Array {
    return this.#human.act(FULL_BRAKE, sensors!);
  }
}
