import type { RandomState } from '../../core/random.ts';
import type { Car } from '../vehicle/car.ts';
import type { DrivenRace } from './driven-race.ts';

/** The numbers of one object, by field. */
export type Numbers = Readonly<Record<string, number>>;

export interface CarState {
  readonly piece: number;
  /** Numbers of the car and of its parts, in the order of `partsOf`. */
  readonly parts: readonly Numbers[];
}

/** Everything that a race's future depends on, as plain numbers: serialisable. */
export interface RaceState {
  readonly cars: readonly CarState[];
  readonly counters: readonly Numbers[];
  readonly readers: readonly (readonly [Numbers, Numbers])[];
  readonly noises: readonly RandomState[];
  readonly clock: Numbers;
  readonly race: Numbers;
  readonly order: readonly number[];
}

/** Copies the state out of a race. All changing state of its objects is public fields that hold numbers. */
export function saveRace(driven: DrivenRace): RaceState {
  const { race, readers, noises } = driven;
  return {
    cars: race.cars.map((car) => ({ piece: car.position.piece.index, parts: partsOf(car).map(numbersOf) })),
    counters: race.counters.map(numbersOf),
    readers: readers.map((reader) => [numbersOf(reader), numbersOf(reader.focus)]),
    noises: noises.map((noise) => noise.state),
    clock: numbersOf(race.clock),
    race: numbersOf(race),
    order: [...race.order],
  };
}

/** Copies a state into a race on the same track with the same cars. */
export function restoreRace(driven: DrivenRace, state: RaceState): void {
  const { race, readers, noises } = driven;
  for (const [i, car] of race.cars.entries()) {
    const saved = state.cars[i]!;
    car.position.piece = race.track.pieces[saved.piece]!;
    for (const [k, part] of partsOf(car).entries()) Object.assign(part, saved.parts[k]);
  }
  for (const [i, counter] of race.counters.entries()) Object.assign(counter, state.counters[i]);
  for (const [i, reader] of readers.entries()) {
    Object.assign(reader, state.readers[i]![0]);
    Object.assign(reader.focus, state.readers[i]![1]);
  }
  for (const [i, noise] of noises.entries()) noise.state = state.noises[i]!;
  Object.assign(race.clock, state.clock);
  Object.assign(race, state.race);
  race.order.splice(0, race.order.length, ...state.order);
}

function partsOf(car: Car): object[] {
  const parts: object[] = [car, car.command, car.body, car.steering, car.engine, car.gearbox, car.air, car.position];
  for (const wheel of car.wheels) parts.push(wheel, wheel.suspension, wheel.tyre);
  return parts;
}

function numbersOf(part: object): Numbers {
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(part)) if (typeof value === 'number') numbers[key] = value;
  return numbers;
}
