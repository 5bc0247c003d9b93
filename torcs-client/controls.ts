/** What a driver commands at one control tick; the SCR protocol's effectors. A missing key on the wire is a default, not the last value. */
export interface Controls {
  /** Gas pedal, 0 to 1. */
  readonly accel: number;
  /** Brake pedal, 0 to 1. */
  readonly brake: number;
  /** Clutch pedal, 0 (engaged) to 1 (pressed, no torque). */
  readonly clutch: number;
  /** Requested gear: -1 reverse, 0 neutral, 1 to 6. */
  readonly gear: number;
  /** Steering, -1 (full right) to +1 (full left). */
  readonly steer: number;
  /** Direction of the next focus reading, whole degrees in [-90, 90], -90 is left; anything outside asks for none. */
  readonly focus: number;
  /** True asks the server to end this race and start it again. */
  readonly restart: boolean;
}

/** What an SCR server does with a datagram that names no key at all (gear 1, no pedals, focus straight ahead). */
export const DEFAULT_CONTROLS: Controls = Object.freeze({
  accel: 0,
  brake: 0,
  clutch: 0,
  gear: 1,
  steer: 0,
  focus: 0,
  restart: false,
});

/** The value of `Controls.focus` that asks for no reading (the official Java client's own). */
export const NO_FOCUS = 360;
