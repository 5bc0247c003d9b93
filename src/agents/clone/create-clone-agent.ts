import { InvalidArgumentError } from '../../core/errors.ts';
import { type CreateDdpgAgentOptions, createLearningAgent } from '../ddpg/create-agent.ts';
import type { LearningAgent } from '../ddpg/learning-agent.ts';
import { type AgentSpaces, DdpgNetworks } from '../ddpg/networks.ts';
import { resolveAgentOptions } from '../ddpg/options.ts';
import { createReader } from '../ddpg/program.ts';
import type { ActionBalance } from './action-balance.ts';
import { createCloneRule } from './clone-rule.ts';

export interface CreateCloneAgentOptions extends CreateDdpgAgentOptions {
  /** Weighs the rows of each batch by their actions. Left out: every row counts alike. */
  readonly balance?: ActionBalance;
}

/**
 * Makes an agent that learns to act as the batches' actions say: behaviour cloning. It has an actor alone; of the options
 * those count that shape the actor or its updates: `actorEncoder`, `netArch.pi`, `actorLearningRate`, `batchSize`, `loss`,
 * `randomShift`, `randomBrightness`, `maxGradNorm`, `weightDecay`, `averagedPolicy`, `tau`, `sequenceLength`, `burnIn` and
 * the like. Rewards and what came after a step are not looked at.
 *
 * @throws InvalidArgumentError when options are wrong, or do not fit the spaces
 */
export async function createCloneAgent(parts: CreateCloneAgentOptions): Promise<LearningAgent> {
  const { observationSpace, actionSpace, options = {}, balance, deviations, mirror } = parts;
  const resolved = resolveAgentOptions(options);
  if (resolved.behaviourCloningAlpha !== null) {
    throw new InvalidArgumentError(
      `Expected \`behaviourCloningAlpha\` to be null for cloning, which has no critic to weigh against, got ${resolved.behaviourCloningAlpha}`,
    );
  }
  // Nothing is shared with a critic that is not there, and it does not decide what is read.
  const settings = { ...resolved, shareEncoder: false, criticEncoder: resolved.actorEncoder };
  const spaces: AgentSpaces = { observationSpace, actionSpace };
  const networks = new DdpgNetworks(settings, spaces);
  const reader = createReader(settings, networks, spaces);
  return createLearningAgent({
    ...parts,
    name: parts.name ?? 'clone',
    settings,
    networks,
    reader,
    createRule: (random) =>
      createCloneRule(
        { networks, reader, settings, deviations: deviations && networks.scale.sizesToUnit(deviations) },
        { balance, mirror, random },
      ),
  });
}
