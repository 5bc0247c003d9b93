/**
 * Mutates saved policies and loads them: each mutation must give a clear refusal, or, where it is harmless, the same
 * policy. Prints what came of each kind.
 *
 *     npx tsx scripts/policy-fuzz.ts [COUNT] [SEED]
 */
import '@tensorflow/tfjs-backend-cpu';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AgentOptions, createDdpgAgent, type LearnedPolicy, loadPolicy } from '../src/agents/index.ts';
import { EagerEngine } from '../src/backend/index.ts';
import type { Engine } from '../src/core/engine.ts';
import type { Box, Observation, ObservationSpace } from '../src/core/environment.ts';
import { InvalidFileError } from '../src/core/errors.ts';
import { Random } from '../src/core/random.ts';
import { byBytes } from './policy-fuzz/by-bytes.ts';
import { byFiles } from './policy-fuzz/by-files.ts';
import { forged } from './policy-fuzz/forged.ts';
import { resealed } from './policy-fuzz/resealed.ts';
import type { Mutation, Outcome } from './policy-fuzz/tools.ts';

const mutations: readonly Mutation[] = [...byBytes, ...byFiles, ...resealed, ...forged];

/** How often each outcome came, by the mutation's name. */
export type FuzzReport = Readonly<Record<string, { refused: number; same: number; sound: number }>>;

const filters = [{ filters: 4, size: 4, stride: 4 }];
const kinds: readonly AgentOptions[] = [
  { preset: 'td3' },
  { preset: 'fast', encoder: { kind: 'conv', filters, trunk: 5, state: true }, shareEncoder: true, randomShift: 0 },
  { encoder: { kind: 'recurrent', cell: 'lstm', hiddenSize: 3 }, sequenceLength: 2, stateNormalization: 'bounds' },
];

const box = (shape: number[], low: number | number[], high: number | number[], dtype: Box['dtype']): Box => ({
  ...{ shape, low, high, dtype },
});
const observationSpace: ObservationSpace = {
  state: { ...box([3], [-1, 0, -5], [1, 2, 5], 'float32'), names: ['a', 'b', 'c'] },
  pixels: box([12, 12, 2], 0, 255, 'uint8'),
};
const actionSpace = box([2], [-2, 0], [2, 1], 'float32');

interface Saved {
  readonly folder: string;
  readonly fingerprint: string;
}

/** What a policy is and does: everything that it says about itself, its weights, and its first actions, to the bit. */
async function fingerprintOf(policy: LearnedPolicy): Promise<string> {
  const hash = createHash('sha256');
  const { name, settings, provenance, groups } = policy;
  hash.update(JSON.stringify([name, settings, provenance, policy.observationSpace, policy.actionSpace]));
  for (const [weight, { initial }] of Object.entries(groups['actor']!)) {
    hash.update(weight).update(Buffer.from(initial.slice().buffer));
  }
  policy.reset();
  for (const phase of [0, 1]) {
    const action = await policy.act(observationOf(policy.observationSpace, phase));
    if (!action.every(Number.isFinite)) throw new Error(`an action that is not finite: ${action}`);
    hash.update(Buffer.from(action.slice().buffer));
  }
  return hash.digest('hex');
}

function observationOf({ state, pixels }: ObservationSpace, phase: number): Observation {
  const size = ({ shape }: Box) => shape.reduce((product, length) => product * length, 1);
  return {
    state: Float32Array.from({ length: size(state) }, (_, i) => Math.sin(i + phase)),
    ...(pixels === undefined ? {} : { pixels: Uint8Array.from({ length: size(pixels) }, (_, i) => i * (7 + phase)) }),
  };
}

async function savePolicies(root: string, engine: Engine): Promise<readonly Saved[]> {
  const saved: Saved[] = [];
  for (const [i, options] of kinds.entries()) {
    const provenance = () => ({ command: 'fuzz', steps: 12, versions: { package: '1' }, seeds: [1, 2] });
    const parts = { engine, observationSpace, actionSpace, seed: i, provenance };
    const agent = await createDdpgAgent({ ...parts, options: { netArch: [4], batchSize: 1, ...options } });
    const folder = path.join(root, `policy-${i}`);
    await agent.save(folder);
    await agent.dispose();
    const policy = await loadPolicy(folder, { engine });
    saved.push({ folder, fingerprint: await fingerprintOf(policy) });
    await policy.dispose();
  }
  return saved;
}

/** Loads a mutated folder. @returns what came of it */
async function attempt(folder: string, fingerprint: string, engine: Engine): Promise<'refused' | 'same' | 'sound'> {
  let policy: LearnedPolicy;
  try {
    policy = await loadPolicy(folder, { engine });
  } catch (error) {
    if (!(error instanceof InvalidFileError) || error.code !== 'ERR_INVALID_FILE') throw error;
    if (!error.message.startsWith('Expected ') || !error.message.includes(folder)) {
      throw new Error(`a message that does not say what was expected of which file: ${error.message}`);
    }
    return 'refused';
  }
  const same = (await fingerprintOf(policy)) === fingerprint;
  await policy.dispose();
  return same ? 'same' : 'sound';
}

const allowed: Readonly<Record<Outcome, readonly string[]>> = {
  refused: ['refused'],
  same: ['same'],
  either: ['refused', 'same'],
  sound: ['refused', 'same', 'sound'],
};

/**
 * @param count mutations; every kind comes at least once where there are enough
 * @throws Error naming the mutation of which something else came
 */
export async function fuzzPolicies(count: number, seed: number): Promise<FuzzReport> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-fuzz-'));
  const report: Record<string, { refused: number; same: number; sound: number }> = {};
  try {
    const engine = new EagerEngine('cpu');
    const saved = await savePolicies(root, engine);
    const random = new Random(seed);
    for (let i = 0; i < count; i++) {
      const mutation = mutations[i % mutations.length]!;
      const result = await mutate(mutation, saved, { root, random, engine }).catch((error: unknown) => {
        throw new Error(`mutation ${i} of seed ${seed}, ${mutation.name}, gave another error`, { cause: error });
      });
      report[mutation.name] ??= { refused: 0, same: 0, sound: 0 };
      report[mutation.name]![result]++;
      if (!allowed[mutation.outcome].includes(result)) {
        throw new Error(`mutation ${i} of seed ${seed}, ${mutation.name}: expected ${mutation.outcome}, got ${result}`);
      }
    }
    return report;
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

async function mutate(
  mutation: Mutation,
  saved: readonly Saved[],
  { root, random, engine }: { readonly root: string; readonly random: Random; readonly engine: Engine },
) {
  const which = random.below(saved.length);
  const { folder, fingerprint } = saved[which]!;
  const mutated = path.join(root, 'mutated');
  fs.cpSync(folder, mutated, { recursive: true });
  try {
    mutation.apply(mutated, random, saved[(which + 1) % saved.length]!.folder);
    return await attempt(mutated, fingerprint, engine);
  } finally {
    fs.rmSync(mutated, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = '1000', seed = '1'] = process.argv.slice(2);
  const report = await fuzzPolicies(Number(count), Number(seed));
  console.table(report);
  const totals = Object.values(report);
  const sum = (key: 'refused' | 'same' | 'sound') => totals.reduce((total, one) => total + one[key], 0);
  console.log(
    `${count} mutations, seed ${seed}: ${sum('refused')} refused, ${sum('same')} the same policy, ${sum('sound')} another sound policy`,
  );
}
