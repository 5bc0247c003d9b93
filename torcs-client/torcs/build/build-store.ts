import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { COMPILER_FLAGS } from './compile.ts';
import type { RobotSources } from './robot-sources.ts';

/** A TORCS that is ready to be started: where its parts lie. */
export interface TorcsBuild {
  /** The program that runs TORCS without a window. */
  readonly runnerPath: string;
  /** The robot module, `torcs_pilot.so`. */
  readonly robotPath: string;
  /** The XML file by which the game knows the robot's drivers. */
  readonly robotDefinitionPath: string;
  /** The game's own libraries and modules: `drivers`, `modules`, `lib`. */
  readonly libraryFolder: string;
  /** The game's own data: `cars`, `tracks`, `drivers`, … */
  readonly dataFolder: string;
  /** Such as `1.3.7+dfsg-5+b2`. */
  readonly packageVersion: string;
  /** What robot and runner were built from; another one means another build. */
  readonly fingerprint: string;
  /** Where torcs-pilot keeps what it makes; overlays lie under it. */
  readonly cacheFolder: string;
}

/** The robot's name as a module of the game, and the file that TORCS loads. */
export const ROBOT_MODULE = 'torcs_pilot';
export const ROBOT_FILE = `${ROBOT_MODULE}.so`;
export const ROBOT_DEFINITION_FILE = `${ROBOT_MODULE}.xml`;
export const RUNNER_FILE = 'torcs-pilot-runner';

const manifestSchema = z.strictObject({
  fingerprint: z.string(),
  packageVersion: z.string(),
  headersDigest: z.string(),
  builtAt: z.string(),
  /** Sizes in bytes: enough to notice a file that was cut. */
  bytes: z.strictObject({ robot: z.int(), runner: z.int(), robotDefinition: z.int() }),
});

/** What `build.json` in a build's folder says. It is the last file written, so a folder with one is whole. */
export type BuildManifest = z.infer<typeof manifestSchema>;

const proofSchema = z.strictObject({
  track: z.string(),
  lapTimeS: z.number(),
  /** Control ticks that the lap took. */
  ticks: z.int(),
  provedAt: z.string(),
});

/** The lap that showed a build to work. */
export type TorcsProof = z.infer<typeof proofSchema>;

/** Names what a build is made of. Whoever changes a source, a flag or the game's version gets another name. */
export function buildFingerprint(parts: {
  readonly sources: RobotSources;
  /** Version of the installed package `torcs`. */
  readonly packageVersion: string;
  /** Version of the source whose headers are used. */
  readonly upstreamVersion: string;
  readonly architecture: string;
}): string {
  const text = JSON.stringify([
    parts.sources.digest,
    parts.packageVersion,
    parts.upstreamVersion,
    parts.architecture,
    COMPILER_FLAGS,
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Folders of the cache. */
export function cacheLayout(cacheFolder: string) {
  const torcs = join(cacheFolder, 'torcs');
  return {
    headers: (upstreamVersion: string) => join(torcs, 'headers', upstreamVersion),
    builds: join(torcs, 'builds'),
    build: (fingerprint: string) => join(torcs, 'builds', fingerprint),
    /** Half-done work of a setup; anything in it may be deleted while no setup runs. */
    work: join(torcs, 'work'),
  };
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    // A file cut by a full disk or written by another version: the same as none, it is made again.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** The manifest of a build, or undefined when the build is not there, not whole, or not what its name says. */
export function readBuild(folder: string, fingerprint: string): BuildManifest | undefined {
  const manifest = readJson(join(folder, 'build.json'), manifestSchema);
  if (manifest?.fingerprint !== fingerprint) return undefined;
  const size = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size;
  const { robot, runner, robotDefinition } = manifest.bytes;
  const whole =
    size(ROBOT_FILE) === robot && size(RUNNER_FILE) === runner && size(ROBOT_DEFINITION_FILE) === robotDefinition;
  return whole ? manifest : undefined;
}

/** Writes the manifest of a build whose three files lie in the folder. */
export function writeBuildManifest(folder: string, manifest: Omit<BuildManifest, 'bytes'>): void {
  const bytes = {
    robot: statSync(join(folder, ROBOT_FILE)).size,
    runner: statSync(join(folder, RUNNER_FILE)).size,
    robotDefinition: statSync(join(folder, ROBOT_DEFINITION_FILE)).size,
  };
  writeFileSync(join(folder, 'build.json'), `${JSON.stringify({ ...manifest, bytes }, undefined, 2)}\n`);
}

/** The lap that proved a build, or undefined when none did yet. */
export function readProof(folder: string): TorcsProof | undefined {
  return readJson(join(folder, 'proof.json'), proofSchema);
}

/** Remembers the lap that proved a build. */
export function writeProof(folder: string, proof: TorcsProof): void {
  writeFileSync(join(folder, 'proof.json'), `${JSON.stringify(proof, undefined, 2)}\n`);
}

/** Forgets the lap that proved a build. */
export function removeProof(folder: string): void {
  rmSync(join(folder, 'proof.json'), { force: true });
}
