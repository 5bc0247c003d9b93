import type { Controls } from '../../../torcs-client/controls.ts';
import { NO_FOCUS } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { AutomaticGearbox } from '../../core/automatic-gearbox.ts';
import type { Observation } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { Policy } from '../../core/policy.ts';
import { CAR, GRAVITY } from './car.ts';
import { GripEstimator } from './grip.ts';
import { LINE_POINTS, LINE_STEP_M, LinePlanner } from './line.ts';
import { Odometer } from './motion.ts';
import { PedalBox } from './pedals.ts';
import { Recovery } from './recovery.ts';
import { SpeedPlanner } from './speed.ts';
import { steerForCurvature } from './steering.ts';
import { AIRBORNE_M, TrackMemory } from './track-memory.ts';

/** Directions in which the driver wants its range finders: dense ahead, where bends show first. */
export const SCRIPTED_RANGE_FINDER_ANGLES_DEG: readonly number[] = [
  -90, -60, -40, -25, -15, -9, -5, -2.5, -1, 0, 1, 2.5, 5, 9, 15, 25, 40, 60, 90,
];

/** Share of the longest free view that counts as known road. */
const SEEN_SHARE = 0.85;
/** Speed, m/s, at which the end of the known road may be reached. */
const UNKNOWN_SPEED = 13;

export class ScriptedDriver implements Policy {
  readonly name = 'scripted';
  /** What an environment has to ask of its simulator for this driver. */
  readonly rangeFinderAnglesDeg = SCRIPTED_RANGE_FINDER_ANGLES_DEG;
  #memory = new TrackMemory(SCRIPTED_RANGE_FINDER_ANGLES_DEG);
  #odometer = new Odometer();
  #gripEstimator = new GripEstimator();
  #steer = 0;
  readonly #line = new LinePlanner();
  readonly #speed = new SpeedPlanner();
  readonly #pedals = new PedalBox();
  readonly #gearbox = new AutomaticGearbox();
  readonly #recovery = new Recovery();
  readonly #roadCurvature = new Float64Array(LINE_POINTS);
  readonly #slope = new Float64Array(LINE_POINTS);
  readonly #bound = new Float64Array(LINE_POINTS);
  readonly #grip = new Float64Array(LINE_POINTS);
  #stepM = 0;
  debug: Record<string, number> = {};

  reset(): void {
    this.#memory = new TrackMemory(SCRIPTED_RANGE_FINDER_ANGLES_DEG);
    this.#odometer = new Odometer();
    this.#gripEstimator = new GripEstimator();
    this.#steer = 0;
    this.#pedals.reset();
    this.#gearbox.reset();
    this.#recovery.reset();
    this.#stepM = 0;
  }

  act(observation: Observation): Float32Array {
    if (observation.sensors === undefined) {
      throw new InvalidArgumentError('Expected an observation with `sensors`, got one without');
    }
    const controls = this.drive(observation.sensors);
    return Float32Array.of(controls.steer, controls.accel, controls.brake, controls.gear, controls.clutch);
  }

