import { CAR, GRAVITY } from './car.ts';
import { LINE_POINTS, LINE_STEP_M } from './line.ts';

/** Fastest speed ever asked for, m/s. */
const TOP_SPEED = 95;
/** Share of the grip used for braking in a straight line. */
const BRAKE_SHARE = 0.85;
/** The car keeps at least this share of its weight on the wheels over a crest. */
const LEAST_LOAD = 0.25;

export interface SpeedInput {
  /** Points of the line, as many as `curvature` holds meaningfully. */
  readonly count: number;
  /** Curvature of the line, 1/m. */
  readonly curvature: Float64Array;
  /** Slope of the road at the points, NaN where unknown. */
  readonly slope: Float64Array;
  /** Greatest lateral acceleration over the acceleration that presses the car on the road. */
  readonly grip: Float64Array;
  /** Speed with which the last point may be passed, m/s. */
  readonly endSpeed: number;
  readonly massKg: number;
}

/** The fastest speeds that grip allows along a line: limits in the bends, then backwards from each by braking. */
export class SpeedPlanner {
  /** Allowed speed at each point, m/s. */
  readonly speed = new Float64Array(LINE_POINTS);
  /** Deceleration, m/s², with which the car has to brake between a point and the next at full use; 0 where it need not. */
  readonly braking = new Float64Array(LINE_POINTS);

  plan(input: SpeedInput): void {
    const { count, curvature, slope, grip, massKg } = input;
    const lift = CAR.cornerDownforceFactor / massKg;
    const drag = CAR.dragFactor / massKg;
    for (let k = 0; k < count; k++) {
      const vertical = verticalCurvature(slope, k, count);
      const bend = Math.abs(curvature[k]!);
      const denominator = bend - grip[k]! * (lift + vertical);
      let limit = denominator > 1e-6 ? Math.sqrt((grip[k]! * GRAVITY) / denominator) : TOP_SPEED;
      if (vertical < 0) limit = Math.min(limit, Math.sqrt(((1 - LEAST_LOAD) * GRAVITY) / -vertical));
      this.speed[k] = Math.min(TOP_SPEED, limit);
    }
    this.speed[count - 1] = Math.min(this.speed[count - 1]!, input.endSpeed);
    this.braking[count - 1] = 0;
    for (let k = count - 2; k >= 0; k--) {
      const next = this.speed[k + 1]!;
      const climb = Number.isNaN(slope[k]!) ? 0 : slope[k]!;
      const lateral = next * next * Math.abs(curvature[k]!);
      const whole = grip[k]! * (GRAVITY + lift * next * next);
      const left = Math.sqrt(Math.max(0.04 * whole * whole, whole * whole - lateral * lateral));
      const deceleration = Math.max(1.5, BRAKE_SHARE * left + drag * next * next + GRAVITY * climb);
      const reachable = Math.sqrt(next * next + 2 * LINE_STEP_M * deceleration);
      this.braking[k] = reachable < this.speed[k]! ? deceleration : 0;
      this.speed[k] = Math.min(this.speed[k]!, reachable);
    }
  }
}

/** Second derivative of the road's height, 1/m, positive in a dip; 0 where it is unknown. */
function verticalCurvature(slope: Float64Array, k: number, count: number): number {
  const before = slope[Math.max(0, k - 1)]!;
  const after = slope[Math.min(count - 1, k + 1)]!;
  const distance = (Math.min(count - 1, k + 1) - Math.max(0, k - 1)) * LINE_STEP_M;
  const bend = (after - before) / distance;
  return Number.isNaN(bend) ? 0 : Math.max(-0.05, Math.min(0.05, bend));
}
