import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TorcsPilotError } from '../../errors.ts';

const targetSchema = z.strictObject({
  /** Files, relative to the folder of build.json. */
  sources: z.array(z.string().min(1)).min(1),
  /** Files of the game's own source, relative to its `src`, compiled along without warnings. */
  torcsSources: z.array(z.string().min(1)).default([]),
  /** Names for the linker, without `-l`. */
  libraries: z.array(z.string().min(1)).default([]),
});

const buildFileSchema = z.strictObject({
  robot: targetSchema,
  runner: targetSchema,
  /** The XML file by which the game knows the robot's drivers, relative to the folder of build.json. */
  robotDefinition: z.string().min(1),
});

/** What to compile and to link for one of the two programs. */
export type BuildTarget = z.infer<typeof targetSchema>;

/** The C++ part of torcs-pilot: the robot that TORCS loads, and the program that runs TORCS headless. */
export interface RobotSources {
  readonly folder: string;
  readonly robot: BuildTarget;
  readonly runner: BuildTarget;
  /** Name of the XML file that lists the robot's drivers. */
  readonly robotDefinition: string;
  /** SHA-256 over the names and contents of every source and header in the folder, and of build.json. */
  readonly digest: string;
}

/** `torcs-client/robot` of this package: beside the sources in a clone, above `dist` in an installed package. */
export function defaultRobotFolder(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'torcs-client', 'robot');
    if (existsSync(join(candidate, 'build.json'))) return candidate;
    if (dirname(folder) === folder) {
      throw new TorcsPilotError(
        'ERR_TORCS_ROBOT_SOURCES',
        `Expected torcs-client/robot/build.json in a folder above ${from}, found none. Install torcs-pilot again.`,
      );
    }
  }
}

/**
 * Reads build.json and what it names.
 * @throws TorcsPilotError ERR_TORCS_ROBOT_SOURCES when build.json is not as expected or names a file that is not there
 */
export function readRobotSources(folder: string = defaultRobotFolder()): RobotSources {
  const file = join(folder, 'build.json');
  try {
    const { robot, runner, robotDefinition } = buildFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const hash = createHash('sha256');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(cpp|hpp|h)$/.test(name) || name === 'build.json' || name === robotDefinition)
      .sort();
    for (const name of [...robot.sources, ...runner.sources, robotDefinition]) readFileSync(join(folder, name));
    for (const name of names) {
      const content = readFileSync(join(folder, name));
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
    return { folder, robot, runner, robotDefinition, digest: hash.digest('hex') };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TorcsPilotError(
      'ERR_TORCS_ROBOT_SOURCES',
      `Expected ${file} to list the sources of robot and runner, got: ${error.message}. Install torcs-pilot again.`,
      { cause: error },
    );
  }
}
