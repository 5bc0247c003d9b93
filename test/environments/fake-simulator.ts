import type { Controls } from '../../torcs-client/controls.ts';
import { RaceOverError } from '../../torcs-client/errors.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import type { CameraFormat, Simulator, SimulatorResetOptions } from '../../torcs-client/simulator.ts';
import { NO_OPPONENT_SENSORS, STRAIGHT_TRACK_SENSORS } from './fake-sensors.ts';

const TICK_S = 0.02;

/** A straight road that closes on itself, and a point that moves along it: speed by the pedals, place across by steering. */
export class FakeSimulator implements Simulator {
  readonly name = 'fake';
  readonly camera: CameraFormat | undefined;
  readonly lengthM: number;
  readonly resets: SimulatorResetOptions[] = [];
  readonly received: Controls[] = [];
  tick = 0;
  raceOver = false;
  closed = 0;
  /** Sensors to be overwritten from the next tick on. */
  override: Partial<Sensors> = {};
  #speed = 0;
  #across = 0;
  #distance = 0;
  #raced = 0;
  #lapTime = 0;
  #lastLapTime = 0;
  #crossings = 0;
  #name = 'fake-road';

  constructor(options: { camera?: CameraFormat; lengthM?: number } = {}) {
    this.camera = options.camera;
    this.lengthM = options.lengthM ?? 1000;
  }

  get track() {
    return { name: this.#name, category: 'road', lengthM: this.lengthM, widthM: 10 };
  }

  async reset(options: SimulatorResetOptions = {}): Promise<Sensors> {
    this.resets.push(options);
    this.#name = options.track ?? 'fake-road';
    this.tick = 0;
    this.raceOver = false;
    this.#speed = 0;
    this.#across = 0;
    this.#distance = options.startDistanceM ?? this.lengthM - 25;
    this.#raced = 0;
    this.#lapTime = 0;
    this.#lastLapTime = 0;
    this.#crossings = 0;
    return this.#sensors();
  }

  async step(controls: Controls): Promise<Sensors> {
    if (this.raceOver) throw new RaceOverError('Expected a race under way, got a step after its end');
    this.received.push(controls);
    this.tick++;
    this.#speed = Math.max(0, this.#speed + (controls.accel * 10 - controls.brake * 20) * TICK_S);
    this.#across += controls.steer * this.#speed * TICK_S;
    this.#raced += this.#speed * TICK_S;
    this.#distance += this.#speed * TICK_S;
    this.#lapTime += TICK_S;
    if (this.#distance >= this.lengthM) {
      this.#distance -= this.lengthM;
      if (this.#crossings++ > 0) {
        this.#lastLapTime = this.#lapTime;
        this.#lapTime = 0;
      }
    }
    return this.#sensors();
  }

  async renderCamera(into: Uint8Array) {
    into.fill(this.tick % 256);
    return { tick: this.tick, width: this.camera!.width, height: this.camera!.height };
  }

  async close(): Promise<void> {
    this.closed++;
  }

  #sensors(): Sensors {
    return {
      angle: 0,
      curLapTime: this.#lapTime,
      damage: 0,
      distFromStart: this.#distance,
      distRaced: this.#raced,
      focus: [-1, -1, -1, -1, -1],
      fuel: 94,
      gear: 1,
      lastLapTime: this.#lastLapTime,
      opponents: NO_OPPONENT_SENSORS,
      racePos: 1,
      rpm: 942.478,
      speedX: this.#speed * 3.6,
      speedY: 0,
      speedZ: 0,
      track: STRAIGHT_TRACK_SENSORS,
      trackPos: this.#across / 5,
      wheelSpinVel: [0, 0, 0, 0],
      z: 0.345,
      extra: {},
      ...this.override,
    };
  }
}
