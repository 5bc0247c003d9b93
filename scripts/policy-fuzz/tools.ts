import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { checksum } from '../../src/agents/policy-folder/policy-file.ts';
import type { Random } from '../../src/core/random.ts';

/**
 * What may come of a mutated policy folder: `refused`; `same`: the policy that it was; `either` of them; `sound`: refused,
 * or a policy that acts, because whoever made the change made the checksums anew.
 */
export type Outcome = 'refused' | 'same' | 'either' | 'sound';

export interface Mutation {
  readonly name: string;
  readonly outcome: Outcome;
  /** @param other folder of another policy */
  apply(folder: string, random: Random, other: string): void;
}

export interface Json {
  [key: string]: unknown;
}
export interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: number[];
}
export type Header = Record<string, TensorEntry>;

export const POLICY = 'policy.json';
export const WEIGHTS = 'weights.safetensors';

export function change(folder: string, name: string, by: (bytes: Buffer) => Buffer): void {
  const file = path.join(folder, name);
  fs.writeFileSync(file, by(fs.readFileSync(file)));
}

export function flip(bytes: Buffer, random: Random): Buffer {
  bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
}

export const truncate = (bytes: Buffer, random: Random) => bytes.subarray(0, random.below(bytes.length));

export const text = (by: (json: string) => string) => (bytes: Buffer) => Buffer.from(by(bytes.toString()));

/** Changes what `policy.json` says and makes its checksum anew. */
export function reseal(folder: string, by: (content: Json) => void): void {
  change(
    folder,
    POLICY,
    text((json) => {
      const { sha256: _, ...content } = JSON.parse(json) as Json;
      by(content);
      return JSON.stringify({ ...content, sha256: checksum(content) });
    }),
  );
}

/** Changes the weights and makes all checksums anew. */
export function forge(folder: string, by: (bytes: Buffer) => Buffer): void {
  change(folder, WEIGHTS, by);
  const bytes = fs.readFileSync(path.join(folder, WEIGHTS));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  reseal(folder, (content) => {
    content['weights'] = { sha256, bytes: bytes.length };
  });
}

/** Changes the weights' header. */
export function forgeHeader(folder: string, by: (header: Header, names: string[]) => string | undefined): void {
  forge(folder, (bytes) => {
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Header;
    const names = Object.keys(header).filter((name) => name !== '__metadata__');
    const json = Buffer.from(by(header, names) ?? JSON.stringify(header));
    const head = Buffer.alloc(8);
    head.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([head, json, bytes.subarray(8 + length)]);
  });
}

/** The places of all leaves but those of the provenance, which may be anything. */
export function leaves(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value)
    .filter(([key]) => at.length > 0 || key !== 'provenance')
    .flatMap(([key, part]) => leaves(part, [...at, key]));
}

export function put(content: Json, at: readonly string[], value: unknown): void {
  const parent = at.slice(0, -1).reduce<unknown>((part, key) => (part as Json)[key], content) as Json;
  parent[at.at(-1)!] = value;
}

export const anything = (random: Random): unknown =>
  random.pick([
    0,
    -1,
    1,
    0.5,
    3,
    1e9,
    -1e300,
    null,
    true,
    '',
    'mlp',
    '../../etc/passwd',
    [],
    {},
    [1, 2],
    { kind: 'conv' },
  ]);

export const dataAt = (bytes: Buffer): number => 8 + Number(bytes.readBigUInt64LE());