  drive(sensors: Sensors): Controls {
    const memory = this.#memory;
    memory.observe(sensors, this.#stepM);
    const half = memory.widthM > 0 ? memory.widthM / 2 : 5;
    const offset = sensors.trackPos * half;
    const road = memory.curvatureAt(sensors.distFromStart);
    const motion = this.#odometer.observe(sensors, road, offset);
    this.#stepM = motion.forward * motion.dt * Math.cos(sensors.angle);
    const massKg = CAR.massKg + sensors.fuel;
    this.#gripEstimator.observe(sensors, motion, this.#steer, massKg, memory.lapLengthM);
    const manoeuvre = this.#recovery.decide(sensors, motion, half);
    if (manoeuvre !== undefined) {
      const speed = manoeuvre.reverse ? -motion.forward : motion.forward;
      const accel =
        speed < manoeuvre.speed ? Math.min(Math.abs(speed) < 2 ? 0.9 : 0.5, 0.15 + 0.2 * (manoeuvre.speed - speed)) : 0;
      const brake =
        speed > manoeuvre.speed + 2 ? Math.min(0.3, 0.05 * (speed - manoeuvre.speed)) : speed < -1 ? 0.3 : 0;
      const { gear, clutch } = this.#gearbox.shift(sensors, accel, manoeuvre.reverse);
      this.#steer = manoeuvre.steer;
      this.debug = { mode: manoeuvre.reverse ? 2 : 1, target: manoeuvre.speed, road };
      return { accel, brake, clutch, gear, steer: manoeuvre.steer, focus: NO_FOCUS, restart: false };
    }
    const farthest = (LINE_POINTS - 1) * LINE_STEP_M;
    // As far as a finder reaches there is a straight way, even where the road's course is not certain yet.
    const seen = SEEN_SHARE * Math.max(...sensors.track);
    const known = Math.min(farthest, Math.max(seen, memory.knownAheadM(sensors.distFromStart, farthest)));
    const count = Math.max(6, Math.min(LINE_POINTS, Math.floor(known / LINE_STEP_M) + 1));
    const room = half - CAR.halfWidthM - 0.6;
    for (let k = 0; k < count; k++) {
      const at = sensors.distFromStart + k * LINE_STEP_M;
      this.#roadCurvature[k] = memory.curvatureAt(at);
      this.#slope[k] = memory.slopeAt(at);
      this.#bound[k] = Math.max(room, Math.abs(offset) - 0.1 * k * LINE_STEP_M);
      this.#grip[k] = this.#gripEstimator.at(memory.wrap(at));
    }
    const drift = Math.tan(Math.max(-1, Math.min(1, motion.course)));
    this.#line.plan(count, this.#roadCurvature, offset, drift, this.#bound);
    this.#speed.plan({
      count,
      curvature: this.#line.curvature,
      slope: this.#slope,
      grip: this.#grip,
      endSpeed: count === LINE_POINTS ? 70 : UNKNOWN_SPEED,
      massKg,
    });
    const ahead = Math.min(0.9, (motion.speed * 0.03) / LINE_STEP_M);
    const target = (1 - ahead) * this.#speed.speed[0]! + ahead * this.#speed.speed[1]!;
    const curvature = this.#pursue(motion.speed, motion.course, offset, count);
    const pressing = GRAVITY + (0.7 * CAR.downforceFactor * motion.speed ** 2) / massKg;
    const lateralShare = Math.min(1, (motion.speed ** 2 * Math.abs(curvature)) / (this.#grip[0]! * pressing));
    const { accel, brake } = this.#pedals.press(sensors, motion, target, this.#speed.braking[0]!, lateralShare, massKg);
    const { gear, clutch } = this.#gearbox.shift(sensors, accel);
    const steer = sensors.z > AIRBORNE_M ? 0.7 * this.#steer : steerForCurvature(curvature, motion);
    this.#steer = steer;
    this.debug = {
      mode: 0,
      target,
      road,
      known,
      yawRate: motion.yawRate,
      curvature,
      grip: this.#gripEstimator.grip,
      gscale: this.#grip[0]!,
      n1: this.#line.offset[5]!,
    };
    return { accel, brake, clutch, gear, steer, focus: NO_FOCUS, restart: false };
  }

  /** Curvature of the arc from the car, along its motion, to the planned line some way ahead (pure pursuit). */
  #pursue(speed: number, course: number, offset: number, count: number): number {
    const reach = Math.min((count - 1) * LINE_STEP_M, 5 + 0.22 * speed);
    let x = 0;
    let y = 0;
    let heading = 0;
    const whole = Math.floor(reach / LINE_STEP_M);
    for (let k = 0; k <= whole; k++) {
      const length = k < whole ? LINE_STEP_M : reach - whole * LINE_STEP_M;
      const turn = this.#roadCurvature[k]! * length;
      x += length * Math.cos(heading + turn / 2);
      y += length * Math.sin(heading + turn / 2);
      heading += turn;
    }
    const share = reach / LINE_STEP_M - whole;
    const n = (1 - share) * this.#line.offset[whole]! + share * this.#line.offset[Math.min(count - 1, whole + 1)]!;
    const px = x - n * Math.sin(heading);
    const py = y + n * Math.cos(heading) - offset;
    const ahead = px * Math.cos(course) + py * Math.sin(course);
    const left = -px * Math.sin(course) + py * Math.cos(course);
    return (2 * left) / (ahead * ahead + left * left);
  }
}
