import { addSensorNoise } from '../../../torcs-client/messages/noise.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { TRACK_SENSOR_COUNT } from '../../../torcs-client/sensors.ts';
import type { Random } from '../../core/random.ts';
import { heightAt } from '../query/road-height.ts';
import type { Race } from '../race/race.ts';
import { normalizeAngle } from '../vehicle/body.ts';
import type { Car } from '../vehicle/car.ts';
import type { Corridor } from './corridor.ts';
import { Focus } from './focus.ts';
import { readOpponents } from './opponents.ts';
import type { RangeFinders } from './range-finders.ts';

const KMH_PER_MS = 3.6;
/** The wire's `rpm` is ten times the engine's rad/s. */
const WIRE_RPM = 10;
/** A step along the track longer than this is a crossing of the start line, m (the SCR server's). */
const LINE_JUMP_M = 100;
const OFF_ROAD: readonly number[] = Object.freeze(new Array<number>(TRACK_SENSOR_COUNT).fill(-1));
const NO_EXTRA: Sensors['extra'] = Object.freeze({});

/** Reads all SCR sensors of one car in a race. Quirks are the server's: see the docstrings of `Sensors`. */
export class SensorReader {
  readonly #race: Race;
  readonly #index: number;
  readonly #car: Car;
  readonly #corridor: Corridor;
  readonly #finders: RangeFinders;
  readonly #noise: Random | undefined;
  readonly focus = new Focus();
  distanceRaced = 0;
  previousDistance: number;

  /** @param noise where the competition's noise comes from; undefined: exact readings */
  constructor(race: Race, index: number, corridor: Corridor, finders: RangeFinders, noise: Random | undefined) {
    this.#race = race;
    this.#index = index;
    this.#car = race.cars[index] as Car;
    this.#corridor = corridor;
    this.#finders = finders;
    this.#noise = noise;
    this.previousDistance = this.#car.position.distanceFromStart;
  }

  /** Reads the sensors of this instant. Call once per tick: it adds up the distance and uses up `focus`. */
  read(): Sensors {
    const car = this.#car;
    const { body, position, wheels } = car;
    const counter = this.#race.counters[this.#index]!;
    const distFromStart = position.distanceFromStart;
    this.#addDistance(distFromStart);
    const trackPos = (2 * position.toMiddle) / position.piece.width;
    const onRoad = trackPos >= -1 && trackPos <= 1;
    const stretch = this.#corridor.stretchOf(position.piece);
    // One step behind the clock, as on the wire.
    const { currentLapTime, lapStart } = counter;
    let track = OFF_ROAD;
    if (onRoad) track = this.#finders.read(stretch, body.x, body.y, Math.cos(body.yaw), Math.sin(body.yaw));
    const focus = this.focus.read(currentLapTime + lapStart, onRoad, stretch, body.x, body.y, body.yaw);
    const opponents = readOpponents(car, this.#race.cars);
    const noise = this.#noise;
    position.toStrip();
    const sensors = {
      angle: normalizeAngle(position.tangent - body.yaw),
      curLapTime: currentLapTime,
      damage: car.damage,
      distFromStart,
      distRaced: this.distanceRaced,
      focus,
      fuel: car.engine.fuel,
      gear: car.gearbox.gear,
      lastLapTime: counter.lastLapTime,
      opponents,
      racePos: this.#race.positionOf(this.#index),
      rpm: car.engine.speed * WIRE_RPM,
      speedX: body.speedX * KMH_PER_MS,
      speedY: body.speedY * KMH_PER_MS,
      speedZ: body.speedZ * KMH_PER_MS,
      track,
      trackPos,
      wheelSpinVel: [wheels[0].spin, wheels[1].spin, wheels[2].spin, wheels[3].spin],
      z: body.z - heightAt(position),
      extra: NO_EXTRA,
    };
    return noise === undefined ? sensors : addSensorNoise(sensors, () => noise.normal());
  }

  #addDistance(distFromStart: number): void {
    const length = this.#race.track.lengthM;
    let step = distFromStart - this.previousDistance;
    if (step > LINE_JUMP_M) step -= length;
    else if (step < -LINE_JUMP_M) step += length;
    this.distanceRaced += step;
    this.previousDistance = distFromStart;
  }
}
