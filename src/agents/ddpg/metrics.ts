import type { LearnMetrics } from '../../core/agent.ts';
import type { InputArrays } from '../../core/engine.ts';
import type { BatchReader } from './batch-reader.ts';
import { TARGET, valueName } from './losses.ts';
import type { UpdateOutputs } from './rule.ts';

/**
 * Figures of an update: `critic_loss`, `critic_gradient_norm`, `q_mean` (first critic, of the batch's actions),
 * `target_mean`, and where the actor took a step `actor_loss` and `actor_gradient_norm`.
 */
export function metricsOf(outputs: UpdateOutputs, reader: BatchReader, inputs: InputArrays): LearnMetrics {
  const critic = outputs['critic']!;
  const { actor } = outputs;
  return {
    critic_loss: critic['loss']![0]!,
    critic_gradient_norm: critic['gradientNorm']![0]!,
    q_mean: reader.meanOf(critic[valueName(0)]!, inputs),
    target_mean: reader.meanOf(critic[TARGET]!, inputs),
    ...(actor === undefined ? {} : { actor_loss: actor['loss']![0]!, actor_gradient_norm: actor['gradientNorm']![0]! }),
  };
}

/** |Q(s, a) - y| of each row, averaged over the critics. */
export function prioritiesOf(outputs: UpdateOutputs, critics: number): Float32Array {
  const { critic } = outputs;
  const target = critic![TARGET]!;
  const priorities = new Float32Array(target.length);
  for (let i = 0; i < critics; i++) {
    const values = critic![valueName(i)]!;
    for (let row = 0; row < priorities.length; row++) {
      priorities[row]! += Math.abs(values[row]! - target[row]!) / critics;
    }
  }
  return priorities;
}
