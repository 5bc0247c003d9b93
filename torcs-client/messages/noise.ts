import type { Sensors } from '../sensors.ts';

/** Standard deviations of the competition's noise, as parts of the reading (scr_server of 2013, option `-noisy`). */
export const TRACK_NOISE = 0.1;
export const OPPONENT_NOISE = 0.02;
export const FOCUS_NOISE = 0.01;

/**
 * The competition's noise: every reading of `track`, `opponents` and `focus` is multiplied by a normal number with mean
 * 1. As in the server's code (the manual says something else) saturated readings are noisy too and nothing is clamped;
 * readings of -1 mean none and stay.
 * @param normal draws a normal number with mean 0 and standard deviation 1; called once for each of the 60 readings
 */
export function addSensorNoise(sensors: Sensors, normal: () => number): Sensors {
  const noisy = (readings: readonly number[], deviation: number) =>
    readings.map((reading) => {
      const factor = 1 + deviation * normal();
      return reading < 0 ? reading : reading * factor;
    });
  return {
    ...sensors,
    focus: noisy(sensors.focus, FOCUS_NOISE),
    track: noisy(sensors.track, TRACK_NOISE),
    opponents: noisy(sensors.opponents, OPPONENT_NOISE),
  };
}
