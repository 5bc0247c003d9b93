import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { sizeOf } from '../../core/box.ts';
import { InvalidArgumentError, InvalidFileError } from '../../core/errors.ts';
import { createActor, createCritic } from '../ddpg/networks.ts';
import { checkSettings } from '../ddpg/options.ts';
import type { ParameterDeclaration } from '../networks/index.ts';
import { LARGEST_POLICY_FILE, type PolicyDescription, parsePolicy, type WeightsMark } from './policy-file.ts';
import { readPlainFile } from './read-file.ts';
import { decodeSafetensors } from './safetensors.ts';
import { CRITIC_PREFIX, NEXT_WEIGHTS_FILE, POLICY_FILE, WEIGHTS_FILE } from './write-policy.ts';

/** A policy folder, read and found sound. */
export interface PolicyContent extends PolicyDescription {
  /** By the parameters' names; those of critics begin with `critic.`. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Largest weights that are read, bytes. */
const LARGEST_WEIGHTS = 1 << 30;
/** Room for the header of the weights' file. */
const HEADER_ROOM = 1 << 20;
/** A policy may be replaced while it is read; then it is read anew, up to this often. */
const MOST_ATTEMPTS = 100;

/**
 * Reads a policy folder of anyone's: everything is checked before anything is used, and nothing in it is run.
 *
 * @throws InvalidFileError naming the file and what is wrong with it
 */
export function readPolicyFolder(folder: string): PolicyContent {
  const file = path.join(folder, POLICY_FILE);
  let bytes = readPlainFile(file, LARGEST_POLICY_FILE);
  for (let attempt = 1; ; attempt++) {
    try {
      return readPolicy(folder, bytes);
    } catch (error) {
      if (attempt === MOST_ATTEMPTS) throw error;
      const again = readPlainFile(file, LARGEST_POLICY_FILE);
      if (Buffer.from(again).equals(bytes)) throw error;
      bytes = again;
    }
  }
}

function readPolicy(folder: string, bytes: Uint8Array): PolicyContent {
  const file = path.join(folder, POLICY_FILE);
  const { weights: mark, ...description } = parsePolicy(bytes, file);
  const parameters = parametersOf(description, file);
  const largest = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0) * Float32Array.BYTES_PER_ELEMENT;
  if (largest > LARGEST_WEIGHTS) {
    throw new InvalidFileError(
      `Expected networks of at most ${LARGEST_WEIGHTS} bytes of weights, got settings in ${file} for ${largest}`,
    );
  }
  const found = findWeights(folder, mark, largest + HEADER_ROOM);
  return { ...description, weights: takeWeights(found, parameters) };
}

function parametersOf(description: PolicyDescription, file: string): readonly ParameterDeclaration[] {
  try {
    const settings = checkSettings(description.settings);
    const { parameters } = createActor(settings, description);
    if (!description.hasCritic) return parameters;
    const critics = createCritic(settings, description).parameters;
    return [...parameters, ...critics.map((parameter) => ({ ...parameter, name: CRITIC_PREFIX + parameter.name }))];
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidFileError(`Expected settings and spaces in ${file} that fit. ${error.message}`, { cause: error });
  }
}

interface FoundWeights {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The weights that `policy.json` speaks of, under either name. */
function findWeights(folder: string, mark: WeightsMark, largest: number): FoundWeights {
  const present = [WEIGHTS_FILE, NEXT_WEIGHTS_FILE]
    .map((name) => path.join(folder, name))
    .filter((file, i) => i === 0 || fs.existsSync(file));
  let reason: unknown;
  for (const file of present) {
    try {
      const bytes = readPlainFile(file, largest);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (bytes.length === mark.bytes && sha256 === mark.sha256) return { file, bytes };
      reason ??= new InvalidFileError(
        `Expected ${file} to be the ${mark.bytes} bytes of weights whose checksum ${POLICY_FILE} names, got ${bytes.length} bytes with another: they were damaged or exchanged`,
      );
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
}

function takeWeights(
  { file, bytes }: FoundWeights,
  parameters: readonly ParameterDeclaration[],
): ReadonlyMap<string, Float32Array> {
  const tensors = decodeSafetensors(bytes, file);
  const weights = new Map<string, Float32Array>();
  for (const { name, shape } of parameters) {
    const tensor = tensors.get(name);
    if (tensor === undefined || !sameShape(tensor.shape, shape)) {
      const got = tensor === undefined ? 'none' : `shape [${tensor.shape}]`;
      throw new InvalidFileError(`Expected weights \`${name}\` of shape [${shape}] in ${file}, got ${got}`);
    }
    const wrong = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new InvalidFileError(`Expected finite weights in ${file}, got ${tensor.data[wrong]} in \`${name}\``);
    }
    weights.set(name, tensor.data);
  }
  const unknown = [...tensors.keys()].find((name) => !weights.has(name));
  if (unknown === undefined) return weights;
  throw new InvalidFileError(`Expected only the weights that the settings call for in ${file}, got \`${unknown}\` too`);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}
