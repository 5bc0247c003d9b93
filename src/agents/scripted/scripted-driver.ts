import { z } from 'zod';
import { type Controls, NO_FOCUS } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { AutomaticGearbox } from '../../core/automatic-gearbox.ts';
import type { Observation } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { parseOptions } from '../../core/options.ts';
import type { Policy } from '../../core/policy.ts';
import { CAR, GRAVITY, TICK_S } from './car.ts';
import { GripEstimator } from './grip.ts';
import { LINE_POINTS, LINE_STEP_M, LinePlanner } from './line.ts';
import { type Motion, Odometer } from './motion.ts';
import { PedalBox } from './pedals.ts';
import { type Manoeuvre, Recovery } from './recovery.ts';
import { SpeedPlanner } from './speed.ts';
import { curvatureToLine, steerForCurvature } from './steering.ts';
import { AIRBORNE_M, TrackMemory } from './track-memory.ts';

/** Directions in which the driver wants its range finders, degrees, -90 left: dense ahead, where bends show first. */
export const SCRIPTED_RANGE_FINDER_ANGLES_DEG: readonly number[] = Object.freeze([
  -90, -60, -40, -25, -15, -9, -5, -2.5, -1, 0, 1, 2.5, 5, 9, 15, 25, 40, 60, 90,
]);

/** Share of the longest free view that counts as known road. */
const SEEN_SHARE = 0.85;
/** Speed at which the end of the known road may be reached, m/s: that of a tight bend. */
const UNKNOWN_SPEED = 13;
/** The same where the plan ends before the known road does, m/s. */
const PLANNED_END_SPEED = 70;
/** Fewest points that are planned, however little of the road is known. */
const FEWEST_POINTS = 6;
/** How steeply a car beyond its room is led back, m per m. */
const RETURN_SLOPE = 0.1;
/** Grip beside the road, over that of the road. */
const OFF_ROAD_GRIP = 0.5;
/** How far ahead of the car the speed plan is read, s: controls act a tick late. */
const SPEED_PREVIEW_S = 0.03;
/** Share of the steering that is kept from tick to tick while the car flies. */
const AIRBORNE_STEER = 0.7;

/** How much the driver leaves unused, for who follows it less exactly than it drives; unknown options are refused. */
export const scriptedDriverOptionsSchema = z.strictObject({
  /** Share of the grip that is planned with, 0.2 to 1: bends are driven at its square root's share of speed. Default 1. */
  gripShare: z.number().min(0.2).max(1).default(1),
  /** Room kept between the car's side and the edge of the road, m, 0 to 10; where the road has not so much: its middle. Default 0.5. */
  edgeRoomM: z.number().min(0).max(10).default(0.5),
  /** Fastest speed, km/h, 30 to 350. Default 350. */
  topSpeedKmh: z.number().min(30).max(350).default(350),
  /** Time for which its controls act, s, 0.02 (a tick) to 0.5: it answers the more gently. Default 0.02. */
  holdS: z.number().min(TICK_S).max(0.5).default(TICK_S),
});
export type ScriptedDriverOptions = z.input<typeof scriptedDriverOptionsSchema>;

/**
 * Drives from the car's own sensors alone; no map, no file, nothing from outside the episode.
 *
 * What it senses it remembers until the episode ends: the first lap is driven by sight, the later ones by what was
 * learnt of the road's course, slope and grip (`TrackMemory`, `GripEstimator`). At each tick it plans the
 * fast line from where it is (`LinePlanner`), the fastest speeds along it (`SpeedPlanner`),
 * and follows both with steering, pedals and gearbox; when the plan does not hold, `Recovery` takes over.
 *
 * Acts in the environment's `controls` action space: steer, accelerate, brake, gear, clutch. Its simulator has to be
 * reset with {@link rangeFinderAnglesDeg}. Everything is deterministic.
 */
export class ScriptedDriver implements Policy {
  readonly name = 'scripted';
  /** What the environment has to ask of its simulator for this driver. */
  readonly rangeFinderAnglesDeg = SCRIPTED_RANGE_FINDER_ANGLES_DEG;
  readonly #options: z.output<typeof scriptedDriverOptionsSchema>;
  readonly #line = new LinePlanner();
  readonly #speed = new SpeedPlanner();
  readonly #pedals = new PedalBox();
  readonly #gearbox = new AutomaticGearbox();
  readonly #recovery = new Recovery();
  readonly #roadCurvature = new Float64Array(LINE_POINTS);
  readonly #slope = new Float64Array(LINE_POINTS);
  readonly #bound = new Float64Array(LINE_POINTS);
  readonly #grip = new Float64Array(LINE_POINTS);
  #memory = new TrackMemory(SCRIPTED_RANGE_FINDER_ANGLES_DEG);
  #odometer = new Odometer();
  #gripEstimator = new GripEstimator();
  /** Steering of the last tick. */
  #steer = 0;
  /** Way along the road in the last tick, m. */
  #stepM = 0;

  /** @throws InvalidArgumentError naming the option */
  constructor(options: ScriptedDriverOptions = {}) {
    this.#options = parseOptions(scriptedDriverOptionsSchema, options, 'options of the scripted driver');
  }

  reset(): void {
    this.#memory = new TrackMemory(SCRIPTED_RANGE_FINDER_ANGLES_DEG);
    this.#odometer = new Odometer();
    this.#gripEstimator = new GripEstimator();
    this.#line.reset();
    this.#pedals.reset();
    this.#gearbox.reset();
    this.#recovery.reset();
    this.#steer = 0;
    this.#stepM = 0;
  }

