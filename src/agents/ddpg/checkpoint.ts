import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { sizeOf } from '../../core/box.ts';
import type { Learner, OptimizerState, ParameterStore } from '../../core/engine.ts';
import { InvalidFileError } from '../../core/errors.ts';
import { writeJsonAtomic } from '../../core/files.ts';
import type { RandomState } from '../../core/random.ts';
import type { NoiseState } from '../noise/index.ts';
import { readPlainFile } from '../policy-folder/read-file.ts';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '../policy-folder/safetensors.ts';
import { parseStrictJson } from '../policy-folder/strict-json.ts';
import { writePieces } from '../policy-folder/write-policy.ts';
import type { ActingState } from './acting.ts';

/** Everything of an agent that is no weight. */
export interface AgentCounters {
  readonly updates: number;
  readonly exploringSteps: number;
  readonly targetNoise: RandomState;
  readonly augmentation: RandomState;
  /** Of each environment that was acted in, where there are several. */
  readonly noise: readonly NoiseState[];
  /** Likewise. */
  readonly acting: readonly ActingState[];
}

/** What is written down and taken up again. */
export interface AgentMemory {
  readonly store: ParameterStore;
  readonly learner: Learner;
  /** Trained group by phase. */
  readonly phases: Readonly<Record<string, string>>;
}

const FORMAT = 'torcs-pilot-agent';
const STATE_FILE = 'agent.json';
const WEIGHTS_FILE = 'agent.safetensors';
/** Largest `agent.json` that is read, bytes. */
const LARGEST_STATE_FILE = 16 << 20;
const HEADER_ROOM = 1 << 20;

const count = z.int().min(0);
const word = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 32 - 1);
const randomSchema = z.strictObject({
  words: z.tuple([word, word, word, word]),
  spareNormal: z.number().nullable(),
});
const stateSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  counters: z.strictObject({
    updates: count,
    exploringSteps: count,
    targetNoise: randomSchema,
    augmentation: randomSchema,
    noise: z.array(z.strictObject({ random: randomSchema, values: z.array(z.number()) })).min(1),
    acting: z
      .array(z.strictObject({ memory: z.array(z.array(z.number())), previousAction: z.array(z.number()) }))
      .min(1),
  }),
  optimizerSteps: z.record(z.string(), count),
  weights: z.strictObject({ sha256: z.string(), bytes: count }),
});

type SavedState = z.output<typeof stateSchema>;

/** Writes weights, targets, moments and counters into a folder, synced. */
export function writeAgentCheckpoint(folder: string, counters: AgentCounters, memory: AgentMemory): void {
  const { store, learner, phases } = memory;
  const tensors: [string, SafeTensor][] = [];
  const add = (prefix: string, group: string, values: Readonly<Record<string, Float32Array>>) => {
    for (const [name, data] of Object.entries(values)) {
      tensors.push([`${prefix}/${name}`, { shape: store.groups[group]![name]!.shape, data }]);
    }
  };
  for (const group of Object.keys(store.groups)) add(`weights/${group}`, group, store.read(group));
  const optimizerSteps: Record<string, number> = {};
  for (const [phase, group] of Object.entries(phases)) {
    const { step, firstMoment, secondMoment } = learner.readOptimizer(phase);
    optimizerSteps[phase] = step;
    add(`firstMoment/${phase}`, group, firstMoment);
    add(`secondMoment/${phase}`, group, secondMoment);
  }
  const mark = writePieces(path.join(folder, WEIGHTS_FILE), encodeSafetensors(tensors));
  const state: SavedState = {
    format: FORMAT,
    version: 1,
    counters: counters as SavedState['counters'],
    optimizerSteps,
    weights: { sha256: mark.sha256, bytes: mark.bytes },
  };
  writeJsonAtomic(path.join(folder, STATE_FILE), state);
}

/**
 * Takes up weights, targets and moments that were written.
 *
 * @param fits says what is wrong with the counters for this agent, if anything
 * @returns the counters
 * @throws InvalidFileError when a file is missing, damaged, or another agent's; nothing is changed then
 */
export function readAgentCheckpoint(
  folder: string,
  memory: AgentMemory,
  fits: (counters: AgentCounters) => string | undefined,
): AgentCounters {
  const file = path.join(folder, STATE_FILE);
  const state = readState(file);
  const wrong = fits(state.counters);
  if (wrong !== undefined) throw new InvalidFileError(`Expected ${file} to fit this agent, but ${wrong}`);
  const { store, learner, phases } = memory;
  const take = readTensors(path.join(folder, WEIGHTS_FILE), state, memory);
  const weights = Object.keys(store.groups).map((group) => [group, take(`weights/${group}`, group)] as const);
  const optimizers = Object.entries(phases).map(([phase, group]): [string, OptimizerState] => {
    const step = state.optimizerSteps[phase];
    if (step === undefined) throw new InvalidFileError(`Expected optimizer steps of \`${phase}\` in ${file}, got none`);
    const firstMoment = take(`firstMoment/${phase}`, group);
    return [phase, { step, firstMoment, secondMoment: take(`secondMoment/${phase}`, group) }];
  });
  for (const [group, values] of weights) store.write(group, values);
  for (const [phase, optimizer] of optimizers) learner.writeOptimizer(phase, optimizer);
  return state.counters;
}

function readState(file: string): SavedState {
  try {
    const text = Buffer.from(readPlainFile(file, LARGEST_STATE_FILE)).toString('utf8');
    return stateSchema.parse(parseStrictJson(text));
  } catch (error) {
    if (error instanceof InvalidFileError) throw error;
    const reason = error instanceof z.ZodError ? error.issues[0]!.message : String(error);
    throw new InvalidFileError(`Expected the state of an agent in ${file}, but ${reason}`, { cause: error });
  }
}

type Take = (prefix: string, group: string) => Readonly<Record<string, Float32Array>>;

function readTensors(file: string, { weights }: SavedState, { store, phases }: AgentMemory): Take {
  const sizes = [...Object.keys(store.groups), ...Object.values(phases), ...Object.values(phases)].flatMap((group) =>
    Object.values(store.groups[group]!).map(({ shape }) => sizeOf(shape)),
  );
  const largest = sizes.reduce((sum, size) => sum + size, 0) * Float32Array.BYTES_PER_ELEMENT + HEADER_ROOM;
  const bytes = readPlainFile(file, largest);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (bytes.length !== weights.bytes || sha256 !== weights.sha256) {
    throw new InvalidFileError(`Expected ${file} to be as it was written, but its checksum is another: it was damaged`);
  }
  const tensors = decodeSafetensors(bytes, file);
  if (tensors.size !== sizes.length) {
    throw new InvalidFileError(`Expected ${sizes.length} tensors of this agent in ${file}, got ${tensors.size}`);
  }
  return (prefix, group) =>
    Object.fromEntries(
      Object.entries(store.groups[group]!).map(([name, { shape }]) => {
        const tensor = tensors.get(`${prefix}/${name}`);
        if (tensor === undefined || String(tensor.shape) !== String(shape)) {
          const got = tensor === undefined ? 'none' : `[${tensor.shape}]`;
          throw new InvalidFileError(`Expected \`${prefix}/${name}\` of shape [${shape}] in ${file}, got ${got}`);
        }
        return [name, tensor.data];
      }),
    );
}
