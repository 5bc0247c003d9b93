import { type Controls, NO_FOCUS } from '../controls.ts';
import { InvalidArgumentError } from '../errors.ts';
import { TRACK_SENSOR_COUNT } from '../sensors.ts';

const LOWEST_GEAR = -1;
const HIGHEST_GEAR = 6;

/**
 * For those who send: refuses controls that no driver means.
 * @throws {InvalidArgumentError} when a number is missing, NaN, infinite, or out of the range that {@link Controls} names
 */
export function checkControls(controls: Controls): void {
  checkRange('accel', controls.accel, 0, 1);
  checkRange('brake', controls.brake, 0, 1);
  checkRange('clutch', controls.clutch, 0, 1);
  checkRange('steer', controls.steer, -1, 1);
  const { gear, focus, restart } = controls;
  if (!Number.isInteger(gear) || gear < LOWEST_GEAR || gear > HIGHEST_GEAR) {
    throw new InvalidArgumentError(
      `Expected the control \`gear\` to be a whole number from ${LOWEST_GEAR} to ${HIGHEST_GEAR}, got ${gear}`,
    );
  }
  if (!Number.isInteger(focus)) {
    throw new InvalidArgumentError(
      `Expected the control \`focus\` to be whole degrees (from -90 to 90, or ${NO_FOCUS} for no reading), got ${focus}`,
    );
  }
  if (typeof restart !== 'boolean') {
    throw new InvalidArgumentError(`Expected the control \`restart\` to be true or false, got ${restart}`);
  }
}

/** @throws {InvalidArgumentError} unless these are 19 directions from -180 to 180 degrees */
export function checkRangeFinderAngles(angles: readonly number[]): void {
  if (angles.length !== TRACK_SENSOR_COUNT || !angles.every((angle) => angle >= -180 && angle <= 180)) {
    throw new InvalidArgumentError(
      `Expected \`rangeFinderAnglesDeg\` to be ${TRACK_SENSOR_COUNT} angles from -180 to 180 degrees, got [${angles.join(', ')}]`,
    );
  }
}

function checkRange(name: keyof Controls, value: number, low: number, high: number): void {
  // Written so that NaN fails too; the type is asked because null and '1' compare like numbers.
  if (!(typeof value === 'number' && value >= low && value <= high)) {
    throw new InvalidArgumentError(
      `Expected the control \`${name}\` to be a number from ${low} to ${high}, got ${value}`,
    );
  }
}

/**
 * For those who receive: what TORCS' simulation makes of what a driver sent (simuv2's check of the commands). NaN and
 * infinities are 0, pedals and steering are clamped, a gear that the car does not have is ignored.
 * @param currentGear the engaged gear, -1 to 6
 */
export function sanitiseControls(controls: Controls, currentGear: number): Controls {
  const { gear } = controls;
  return {
    accel: clamp(controls.accel, 0),
    brake: clamp(controls.brake, 0),
    clutch: clamp(controls.clutch, 0),
    gear: Number.isInteger(gear) && gear >= LOWEST_GEAR && gear <= HIGHEST_GEAR ? gear : currentGear,
    steer: clamp(controls.steer, -1),
    focus: controls.focus,
    restart: controls.restart,
  };
}

function clamp(value: number, low: number): number {
  return Number.isFinite(value) ? Math.max(low, Math.min(1, value)) : 0;
}
