import type { Controls } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { Random } from '../../core/random.ts';
import { type CompiledTrack, compileTrack } from '../query/compiled-track.ts';
import { Corridor } from '../sensors/corridor.ts';
import { RangeFinders } from '../sensors/range-finders.ts';
import { SensorReader } from '../sensors/sensor-reader.ts';
import type { Track } from '../track/model.ts';
import { Car } from '../vehicle/car.ts';
import { CAR1_TRB1 } from '../vehicle/car1-trb1.ts';
import { Race } from './race.ts';

/** A driver that is a program and has a car of its own. */
export interface OpponentDriver {
  /** Called once a tick. */
  drive(sensors: Sensors): Controls;
  /** Called when a race starts. */
  reset?(): void;
  /** Directions of its 19 range finders, degrees. Default: those of the race. */
  readonly rangeFinderAnglesDeg?: readonly number[];
}

/** How a race is run; everything is told, nothing has a default here. */
export interface DrivenRaceOptions {
  /** Cars driven from outside; they stand behind the opponents on the grid. */
  readonly carCount: number;
  readonly opponents: readonly OpponentDriver[];
  readonly laps: number;
  readonly startDistanceM: number | undefined;
  readonly damage: boolean;
  readonly fuel: boolean;
  readonly noise: boolean;
  readonly seed: number;
  readonly rangeFinderAnglesDeg: readonly number[];
  readonly countdown: boolean;
}

const corridors = new WeakMap<CompiledTrack, Corridor>();

function corridorOf(track: CompiledTrack): Corridor {
  let corridor = corridors.get(track);
  if (corridor === undefined) {
    corridor = new Corridor(track);
    corridors.set(track, corridor);
  }
  return corridor;
}

/** A race whose cars have sensors and drivers: some outside, who are waited for, and some functions. */
export class DrivenRace {
  readonly race: Race;
  readonly readers: readonly SensorReader[];
  readonly noises: readonly Random[];
  readonly #carCount: number;
  readonly #opponents: readonly OpponentDriver[];

  constructor(track: Track, options: DrivenRaceOptions) {
    const compiled = compileTrack(track);
    const total = options.carCount + options.opponents.length;
    const cars = Array.from({ length: total }, () => new Car(CAR1_TRB1, options, compiled.pieces[0]!));
    const indices = cars.map((_, index) => index);
    const grid = [...indices.slice(options.carCount), ...indices.slice(0, options.carCount)];
    this.race = new Race(compiled, cars, grid, options.laps, options.startDistanceM);
    const random = new Random(options.seed);
    this.noises = options.noise ? cars.map((_, index) => random.stream(`sensor noise ${index}`)) : [];
    const finders = new RangeFinders(options.rangeFinderAnglesDeg);
    const corridor = corridorOf(compiled);
    this.readers = cars.map((_, i) => {
      const angles = options.opponents[i - options.carCount]?.rangeFinderAnglesDeg;
      const own = angles === undefined ? finders : new RangeFinders(angles);
      return new SensorReader(this.race, i, corridor, own, this.noises[i]);
    });
    this.#carCount = options.carCount;
    this.#opponents = options.opponents;
  }

  /** Goes to the first tick that drivers see: of the countdown, or of the race. Returns the outside drivers' sensors. */
  start(countdown: boolean): Sensors[] {
    for (const car of this.race.cars) car.command.brake = 0;
    for (const opponent of this.#opponents) opponent.reset?.();
    this.race.toFirstTick();
    while (!countdown && this.race.clock.running === 0) this.race.toNextTick();
    return this.#read();
  }

  /** Drives for one tick. `controls` has an entry for each outside driver. */
  advance(controls: readonly Controls[]): Sensors[] {
    for (let i = 0; i < this.#carCount; i++) {
      this.race.cars[i]!.command.set(controls[i]!);
      this.readers[i]!.focus.ask(controls[i]!.focus);
    }
    this.race.toNextTick();
    return this.#read();
  }

  /** Whether every outside driver's car has finished or is out. */
  get over(): boolean {
    if (this.race.ended === 1) return true;
    for (let i = 0; i < this.#carCount; i++) {
      const car = this.race.cars[i]!;
      if (car.finished === 0 && car.removed === 0) return false;
    }
    return true;
  }

  /** Reads all sensors, and asks the opponents at once: what they command is part of the race's state. */
  #read(): Sensors[] {
    for (let i = 0; i < this.#opponents.length; i++) {
      const index = this.#carCount + i;
      if (this.race.cars[index]!.removed === 1) continue;
      const controls = this.#opponents[i]!.drive(this.readers[index]!.read());
      this.race.cars[index]!.command.set(controls);
      this.readers[index]!.focus.ask(controls.focus);
    }
    const sensors: Sensors[] = [];
    for (let i = 0; i < this.#carCount; i++) sensors.push(this.readers[i]!.read());
    return sensors;
  }
}
