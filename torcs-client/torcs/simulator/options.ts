import { z } from 'zod';
import { PICTURE_WAYS } from '../../camera/picture-way.ts';
import { InvalidArgumentError } from '../../errors.ts';
import { parseOptions } from '../../options.ts';
import { CAMERA_VIEWS } from '../../simulator.ts';
import { type CheckedResetOptions, simulatorResetSchema } from '../../simulator-options.ts';
import type { TorcsBuild } from '../build/build-store.ts';
import { findTorcsRobot, type GameFolders } from '../overlay/robots.ts';

const pixels = z.int().min(1).max(4096);
const milliseconds = z.number().positive().max(86_400_000);

export const torcsSimulatorOptionsSchema = z.strictObject({
  /** The game to start, from `requireTorcs()`. */
  build: z.custom<TorcsBuild>((value) => typeof value === 'object' && value !== null && 'runnerPath' in value, {
    error: 'what requireTorcs() returns',
  }),
  /** Pictures: width and height in pixels, 1 to 4096; view, default `road`; the game's panels, default off. Default: no camera. */
  camera: z
    .strictObject({
      width: pixels,
      height: pixels,
      view: z.enum(CAMERA_VIEWS).default('road'),
      panels: z.boolean().default(false),
    })
    .optional(),
  /**
   * `lockstep`: the game waits for each command as long as it takes. `real-time`: 20 ms of the wall clock per tick; a
   * command that takes longer than 10 ms is late, and the one before holds. Default `lockstep`.
   */
  mode: z.enum(['lockstep', 'real-time']).default('lockstep'),
  /**
   * The game's robots that race too, each `module` or `module:count`, such as `berniw:2`: that robot's first `count`
   * drivers. They stand before our car on the grid. Default none.
   */
  opponents: z.array(z.string()).max(20).default([]),
  /** The car that we drive. Default car1-trb1. */
  car: z.string().min(1).default('car1-trb1'),
  /** The car that all opponents drive. Default: each its own. */
  opponentCar: z.string().min(1).optional(),
  /** Track of a reset that names none. Default g-track-1. */
  track: z.string().min(1).default('g-track-1'),
  /** How pictures reach this process. Default `file`, the faster one; see the README beside this file. */
  pictureWay: z.enum(PICTURE_WAYS as ['stream', 'file']).default('file'),
  /** How long the game may take to start, ms. Default 30,000. */
  startTimeoutMs: milliseconds.default(30_000),
  /** How long it may take to have a race ready, opponents and all, ms. Default 60,000. */
  resetTimeoutMs: milliseconds.default(60_000),
  /** How long it may take for one tick or picture before it counts as hanging and is killed, ms. Default 10,000. */
  tickTimeoutMs: milliseconds.default(10_000),
  /** Resident memory of the game above which `reset` replaces its process by a fresh one, MiB. Default 1024. */
  memoryLimitMib: z.number().positive().default(1024),
  /** Where the instance's folder is made. Default: `overlays` in the cache folder. */
  overlaysFolder: z.string().min(1).optional(),
});

export type TorcsSimulatorOptions = z.input<typeof torcsSimulatorOptionsSchema>;
export type TorcsSimulatorSettings = z.output<typeof torcsSimulatorOptionsSchema>;

/** One car of the game's own robots. */
export interface Opponent {
  readonly module: string;
  readonly index: number;
}

/**
 * Turns `berniw:2` into the first two drivers of that robot.
 * @throws InvalidArgumentError for another form, an unknown robot, or more drivers than it has
 */
export function resolveOpponents(game: GameFolders, opponents: readonly string[]): readonly Opponent[] {
  return opponents.flatMap((text) => {
    const [, module, countText] = /^([\w-]+)(?::(\d+))?$/.exec(text) ?? [];
    if (module === undefined) {
      throw new InvalidArgumentError(
        `Expected an opponent as \`module\` or \`module:count\`, such as berniw:2, got ${JSON.stringify(text)}`,
      );
    }
    const { drivers } = findTorcsRobot(game, module);
    const count = countText === undefined ? 1 : Number(countText);
    if (count < 1 || count > drivers.length) {
      throw new InvalidArgumentError(
        `Expected 1 to ${drivers.length} drivers of the robot ${module}, got ${count} in ${JSON.stringify(text)}`,
      );
    }
    return drivers.slice(0, count).map(({ index }) => ({ module, index }));
  });
}

/** Checks the options of a reset. */
export function parseReset(options: unknown): CheckedResetOptions {
  return parseOptions(simulatorResetSchema, options, 'reset options');
}
