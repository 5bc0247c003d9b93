import type { Engine, GroupedTensors } from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { createActionNoise } from '../noise/index.ts';
import type { Provenance } from '../policy-folder/policy-file.ts';
import { ActingNetwork } from './acting.ts';
import type { BatchReader } from './batch-reader.ts';
import { createDdpgRule } from './ddpg-rule.ts';
import { LearningAgent } from './learning-agent.ts';
import type { Mirror } from './mirror.ts';
import { type AgentSpaces, DdpgNetworks } from './networks.ts';
import { type AgentOptions, resolveAgentOptions } from './options.ts';
import { createReader } from './program.ts';
import type { UpdateRule } from './rule.ts';
import type { AgentSettings } from './settings.ts';

export interface CreateDdpgAgentOptions extends AgentSpaces {
  /** What the networks run on. It stays the caller's: the agent does not dispose of it. */
  readonly engine: Engine;
  /** Default: preset `td3`. */
  readonly options?: AgentOptions;
  /** Of weights and noise, 0 to 2^32-1. Default 0. */
  readonly seed?: number;
  /** Shown in tables and recordings. Default: the preset's name. */
  readonly name?: string;
  /**
   * Standard deviation of each entry of the action in a dataset, in the action's own units. Where the agent keeps to the
   * dataset's actions its distance from them is measured by it, so that steering, which moves little, counts as much as a
   * pedal, which moves much. Left out: distances count as they are.
   */
  readonly deviations?: readonly number[];
  /** Shows every other row of a batch in a mirror. Left out: never. */
  readonly mirror?: Mirror;
  /** What to write into policy folders about where the policy comes from, asked at each `save`. */
  readonly provenance?: () => Provenance;
}

/**
 * Makes an agent that learns: networks with their first weights, compiled by the engine.
 *
 * @throws InvalidArgumentError when options are wrong, or do not fit the spaces
 */
export async function createDdpgAgent(parts: CreateDdpgAgentOptions): Promise<LearningAgent> {
  const { observationSpace, actionSpace, options = {}, deviations, mirror } = parts;
  const settings = resolveAgentOptions(options);
  const spaces: AgentSpaces = { observationSpace, actionSpace };
  const networks = new DdpgNetworks(settings, spaces);
  const reader = createReader(settings, networks, spaces);
  return createLearningAgent({
    ...parts,
    settings,
    networks,
    reader,
    createRule: (random) =>
      createDdpgRule(
        { networks, reader, settings, deviations: deviations && networks.scale.sizesToUnit(deviations) },
        { mirror, random },
      ),
  });
}

export interface LearningAgentOptions extends CreateDdpgAgentOptions {
  readonly settings: AgentSettings;
  readonly networks: DdpgNetworks;
  readonly reader: BatchReader;
  /** @param random of what the rule draws for an update */
  readonly createRule: (random: Random) => UpdateRule;
}

/** Puts an agent together whose networks, batches and rule are given. */
export async function createLearningAgent(parts: LearningAgentOptions): Promise<LearningAgent> {
  const { engine, observationSpace, actionSpace, options = {}, seed = 0, provenance = () => ({}) } = parts;
  const { settings, networks, reader } = parts;
  checkShift(settings.randomShift, reader.shape.pixels);
  checkHue(settings.randomHue, reader.shape.pixels);
  const random = new Random(seed);
  const targetNoise = random.stream('target noise');
  const rule = parts.createRule(targetNoise);
  const store = engine.createParameters(rule.createGroups(random.stream('weights')));
  try {
    const learner = await engine.createLearner(store, rule.program);
    const exploration = random.stream('exploration');
    const createActing = () =>
      ActingNetwork.create({
        engine,
        store,
        actor: networks.actor,
        scale: networks.scale,
        observationSpace,
        reads: networks.policyGroups,
        weights: (groups: GroupedTensors) => networks.policyWeights((group) => groups[group]!),
      });
    return new LearningAgent({
      name: parts.name ?? options.preset ?? 'td3',
      settings,
      spaces: { observationSpace, actionSpace },
      networks,
      reader,
      rule,
      store,
      learner,
      acting: await createActing(),
      createActing,
      createNoise: () => createActionNoise(settings.actionNoise, { size: networks.scale.size, random: exploration }),
      targetNoise,
      augmentation: random.stream('augmentation'),
      provenance,
    });
  } catch (error) {
    store.dispose();
    throw error;
  }
}

function checkShift(randomShift: number, pixels: readonly [number, number, number] | undefined): void {
  if (randomShift === 0 || (pixels !== undefined && randomShift < Math.min(pixels[0], pixels[1]))) return;
  throw new InvalidArgumentError(
    `Expected \`randomShift\` to be 0 or less than the pictures' height and width, got ${randomShift} for ${pixels === undefined ? 'networks without pictures' : `${pixels[0]} × ${pixels[1]}`}`,
  );
}

function checkHue(randomHue: number, pixels: readonly [number, number, number] | undefined): void {
  if (randomHue === 0 || pixels?.[2] === undefined || pixels[2] % 3 === 0) return;
  throw new InvalidArgumentError(
    `Expected RGB pictures, three channels each, because \`randomHue\` is ${randomHue}, got ${pixels[2]} channels`,
  );
}
