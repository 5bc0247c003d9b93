/**
 * What the driver knows of its car, car1-trb1: the figures of the game's own car file (cars/car1-trb1, categories/trb1),
 * in SI units. The tyre's numbers are those of the game's tyre model (simuv2, wheel.cpp) at the car's static load.
 */
export const CAR = Object.freeze({
  /** Mass without fuel; a litre of fuel adds a kilogram. */
  massKg: 1150,
  halfWidthM: 0.97,
  wheelbaseM: 2.64,
  /** Distance of the front axle ahead of the centre of gravity. */
  frontAxleM: 1.2672,
  steerLockRad: 0.366519,
  wheelRadiusM: Object.freeze([0.3306, 0.3306, 0.3276, 0.3276] as const),
  /** Decelerating force of all four brakes at full pedal while the wheels still turn: torque / radius, N. */
  fullBrakeForceN: (2 * 5950.8) / 0.3306 + (2 * 2201.1) / 0.3276,
  /** Drag and wings: force = factor × v², N s²/m². */
  dragFactor: 0.674,
  /**
   * Wings and ground effect at nominal ride height give 2.9 v² N of downforce. A tyre's grip grows less than its load:
   * in bends and under brakes seven tenths of that count.
   */
  cornerDownforceFactor: 0.7 * 2.9,
});

export const GRAVITY = 9.80665;

/** A control tick, s. */
export const TICK_S = 0.02;
