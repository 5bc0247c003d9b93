import type { Sensors } from '../../torcs-client/sensors.ts';

/**
 * The first state of a real server on a 12 m wide track (published in an issue; the competition server of 2013, third
 * car on the grid), its opponents filled in as the server's rules say.
 */
export const CAPTURED_STATE =
  '(angle 0)(curLapTime -0.982)(damage 0)(distFromStart 6184.46)(distRaced 0)(fuel 94)(gear 0)(lastLapTime 0)' +
  '(opponents 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 16.9999 200 10.3077 200 200 200 ' +
  '200 200 200 200 200 200 200 200 200 200 200 200)' +
  '(racePos 3)(rpm 942.478)(speedX 0)(speedY 0)(speedZ -0.000605693)' +
  '(track 4 4.14111 4.6188 5.65686 8.00001 15.4548 23.0351 45.8947 200 200 200 91.7892 46.0701 30.9096 15.9999 11.3137 ' +
  '9.23759 8.2822 8)' +
  '(trackPos 0.333333)(wheelSpinVel 0 0 0 0)(z 0.345263)(focus -1 -1 -1 -1 -1)\0';

/** Any sensors, with what a test cares about. */
export function sensorsWith(changes: Partial<Sensors> = {}): Sensors {
  return {
    angle: 0.0123456,
    curLapTime: 12.3457,
    damage: 12,
    distFromStart: 1234.57,
    distRaced: 2345.68,
    focus: [-1, -1, -1, -1, -1],
    fuel: 93.1235,
    gear: 3,
    lastLapTime: 0,
    opponents: Array.from({ length: 36 }, (_, i) => (i % 5 === 0 ? 17.25 + i : 200)),
    racePos: 1,
    rpm: 7654.32,
    speedX: 123.457,
    speedY: -0.123456,
    speedZ: 0.0012345,
    track: Array.from({ length: 19 }, (_, i) => 4.125 * (i + 1)),
    trackPos: 0.333333,
    wheelSpinVel: [101.235, 102.235, 103.456, 104.568],
    z: 0.345263,
    extra: {},
    ...changes,
  };
}
