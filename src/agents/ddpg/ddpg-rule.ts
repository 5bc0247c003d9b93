import type { InputArrays, PhaseCall } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';
import { scheduleAt } from '../../core/schedule.ts';
import { type LossParts, TARGET_NOISE } from './losses.ts';
import { metricsOf, prioritiesOf } from './metrics.ts';
import { type Mirror, mirrorAtRandom } from './mirror.ts';
import { createGroups, createProgram } from './program.ts';
import type { UpdateRule } from './rule.ts';

/** What is drawn at random for each update. */
export interface BatchChanges {
  /** Every other row is seen in it. */
  readonly mirror?: Mirror | undefined;
  /** Of the target's actions, and of the rows that are mirrored. */
  readonly random: Random;
}

/** Critics first, then, every `policyDelay` updates, the actor and the targets. */
export function createDdpgRule(parts: LossParts, { mirror, random: drawn }: BatchChanges): UpdateRule {
  const { reader, settings, networks } = parts;
  const { policyDelay, criticLearningRate, actorLearningRate, nCritics } = settings;
  return {
    program: createProgram(parts),
    createGroups: (random) => createGroups(networks, random),
    prepare(inputs) {
      writeTargetNoise(inputs, settings, drawn);
      if (mirror !== undefined) mirrorAtRandom(inputs, reader.shape, mirror, drawn);
    },
    calls(updates) {
      const updateTargets = (updates + 1) % policyDelay === 0;
      const critic: PhaseCall = {
        phase: 'critic',
        updateTargets,
        learningRate: scheduleAt(criticLearningRate, updates),
      };
      if (!updateTargets) return [critic];
      return [critic, { phase: 'actor', updateTargets, learningRate: scheduleAt(actorLearningRate, updates) }];
    },
    metrics: (outputs, inputs) => metricsOf(outputs, reader, inputs),
    ...(reader.kind === 'sequences' ? {} : { priorities: (outputs) => prioritiesOf(outputs, nCritics) }),
  };
}

function writeTargetNoise(
  inputs: InputArrays,
  { targetPolicyNoise, targetNoiseClip }: LossParts['settings'],
  random: Random,
): void {
  const noise = inputs[TARGET_NOISE];
  if (noise === undefined) return;
  for (let i = 0; i < noise.length; i++) {
    const drawn = targetPolicyNoise * random.normal();
    noise[i] = Math.min(Math.max(drawn, -targetNoiseClip), targetNoiseClip);
  }
}
