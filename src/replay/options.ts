import { z } from 'zod';
import { InvalidArgumentError } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import type { ReplayBuffer } from '../core/replay.ts';

/** Pictures as an observation carries them: height × width × (channels × stack), the oldest picture's channels first. */
export interface PixelOptions {
  /** Pixels, 1 to 4096. */
  readonly height: number;
  /** Pixels, 1 to 4096. */
  readonly width: number;
  /** Of one picture, 1 to 16. */
  readonly channels: number;
  /** Pictures in an observation's stack, 1 to 64. */
  readonly stack: number;
}

/** β that goes from `initial` to `final` in equal steps over `batches` calls of `sample`. */
export interface BetaSchedule {
  /** 0 to 1. */
  readonly initial: number;
  /** 0 to 1. */
  readonly final: number;
  /** From 1. */
  readonly batches: number;
}

/** Proportional prioritised replay: Schaul et al., "Prioritized Experience Replay" (ICLR 2016), section 3.3. */
export interface PrioritizedOptions {
  /** α: how much priorities count; 0 draws uniformly. 0 to 1. Default 0.6. */
  readonly alpha?: number;
  /** β: how much the weights make up for it; 1 wholly. 0 to 1, or a schedule. Default 0.4. */
  readonly beta?: number | BetaSchedule;
  /** ε, added to each priority so that none is 0. Above 0. Default 1e-6. */
  readonly epsilon?: number;
}

/** A fixed share of each batch from a second buffer: Ball et al., "Efficient Online RL with Offline Data" (RLPD, ICML 2023), section 4.1. */
export interface DemonstrationOptions {
  /** Another buffer of {@link createReplayBuffer}, of equal sizes, `nSteps`, `gamma` and `burnIn`. It is only read, uniformly. */
  readonly buffer: ReplayBuffer;
  /** Rows of a batch that come from it, as a share: round(share × rows) in every batch, the last ones. 0 to 1. Paper: 0.5. */
  readonly share: number;
}

/** Options of {@link createReplayBuffer}. */
export interface ReplayBufferOptions {
  /** Transitions that fit; the oldest make room for new ones. 1 to 100,000,000. Stable-Baselines3's `bufferSize`. */
  readonly capacity: number;
  /** Entries of the state vector, 0 to 65536. */
  readonly state: number;
  /** Entries of the action vector, 1 to 4096. */
  readonly action: number;
  /** γ: what the reward of the next step counts. 0 to 1. */
  readonly gamma: number;
  /** Default: no pictures are kept, even if observations have some. */
  readonly pixels?: PixelOptions;
  /** Steps whose rewards are summed before the value of what follows counts, 1 to 1000. Default 1. Not for sequences. */
  readonly nSteps?: number;
  /** Environments that feed this buffer, 1 to 4096. Default 1. */
  readonly sources?: number;
  /** Steps at the beginning of a sequence that only warm up the hidden state, 0 to 10000. Default 0. */
  readonly burnIn?: number;
  /** Default: transitions are drawn uniformly. Not for sequences. */
  readonly prioritized?: PrioritizedOptions;
  /** Default: none. */
  readonly demonstrations?: DemonstrationOptions;
}

const share = z.number().min(0).max(1);

const pixelSchema = z.strictObject({
  height: z.int().min(1).max(4096),
  width: z.int().min(1).max(4096),
  channels: z.int().min(1).max(16),
  stack: z.int().min(1).max(64),
});

const prioritizedSchema = z.strictObject({
  alpha: share.default(0.6),
  beta: z
    .union([share, z.strictObject({ initial: share, final: share, batches: z.int().min(1) })], {
      error: 'expected a number from 0 to 1, or { initial, final, batches } with both from 0 to 1 and batches from 1',
    })
    .default(0.4),
  epsilon: z.number().positive().default(1e-6),
});

const optionsSchema = z.strictObject({
  capacity: z.int().min(1).max(100_000_000),
  state: z.int().min(0).max(65_536),
  action: z.int().min(1).max(4096),
  gamma: share,
  pixels: pixelSchema.optional(),
  nSteps: z.int().min(1).max(1000).default(1),
  sources: z.int().min(1).max(4096).default(1),
  burnIn: z.int().min(0).max(10_000).default(0),
  prioritized: prioritizedSchema.optional(),
  demonstrations: z
    .strictObject({
      buffer: z.custom<ReplayBuffer>((value) => typeof value === 'object' && value !== null, {
        error: 'expected a replay buffer',
      }),
      share,
    })
    .optional(),
});

export type CheckedOptions = z.infer<typeof optionsSchema>;
export type CheckedPrioritized = z.infer<typeof prioritizedSchema>;

/** @throws {@link InvalidArgumentError} that names the first bad option */
export function checkOptions(options: ReplayBufferOptions): CheckedOptions {
  const checked = parseOptions(optionsSchema, options, 'replay buffer options');
  if (checked.state === 0 && checked.pixels === undefined) {
    throw new InvalidArgumentError('Expected a `state` of at least 1 entry, or `pixels`, got neither');
  }
  return checked;
}
