import type { Controls } from '../../../torcs-client/controls.ts';

/**
 * The controls as the car holds them between ticks. The simulation lowers some of them (the gearbox cuts the gas while
 * it shifts), and they stay lowered until the driver is asked again.
 */
export class Command {
  steer = 0;
  accel = 0;
  brake = 0;
  clutch = 0;
  gear = 0;

  /** Takes the driver's controls: what is not finite counts as 0, the rest is clamped (simuv2, simu.cpp, ctrlCheck). */
  set(controls: Controls): void {
    this.steer = clampFinite(controls.steer, -1, 1);
    this.accel = clampFinite(controls.accel, 0, 1);
    this.brake = clampFinite(controls.brake, 0, 1);
    this.clutch = clampFinite(controls.clutch, 0, 1);
    this.gear = Number.isFinite(controls.gear) ? Math.trunc(controls.gear) : 0;
  }
}

function clampFinite(value: number, low: number, high: number): number {
  if (!Number.isFinite(value)) return 0;
  return value < low ? low : Math.min(value, high);
}
