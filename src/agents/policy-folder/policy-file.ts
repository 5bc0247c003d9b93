import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sizeOf } from '../../core/box.ts';
import type { Box, ObservationSpace } from '../../core/environment.ts';
import { InvalidFileError } from '../../core/errors.ts';
import { type AgentSettings, settingsSchema } from '../ddpg/settings.ts';
import { parseStrictJson } from './strict-json.ts';

/** Where a policy comes from: seed, command, steps, versions, date, … as the caller gave it. */
export type Provenance = Readonly<Record<string, z.core.util.JSONType>>;

/** What `policy.json` says. */
export interface PolicyDescription {
  readonly name: string;
  readonly settings: AgentSettings;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly provenance: Provenance;
  /** Whether the critics' weights are there too. */
  readonly hasCritic: boolean;
}

export interface WeightsMark {
  readonly sha256: string;
  readonly bytes: number;
}

export const POLICY_FORMAT = 'torcs-pilot-policy';
export const POLICY_VERSION = 1;
/** Largest `policy.json` that is read, bytes. */
export const LARGEST_POLICY_FILE = 4 << 20;

/** Most entries of a space. */
const LARGEST_SPACE = 1 << 26;

/** JSON has no infinities; a space's bounds may. */
const boundSchema = z.union([z.number(), z.enum(['Infinity', '-Infinity'])]);
const boundsSchema = z.union([boundSchema, z.array(boundSchema).max(1 << 20)]);
const boxSchema = z.strictObject({
  shape: z
    .array(z.int().min(1).max(LARGEST_SPACE))
    .min(1)
    .max(4)
    .refine((shape) => sizeOf(shape) <= LARGEST_SPACE, `Expected at most ${LARGEST_SPACE} entries`),
  low: boundsSchema,
  high: boundsSchema,
  dtype: z.enum(['float32', 'uint8']),
  names: z
    .array(z.string().max(200))
    .max(1 << 20)
    .optional(),
});
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const policySchema = z.strictObject({
  format: z.literal(POLICY_FORMAT),
  version: z.literal(POLICY_VERSION),
  /** A deterministic actor, as DDPG and TD3 train it. */
  kind: z.literal('deterministic'),
  name: z.string().min(1).max(200),
  /** With which it was trained; those of its networks are needed to run it. */
  settings: settingsSchema,
  observationSpace: z.strictObject({ state: boxSchema, pixels: boxSchema.optional() }),
  actionSpace: boxSchema,
  provenance: z.record(z.string(), z.json()),
  /** Whether the weights are also the critics'. */
  critic: z.boolean().default(false),
  weights: z.strictObject({
    sha256: hash,
    bytes: z
      .int()
      .min(0)
      .max(2 ** 40),
  }),
  /** Of everything else in this file, as compact JSON: a change by accident is found. */
  sha256: hash,
});

export function formatPolicy(description: PolicyDescription, weights: WeightsMark): string {
  const { name, settings, observationSpace, actionSpace, provenance, hasCritic } = description;
  const { state, pixels } = observationSpace;
  const content = {
    format: POLICY_FORMAT,
    version: POLICY_VERSION,
    kind: 'deterministic',
    name,
    settings,
    observationSpace: { state: boxToJson(state), ...(pixels === undefined ? {} : { pixels: boxToJson(pixels) }) },
    actionSpace: boxToJson(actionSpace),
    provenance,
    ...(hasCritic ? { critic: true } : {}),
    weights: { sha256: weights.sha256, bytes: weights.bytes },
  };
  return `${JSON.stringify({ ...content, sha256: checksum(content) }, null, 2)}\n`;
}

/**
 * @param file its path, for messages
 * @throws InvalidFileError when the text is no sound `policy.json`
 */
export function parsePolicy(bytes: Uint8Array, file: string): PolicyDescription & { readonly weights: WeightsMark } {
  let value: unknown;
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidFileError(`Expected sound JSON in ${file}, but ${reason}`, { cause: error });
  }
  const result = policySchema.safeParse(value);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    const where = path.length === 0 ? '' : ` \`${path.map(String).join('.')}\`:`;
    throw new InvalidFileError(
      `Expected a policy (format ${POLICY_FORMAT}, version 1) in ${file}, but${where} ${message}`,
    );
  }
  const { sha256, ...content } = value as z.output<typeof policySchema>;
  if (checksum(content) !== sha256) {
    throw new InvalidFileError(`Expected ${file} to be as it was written, but its checksum is another: it was changed`);
  }
  const { name, settings, observationSpace, actionSpace, provenance, critic, weights } = result.data;
  const pixels = observationSpace.pixels === undefined ? {} : { pixels: boxFromJson(observationSpace.pixels, file) };
  return {
    name,
    settings,
    observationSpace: { state: boxFromJson(observationSpace.state, file), ...pixels },
    actionSpace: boxFromJson(actionSpace, file),
    provenance,
    hasCritic: critic,
    weights,
  };
}

/** The checksum that `policy.json` carries: of its content without the checksum itself. */
export function checksum(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

type BoundJson = z.output<typeof boundSchema>;

function boxToJson({ shape, low, high, dtype, names }: Box) {
  const toJson = (bound: number): BoundJson => (Number.isFinite(bound) ? bound : bound > 0 ? 'Infinity' : '-Infinity');
  const bounds = (of: number | readonly number[]) => (typeof of === 'number' ? toJson(of) : of.map(toJson));
  return { shape, low: bounds(low), high: bounds(high), dtype, ...(names === undefined ? {} : { names }) };
}

function boxFromJson({ shape, low, high, dtype, names }: z.output<typeof boxSchema>, file: string): Box {
  for (const [key, list] of Object.entries({ low, high, names })) {
    if (Array.isArray(list) && list.length !== sizeOf(shape)) {
      throw new InvalidFileError(
        `Expected ${sizeOf(shape)} entries in \`${key}\` of a space of shape [${shape}] in ${file}, got ${list.length}`,
      );
    }
  }
  const bounds = (of: BoundJson | BoundJson[]) => (Array.isArray(of) ? of.map(Number) : Number(of));
  return { shape, low: bounds(low), high: bounds(high), dtype, ...(names === undefined ? {} : { names }) };
}
