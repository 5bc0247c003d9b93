import type { Sensors } from '../../../torcs-client/sensors.ts';
import { AutomaticGearbox } from '../../core/automatic-gearbox.ts';
import { type Box, InvalidArgumentError } from '../../core/index.ts';
import type { WheelInput } from './wheel.ts';

/** Turns what a person does into an action of a driving environment, whatever its actions are. */
export class HumanAction {
  readonly #names: readonly string[];
  readonly #gearbox = new AutomaticGearbox();

  /** @throws InvalidArgumentError for an action space that is not of driving */
  constructor({ names = [] }: Pick<Box, 'names'>) {
    if (!names.includes('steer')) {
      throw new InvalidArgumentError(
        `Expected actions with \`steer\` for a person to drive, got ${names.length === 0 ? 'none with names' : names.join(', ')}`,
      );
    }
    this.#names = names;
  }

  reset(): void {
    this.#gearbox.reset();
  }

  /** Called at each step, so that the gear lever is where it belongs when a person takes the wheel. */
  act({ steer, accelerate, brake, reverse }: WheelInput, sensors: Sensors): Float32Array {
    const canReverse = this.#names.includes('gear');
    const throttle = reverse && !canReverse ? 0 : accelerate;
    const { gear, clutch } = this.#gearbox.shift(sensors, throttle, reverse && canReverse);
    const values: Readonly<Record<string, number>> = {
      steer,
      accelerate: throttle,
      brake,
      pedal: throttle - brake,
      gear,
      clutch,
    };
    return Float32Array.from(this.#names, (name) => values[name] ?? 0);
  }
}