  /** @throws InvalidArgumentError when the observation carries no sensors */
  act(observation: Observation): Float32Array {
    if (observation.sensors === undefined) {
      throw new InvalidArgumentError(
        'Expected an observation with `sensors`, which the scripted driver reads, got one without: use DrivingEnvironment',
      );
    }
    const { steer, accel, brake, gear, clutch } = this.drive(observation.sensors);
    return Float32Array.of(steer, accel, brake, gear, clutch);
  }

  /**
   * Controls for one tick, for those who drive a simulator or an SCR client without an environment.
   *
   * @param steer steering that acts now, -1 to 1, where it is not what this driver commanded at the last tick
   */
  drive(sensors: Sensors, steer = this.#steer): Controls {
    const memory = this.#memory;
    memory.observe(sensors, this.#stepM);
    // The width is unknown only until the first look at both edges.
    const half = memory.widthM > 0 ? memory.widthM / 2 : 5;
    const offset = sensors.trackPos * half;
    const motion = this.#odometer.observe(sensors, memory.curvatureAt(sensors.distFromStart), offset);
    this.#stepM = motion.forward * motion.dt * Math.cos(sensors.angle);
    const massKg = CAR.massKg + sensors.fuel;
    this.#gripEstimator.observe(sensors, motion, steer, massKg, memory.lapLengthM);
    const manoeuvre = this.#recovery.decide(sensors, motion, half);
    const controls =
      manoeuvre === undefined
        ? this.#race(sensors, motion, half, offset, massKg)
        : this.#recover(sensors, motion, manoeuvre);
    this.#steer = controls.steer;
    return controls;
  }

  #race(sensors: Sensors, motion: Motion, half: number, offset: number, massKg: number): Controls {
    const { holdS } = this.#options;
    const count = this.#lookAhead(sensors, half, offset);
    const drift = Math.tan(Math.max(-1, Math.min(1, motion.course)));
    this.#line.plan(count, this.#roadCurvature, offset, drift, this.#bound);
    this.#speed.plan({
      count,
      curvature: this.#line.curvature,
      slope: this.#slope,
      grip: this.#grip,
      endSpeed: count === LINE_POINTS ? PLANNED_END_SPEED : UNKNOWN_SPEED,
      massKg,
    });
    const ahead = Math.min(0.9, (motion.speed * SPEED_PREVIEW_S) / LINE_STEP_M);
    const planned = (1 - ahead) * this.#speed.speed[0]! + ahead * this.#speed.speed[1]!;
    const target = Math.min(planned, this.#options.topSpeedKmh / 3.6);
    const curvature = curvatureToLine(motion, offset, count, this.#roadCurvature, this.#line.offset, holdS);
    const pressing = GRAVITY + (CAR.cornerDownforceFactor * motion.speed ** 2) / massKg;
    const lateralShare = Math.min(1, (motion.speed ** 2 * Math.abs(curvature)) / (this.#grip[0]! * pressing));
    const braking = this.#speed.braking[0]!;
    const { accel, brake } = this.#pedals.press(sensors, motion, { target, braking, lateralShare, massKg, holdS });
    const { gear, clutch } = this.#gearbox.shift(sensors, accel);
    const steer = sensors.z > AIRBORNE_M ? AIRBORNE_STEER * this.#steer : steerForCurvature(curvature, motion, holdS);
    return { accel, brake, clutch, gear, steer, focus: NO_FOCUS, restart: false };
  }

  /** Gathers what is known of the road ahead into the planners' arrays; returns how many points. */
  #lookAhead(sensors: Sensors, half: number, offset: number): number {
    const memory = this.#memory;
    const farthest = (LINE_POINTS - 1) * LINE_STEP_M;
    // As far as a finder reaches there is a straight way, even where the road's course is not certain yet.
    const seen = SEEN_SHARE * Math.max(...sensors.track);
    const known = Math.min(farthest, Math.max(seen, memory.knownAheadM(sensors.distFromStart, farthest)));
    const count = Math.max(FEWEST_POINTS, Math.floor(known / LINE_STEP_M) + 1);
    const room = Math.max(0, half - CAR.halfWidthM - this.#options.edgeRoomM);
    for (let k = 0; k < count; k++) {
      const at = sensors.distFromStart + k * LINE_STEP_M;
      this.#roadCurvature[k] = memory.curvatureAt(at);
      this.#slope[k] = memory.slopeAt(at);
      this.#bound[k] = Math.max(room, Math.abs(offset) - RETURN_SLOPE * k * LINE_STEP_M);
      const offRoad = this.#bound[k]! > half;
      this.#grip[k] = this.#gripEstimator.at(memory.wrap(at)) * this.#options.gripShare * (offRoad ? OFF_ROAD_GRIP : 1);
    }
    return count;
  }

  #recover(sensors: Sensors, motion: Motion, manoeuvre: Manoeuvre): Controls {
    const { accel, brake } = this.#pedals.creep(motion, manoeuvre.speed, manoeuvre.reverse);
    const { gear, clutch } = this.#gearbox.shift(sensors, accel, manoeuvre.reverse);
    return { accel, brake, clutch, gear, steer: manoeuvre.steer, focus: NO_FOCUS, restart: false };
  }
}
