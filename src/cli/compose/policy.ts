import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LearnedPolicy, type PolicyContent, readPolicyFolder } from '../../agents/policy-folder/index.ts';
import { type Engine, type Environment, InvalidFileError, UsageError } from '../../core/index.ts';
import { runFiles } from '../../training/index.ts';
import type { Cleanup } from '../cleanup.ts';
import { openActingEngine } from './acting-engine.ts';
import { type DrivingSettings, type EnvironmentSettings, readEnvironmentSettings } from './environment-settings.ts';

const POLICY_FILE = 'policy.json';

/** A policy folder, checked, and the environment that its policy was trained in. */
export interface StoredPolicy {
  readonly folder: string;
  readonly content: PolicyContent;
  readonly environment: EnvironmentSettings;
}

/**
 * Reads a policy folder of anyone's. Nothing in it is run.
 *
 * @throws InvalidFileError naming the file and what is wrong with it
 */
export function readStoredPolicy(folder: string): StoredPolicy {
  refuseOtherFolders(folder);
  const content = readPolicyFolder(folder);
  const where = `\`provenance\` of ${path.join(folder, POLICY_FILE)}`;
  return { folder, content, environment: readEnvironmentSettings(content.provenance['environment'], where) };
}

/** A stored policy whose environment is driving. */
export interface StoredDrivingPolicy extends StoredPolicy {
  readonly environment: DrivingSettings;
}

/** @throws UsageError for a policy that does not drive; InvalidFileError as {@link readStoredPolicy} */
export function readDrivingPolicy(folder: string): StoredDrivingPolicy {
  const stored = readStoredPolicy(folder);
  const { environment } = stored;
  if (environment.name === 'driving') return { ...stored, environment };
  throw new UsageError(`Expected a policy that drives in ${folder}, got one of ${environment.name}`);
}

/** The policy, ready to act on an engine of its own; the cleanup takes both down. */
export async function openStoredPolicy(stored: StoredPolicy, cleanup: Cleanup): Promise<LearnedPolicy> {
  const policy = await createStoredPolicy(stored, await openActingEngine(cleanup));
  cleanup.add(() => policy.dispose());
  return policy;
}

/** The policy, ready to act. The caller disposes of it, then of the engine. */
export function createStoredPolicy({ content }: StoredPolicy, engine: Engine): Promise<LearnedPolicy> {
  return LearnedPolicy.create(content, engine);
}

/** @throws InvalidFileError when a policy was made for other observations or actions than its own environment gives */
export function requireFittingSpaces({ folder, content }: StoredPolicy, environment: Environment): void {
  for (const name of ['observationSpace', 'actionSpace'] as const) {
    // Through JSON, which has neither undefined nor infinite bounds.
    const [expected, got] = [environment, content].map((of) => JSON.parse(JSON.stringify(of[name])) as unknown);
    if (isDeepStrictEqual(expected, got)) continue;
    throw new InvalidFileError(
      `Expected the policy in ${folder} to have the \`${name}\` of the environment that it describes, got another: its parts do not belong together`,
    );
  }
}

function refuseOtherFolders(folder: string): void {
  if (!fs.existsSync(folder)) {
    throw new InvalidFileError(`Expected the folder of a policy in ${folder}, got no such folder`);
  }
  if (fs.existsSync(path.join(folder, POLICY_FILE))) return;
  const inside = [runFiles.bestPolicy, runFiles.policy].filter((name) => fs.existsSync(path.join(folder, name)));
  const hint =
    inside.length === 0 ? '' : `: did you mean ${inside.map((name) => path.join(folder, name)).join(' or ')}?`;
  throw new InvalidFileError(`Expected the folder of a policy in ${folder}, got no ${POLICY_FILE} in it${hint}`);
}
