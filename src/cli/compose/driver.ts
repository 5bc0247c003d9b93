import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { CameraFormat, Simulator } from '../../../torcs-client/simulator.ts';
import { RandomPolicy } from '../../agents/random/index.ts';
import { ScriptedDriver } from '../../agents/scripted/index.ts';
import { nearestName, type Policy, Random, UsageError } from '../../core/index.ts';
import { DrivingEnvironment, type DrivingOptions } from '../../environments/index.ts';
import { Cleanup } from '../cleanup.ts';
import { oneOf } from '../command.ts';
import { cameraOf, makePipeline } from './environment.ts';

/** The drivers that `--driver` knows by name. */
export const driverNames = ['scripted', 'random'] as const;
export type DriverName = (typeof driverNames)[number];

/** Who drives: a driver of ours, or a policy that was trained and saved. */
export type DriverChoice = DriverName | { readonly folder: string };

/** A name, or the folder of a policy: a path with a slash in it, or one that exists. */
export const driverSchema = z.string().transform((text, context): DriverChoice => {
  const isName = driverNames.some((name) => name === text);
  if (!isName && text !== '' && (/[/\\]/.test(text) || existsSync(text))) return { folder: text };
  const result = oneOf(driverNames).safeParse(text);
  if (result.success) return result.data;
  const isNear = nearestName(text, driverNames) !== undefined;
  context.addIssue({
    code: 'custom',
    message: isNear ? result.error.issues[0]!.message : `one of ${driverNames.join(', ')}, or the folder of a policy`,
  });
  return z.NEVER;
});

/** Where somebody has to know the road. @throws UsageError for the random driver */
export function refuseRandom(flag: string, choice: DriverChoice): Exclude<DriverChoice, 'random'> {
  if (choice !== 'random') return choice;
  throw new UsageError(`Expected --${flag} scripted or the folder of a policy, got random`);
}

/** What a drive leaves to whoever drives. */
export type DriveOptions = Omit<DrivingOptions, 'actions' | 'rangeFinderAnglesDeg' | 'actionRepeat' | 'state'>;

/** Somebody who can drive, and what that takes. */
export interface Driver {
  /** The camera that it sees through; undefined: it needs none. */
  readonly camera: CameraFormat | undefined;
  /** Control ticks for which its actions hold. */
  readonly actionRepeat: number;
  /** Composes an environment and the policy that drives in it. The environment closes the simulator. */
  compose(
    simulator: Simulator,
    seed: number,
    options: DriveOptions,
  ): Promise<{ readonly environment: DrivingEnvironment; readonly policy: Policy }>;
  /** Frees what `compose` made beside the environment. */
  dispose(): Promise<void>;
}

/** @throws InvalidFileError for a damaged policy folder; UsageError for a policy that does not drive */
export async function composeDriver(choice: DriverChoice): Promise<Driver> {
  if (typeof choice === 'object') return composeLearnedDriver(choice.folder);
  const ours = { camera: undefined, actionRepeat: 1, dispose: async () => {} };
  if (choice === 'random') {
    return {
      ...ours,
      async compose(simulator, seed, options) {
        const environment = new DrivingEnvironment({ simulator, seed, options });
        return { environment, policy: new RandomPolicy(environment.actionSpace, new Random(seed).stream('policy')) };
      },
    };
  }
  return {
    ...ours,
    async compose(simulator, seed, options) {
      const policy = new ScriptedDriver();
      const rangeFinderAnglesDeg = [...policy.rangeFinderAnglesDeg];
      const own = { actions: 'controls', rangeFinderAnglesDeg } as const;
      return { environment: new DrivingEnvironment({ simulator, seed, options: { ...options, ...own } }), policy };
    },
  };
}

async function composeLearnedDriver(folder: string): Promise<Driver> {
  // Loaded only where a policy drives: what runs networks takes a second.
  const { openStoredPolicy, readDrivingPolicy, requireFittingSpaces } = await import('./policy.ts');
  const stored = readDrivingPolicy(folder);
  const settings = stored.environment;
  const camera = cameraOf(settings);
  const { tracks: _, ...trained } = settings.options;
  const cleanup = new Cleanup();
  return {
    camera,
    actionRepeat: trained.actionRepeat,
    async compose(simulator, seed, options) {
      const pixels = settings.pixels && camera && makePipeline(settings.pixels, camera);
      const environment = new DrivingEnvironment({
        simulator,
        seed,
        options: { ...trained, ...options },
        ...(pixels === undefined ? {} : { pixels }),
      });
      requireFittingSpaces(stored, environment);
      return { environment, policy: await openStoredPolicy(stored, cleanup) };
    },
    dispose: () => cleanup.run(),
  };
}
