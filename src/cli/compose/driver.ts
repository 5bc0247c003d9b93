import type { Simulator } from '../../../torcs-client/simulator.ts';
import { RandomPolicy } from '../../agents/random/index.ts';
import { ScriptedDriver } from '../../agents/scripted/index.ts';
import { type Policy, Random } from '../../core/index.ts';
import { DrivingEnvironment, type DrivingOptions } from '../../environments/index.ts';

/** The drivers that `--driver` knows. */
export const driverNames = ['scripted', 'random'] as const;
export type DriverName = (typeof driverNames)[number];

/** Composes an environment and who drives in it. The environment closes the simulator. */
export function composeDriving(
  simulator: Simulator,
  driver: DriverName,
  seed: number,
  options: Omit<DrivingOptions, 'actions' | 'rangeFinderAnglesDeg'>,
): { readonly environment: DrivingEnvironment; readonly policy: Policy } {
  if (driver === 'random') {
    const environment = new DrivingEnvironment({ simulator, seed, options });
    return { environment, policy: new RandomPolicy(environment.actionSpace, new Random(seed).stream('policy')) };
  }
  const policy = new ScriptedDriver();
  const rangeFinderAnglesDeg = [...policy.rangeFinderAnglesDeg];
  const environment = new DrivingEnvironment({
    simulator,
    seed,
    options: { ...options, actions: 'controls', rangeFinderAnglesDeg },
  });
  return { environment, policy };
}
