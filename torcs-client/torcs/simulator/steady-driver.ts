import type { Controls } from '../../controls.ts';
import { NO_FOCUS } from '../../controls.ts';
import type { Sensors } from '../../sensors.ts';

/** car1-trb1's steer lock, rad. */
const STEER_LOCK_RAD = 0.366519;

/**
 * A proportional controller at 65 km/h, for measuring: it costs next to nothing and laps most tracks.
 * Thresholds of the gearbox are the wire's rpm (rad/s × 10).
 */
export function steadyControls({ angle, gear, rpm, speedX, trackPos }: Sensors): Controls {
  const shift = gear <= 0 ? 1 : rpm > 9000 && gear < 6 ? gear + 1 : rpm < 4000 && gear > 1 ? gear - 1 : gear;
  const steer = (angle - 0.3 * trackPos) / STEER_LOCK_RAD;
  return {
    accel: speedX < 65 ? 0.6 : 0,
    brake: 0,
    clutch: 0,
    gear: shift,
    steer: Math.max(-1, Math.min(1, steer)),
    focus: NO_FOCUS,
    restart: false,
  };
}
