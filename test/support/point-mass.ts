import { type Controls, NO_FOCUS } from '../../torcs-client/controls.ts';
import { InvalidArgumentError, RaceOverError } from '../../torcs-client/errors.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import type { CameraFrameInfo, MultiCarSimulator, SimulatorResetOptions } from '../../torcs-client/simulator.ts';

const TICK_S = 0.02;

interface Mass {
  x: number;
  y: number;
  speed: number;
  heading: number;
  /** Grows by every control that acted, weighted by its tick: two runs with the same value had the same controls. */
  fingerprint: number;
}

export interface PointMassOptions {
  readonly carCount?: number;
  /** The race ends after this many ticks. Default: never. */
  readonly raceTicks?: number;
  /** Ticks before the start, when the countdown is asked for. Default 3. */
  readonly countdownTicks?: number;
}

/** A deterministic stand-in for a simulator: its state depends on every control of every tick. */
export class PointMassSimulator implements MultiCarSimulator {
  readonly name = 'embedded';
  readonly camera = undefined;
  readonly track = undefined;
  readonly carCount: number;
  /** Everything that `reset` was called with. */
  readonly resets: SimulatorResetOptions[] = [];
  /** Controls of car 0 in the race under way, in order. */
  readonly controls: Controls[] = [];
  readonly #raceTicks: number;
  readonly #countdownTicks: number;
  #masses: Mass[] = [];
  #tick = 0;
  #timeTicks = 0;
  #raceOver = true;

  constructor({ carCount = 1, raceTicks = Number.POSITIVE_INFINITY, countdownTicks = 3 }: PointMassOptions = {}) {
    this.carCount = carCount;
    this.#raceTicks = raceTicks;
    this.#countdownTicks = countdownTicks;
  }

  get tick(): number {
    return this.#tick;
  }

  get raceOver(): boolean {
    return this.#raceOver;
  }

  async resetAll(options: SimulatorResetOptions = {}): Promise<readonly Sensors[]> {
    this.resets.push(options);
    this.controls.length = 0;
    this.#masses = Array.from({ length: this.carCount }, (_, car) => ({
      x: 0,
      y: car,
      speed: 0,
      heading: 0,
      fingerprint: 0,
    }));
    this.#tick = 0;
    this.#timeTicks = options.countdown === true ? -this.#countdownTicks : 0;
    this.#raceOver = false;
    return this.#sense();
  }

  async stepAll(controls: readonly Controls[]): Promise<readonly Sensors[]> {
    if (this.#raceOver) throw new RaceOverError('Expected a race under way');
    this.controls.push(controls[0]!);
    this.#tick++;
    this.#timeTicks++;
    this.#masses.forEach((mass, car) => {
      const { accel, brake, clutch, gear, steer, focus } = controls[car]!;
      mass.heading += steer * 0.03;
      mass.speed += (accel - brake) * 0.2 - clutch * 0.01 + gear * 1e-3;
      mass.x += Math.cos(mass.heading) * mass.speed * TICK_S;
      mass.y += Math.sin(mass.heading) * mass.speed * TICK_S;
      const weight = accel + 2 * brake + 3 * gear + 5 * steer + 7 * clutch + (focus === NO_FOCUS ? 0 : 11);
      mass.fingerprint = (mass.fingerprint * 0.997 + weight * (1 + (this.#tick % 13))) % 1000;
    });
    if (this.#tick >= this.#raceTicks) this.#raceOver = true;
    return this.#sense();
  }

  async reset(options: SimulatorResetOptions = {}): Promise<Sensors> {
    return (await this.resetAll(options))[0]!;
  }

  async step(controls: Controls): Promise<Sensors> {
    return (await this.stepAll([controls]))[0]!;
  }

  async renderCamera(_into: Uint8Array): Promise<CameraFrameInfo> {
    throw new InvalidArgumentError('Expected a simulator with a camera');
  }

  async close(): Promise<void> {
    this.#raceOver = true;
  }

  #sense(): readonly Sensors[] {
    return this.#masses.map((mass, car) => ({
      angle: -mass.heading,
      curLapTime: this.#timeTicks * TICK_S,
      damage: 0,
      distFromStart: mass.x,
      distRaced: mass.x,
      focus: [-1, -1, -1, -1, -1],
      fuel: 94 - mass.fingerprint / 1000,
      gear: 1,
      lastLapTime: 0,
      opponents: new Array<number>(36).fill(200),
      racePos: car + 1,
      rpm: 942.478,
      speedX: mass.speed * 3.6,
      speedY: 0,
      speedZ: 0,
      track: Array.from({ length: 19 }, (_, i) => 4 + i + mass.fingerprint / 10),
      trackPos: mass.y / 6,
      wheelSpinVel: [mass.speed, mass.speed, mass.speed, mass.speed],
      z: 0.345263,
      extra: {},
    }));
  }
}

/** Controls that are made from the sensors of the tick, so that one wrong tick changes all that follow. */
export function driveByFingerprint(sensors: Sensors, tick: number): Controls {
  const wave = (sensors.track[0]! * 37 + sensors.speedX * 11 + tick) % 10;
  return {
    accel: wave / 10,
    brake: wave < 2 ? 0.1 : 0,
    clutch: 0,
    gear: 1 + (tick % 3),
    steer: Math.sin(wave) / 2,
    focus: NO_FOCUS,
    restart: false,
  };
}
