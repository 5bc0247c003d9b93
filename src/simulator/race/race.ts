import type { CompiledTrack } from '../query/compiled-track.ts';
import type { Car } from '../vehicle/car.ts';
import { CarContacts } from './car-contacts.ts';
import { LapCounter } from './lap-counter.ts';
import { RaceClock } from './race-clock.ts';
import { slipstream } from './slipstream.ts';
import { placeOnGrid } from './starting-grid.ts';

/** Steps for which the cars settle on their springs before the countdown (TORCS 1.3.7, racemain.cpp, reRaceRealStart). */
const SETTLING_STEPS = 500;

/** Several cars on one track: start, laps, positions, the end. Drivers are asked by whoever owns the race. */
export class Race {
  readonly track: CompiledTrack;
  readonly cars: readonly Car[];
  readonly counters: readonly LapCounter[];
  readonly clock = new RaceClock();
  readonly #contacts: CarContacts;
  /** Indices of the cars, the leader first. */
  readonly order: number[];
  /** 1 once a car has finished: every other one finishes at its next crossing. */
  finishing = 0;
  /** 1 when every car has finished or is out. */
  ended = 0;

  /**
   * Places the cars and lets them settle; the clock then stands at the start of the countdown.
   * @param grid indices of the cars, the one in front first
   * @param startDistanceM where car 0 stands instead of on the track's grid, m
   */
  constructor(
    track: CompiledTrack,
    cars: readonly Car[],
    grid: readonly number[],
    laps: number,
    startDistanceM: number | undefined,
  ) {
    this.track = track;
    this.cars = cars;
    this.#contacts = new CarContacts(cars);
    this.order = [...grid];
    placeOnGrid(track, cars, grid, startDistanceM);
    this.#simulate();
    this.counters = cars.map((car) => new LapCounter(track.lengthM, laps, car));
    for (const car of cars) car.command.brake = 1;
    for (let i = 0; i < SETTLING_STEPS; i++) this.#simulate();
  }

  /** Simulates up to the next moment when drivers are asked. */
  toFirstTick(): void {
    while (!this.clock.advance()) this.#step();
  }

  /** Applies the cars' commands and simulates up to the next moment when drivers are asked. */
  toNextTick(): void {
    do this.#step();
    while (!this.clock.advance());
  }

  /** Position of a car in the race, from 1. */
  positionOf(index: number): number {
    return this.order.indexOf(index) + 1;
  }

  #step(): void {
    if (this.clock.running === 0) for (const car of this.cars) car.stepOnGrid();
    else this.#simulate();
    for (let i = 0; i < this.cars.length; i++) {
      const counter = this.counters[i]!;
      const zone = this.track.pieces[counter.previousPieceIndex]!.segment.zone;
      if (counter.update(this.cars[i]!, zone, this.clock.time, this.finishing === 1)) this.finishing = 1;
    }
    this.#rank();
  }

  #simulate(): void {
    for (let i = 0; i < this.cars.length; i++) {
      const car = this.cars[i]!;
      car.step(slipstream(car, this.cars));
    }
    this.#contacts.update();
  }

  /** The game's own way: a car moves ahead of the one in front when it has come further (raceengine.cpp, ReSortCars). */
  #rank(): void {
    let ended = 1;
    for (let i = 0; i < this.order.length; i++) {
      const car = this.cars[this.order[i]!]!;
      if (car.finished === 1) continue;
      if (car.removed === 0) ended = 0;
      const index = this.order[i]!;
      let place = i;
      while (place > 0 && this.counters[index]!.distance > this.counters[this.order[place - 1]!]!.distance) {
        this.order[place] = this.order[place - 1]!;
        place--;
      }
      this.order[place] = index;
    }
    this.ended = ended;
  }
}
