import { createHash } from 'node:crypto';
import anyTest, { type TestFn } from 'ava';
import type { Controls } from '../../../../torcs-client/controls.ts';
import type { Sensors } from '../../../../torcs-client/sensors.ts';
import type { TorcsBuild } from '../../../../torcs-client/torcs/build/build-store.ts';
import { TorcsSimulator, type TorcsSimulatorOptions } from '../../../../torcs-client/torcs/simulator/index.ts';
import { steadyControls } from '../../../../torcs-client/torcs/simulator/steady-driver.ts';
import { findBuild, surveyTorcs } from '../../../../torcs-client/torcs/status/status.ts';

const found = findBuild(await surveyTorcs());
if (found === undefined) {
  console.log('Skipped: tests of the real game, because TORCS is not set up. Run `npx torcs-pilot torcs setup`.');
}

/** One after the other: the games of parallel tests would share the machine, and timeouts are among what is tested. */
export const gameTest: TestFn | TestFn['skip'] = found === undefined ? anyTest.skip : anyTest.serial;

export function build(): TorcsBuild {
  if (found === undefined) throw new Error('TORCS is not set up');
  return found;
}

/** Runs `use` with a simulator, and closes it whatever happens. */
export async function withGame<Result>(
  options: Omit<TorcsSimulatorOptions, 'build'>,
  use: (simulator: TorcsSimulator) => Promise<Result>,
): Promise<Result> {
  const simulator = await TorcsSimulator.launch({ build: build(), ...options });
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** Drives up to `ticks` ticks, or until `done`; returns all sensors on the way. */
export async function drive(
  simulator: TorcsSimulator,
  first: Sensors,
  ticks: number,
  driver: (sensors: Sensors) => Controls = steadyControls,
  done: (sensors: Sensors) => boolean = () => false,
): Promise<Sensors[]> {
  const driven = [first];
  let sensors = first;
  for (let i = 0; i < ticks && !simulator.raceOver && !done(sensors); i++) {
    sensors = await simulator.step(driver(sensors));
    driven.push(sensors);
  }
  return driven;
}

export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
