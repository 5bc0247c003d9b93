import { InvalidArgumentError } from '../core/errors.ts';
import { checkOptions, type ReplayBufferOptions } from './options.ts';
import { RingReplayBuffer } from './replay-buffer.ts';

export type {
  BetaSchedule,
  DemonstrationOptions,
  PixelOptions,
  PrioritizedOptions,
  ReplayBufferOptions,
} from './options.ts';
export type { ReplayMemory, RingReplayBuffer } from './replay-buffer.ts';

/**
 * Makes a replay buffer: the last `capacity` transitions, of one environment or several, drawn uniformly or by priority,
 * mixed with demonstrations by choice.
 *
 * - Each observation is kept once, of its stack the newest picture alone, as bytes outside the JavaScript heap, in
 *   memory that is taken as the buffer fills. Full, with pictures, it takes up to 3 % more than the pictures do by
 *   themselves (from 2,000 transitions on), and a few numbers for each transition.
 * - A transition can be drawn at once, and as long as all pictures of its stacks are there: the oldest makes room first.
 *   One whose episode has not gone n steps further (yet) sums the steps that there are, and its discount says so.
 * - The same `Random` gives the same batches, also after a checkpoint was loaded.
 * - Rewards, states and actions are kept in 32 bits.
 *
 * @throws {@link InvalidArgumentError} that names the first bad option
 */
export function createReplayBuffer(options: ReplayBufferOptions): RingReplayBuffer {
  const checked = checkOptions(options);
  const { demonstrations } = checked;
  if (demonstrations === undefined) return new RingReplayBuffer(checked);
  const { buffer, share } = demonstrations;
  if (buffer instanceof RingReplayBuffer) return new RingReplayBuffer(checked, { buffer, share });
  throw new InvalidArgumentError(
    'Expected `demonstrations.buffer` to be made by `createReplayBuffer`, got another kind',
  );
}
