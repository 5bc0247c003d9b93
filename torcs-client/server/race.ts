import type { Controls } from '../controls.ts';
import type { Sensors } from '../sensors.ts';
import type { MultiCarSimulator, Simulator, SimulatorResetOptions } from '../simulator.ts';
import type { Timers } from '../timers.ts';
import { type CarLink, type LinkAnswer, type LinkInterruption, SILENT_CONTROLS } from './car-link.ts';

/** One car or many, driven alike. */
export interface Field {
  readonly carCount: number;
  readonly raceOver: boolean;
  reset(options: SimulatorResetOptions): Promise<readonly Sensors[]>;
  step(controls: readonly Controls[]): Promise<readonly Sensors[]>;
}

export function fieldOf(simulator: Simulator): Field {
  if (isMultiCar(simulator)) {
    return {
      carCount: simulator.carCount,
      get raceOver() {
        return simulator.raceOver;
      },
      reset: (options) => simulator.resetAll(options),
      step: (controls) => simulator.stepAll(controls),
    };
  }
  return {
    carCount: 1,
    get raceOver() {
      return simulator.raceOver;
    },
    reset: async (options) => [await simulator.reset(options)],
    step: async (controls) => [await simulator.step(controls[0]!)],
  };
}

function isMultiCar(simulator: Simulator): simulator is MultiCarSimulator {
  return typeof (simulator as Partial<MultiCarSimulator>).stepAll === 'function';
}

/** Game time between two control ticks, ms. */
const TICK_MS = 20;
/** The game gives up to catch up with the clock beyond this (2000 steps of 2 ms). */
const LARGEST_LAG_MS = 4000;

/** How a race ended: by itself, because cars asked for a restart, or because it was interrupted. */
export type RaceEnd =
  | { readonly kind: 'over' | LinkInterruption }
  | { readonly kind: 'restart'; readonly cars: number[] };

/** Time stands still until every car has answered. */
export async function runLockstepRace(
  field: Field,
  links: readonly CarLink[],
  first: readonly Sensors[],
): Promise<RaceEnd> {
  let sensors = first;
  const answers = new Array<LinkAnswer>(links.length);
  for (let tick = 0; ; tick++) {
    const waits = links.map((link, car) => link.exchange(sensors[car]!, tick));
    for (let car = 0; car < links.length; car++) answers[car] = await waits[car]!;
    const end = endBy(answers);
    if (end !== undefined) return end;
    sensors = await field.step(answers as Controls[]);
    if (field.raceOver) return { kind: 'over' };
  }
}

export interface RealTimeOptions {
  readonly timers: Timers;
  readonly answerTimeoutMs: number;
}

/** A tick each 20 ms of the clock; who does not answer in time drives on with the last command. */
export async function runRealTimeRace(
  field: Field,
  links: readonly CarLink[],
  first: readonly Sensors[],
  { timers, answerTimeoutMs }: RealTimeOptions,
): Promise<RaceEnd> {
  let sensors = first;
  const controls: Controls[] = links.map(() => SILENT_CONTROLS);
  let dueMs = timers.now();
  for (let tick = 0; ; tick++) {
    const answers = await Promise.all(links.map((link, car) => link.poll(sensors[car]!, tick, answerTimeoutMs)));
    const end = endBy(answers);
    if (end !== undefined) return end;
    for (let car = 0; car < links.length; car++)
      controls[car] = (answers[car] as Controls | undefined) ?? controls[car]!;
    sensors = await field.step(controls);
    if (field.raceOver) return { kind: 'over' };
    dueMs = Math.max(dueMs + TICK_MS, timers.now() - LARGEST_LAG_MS);
    const waitMs = dueMs - timers.now();
    if (waitMs > 0) await new Promise<void>((resolve) => timers.after(waitMs, resolve));
  }
}

function endBy(answers: readonly (LinkAnswer | undefined)[]): RaceEnd | undefined {
  let cars: number[] | undefined;
  for (let car = 0; car < answers.length; car++) {
    const answer = answers[car];
    if (answer === 'closed' || answer === 'abandoned') return { kind: answer };
    if (answer?.restart === true) {
      cars ??= [];
      cars.push(car);
    }
  }
  return cars === undefined ? undefined : { kind: 'restart', cars };
}
