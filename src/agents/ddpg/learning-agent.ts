import type { Agent, LearnResult } from '../../core/agent.ts';
import type { Batch } from '../../core/batch.ts';
import type { CheckpointFolders } from '../../core/checkpoint.ts';
import type { InputArrays, Learner, ParameterStore } from '../../core/engine.ts';
import type { Observation } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { ActOptions } from '../../core/policy.ts';
import type { Random } from '../../core/random.ts';
import type { ActionNoise } from '../noise/index.ts';
import type { Provenance } from '../policy-folder/policy-file.ts';
import { CRITIC_PREFIX, writePolicyFolder } from '../policy-folder/write-policy.ts';
import type { ActingNetwork } from './acting.ts';
import { createAgentBatch } from './agent-batch.ts';
import { augment } from './augmentation.ts';
import type { BatchReader } from './batch-reader.ts';
import { type AgentCounters, type AgentMemory, readAgentCheckpoint, writeAgentCheckpoint } from './checkpoint.ts';
import { LivePolicy } from './live-policy.ts';
import { type AgentSpaces, type DdpgNetworks, GROUPS } from './networks.ts';
import type { UpdateRule } from './rule.ts';
import type { AgentSettings } from './settings.ts';

/** What {@link LearningAgent} is made of; `createDdpgAgent` and `createCloneAgent` make it. */
export interface LearningAgentParts {
  readonly name: string;
  readonly settings: AgentSettings;
  readonly spaces: AgentSpaces;
  readonly networks: DdpgNetworks;
  readonly reader: BatchReader;
  readonly rule: UpdateRule;
  readonly store: ParameterStore;
  readonly learner: Learner;
  readonly acting: ActingNetwork;
  /** Another one over the same weights. */
  readonly createActing: () => Promise<ActingNetwork>;
  /** Makes an environment's own noise; all of them draw from one stream. */
  readonly createNoise: () => ActionNoise;
  /** Of what the rule draws for an update, such as the target policy's noise. */
  readonly targetNoise: Random;
  /** Of the changes of pictures. */
  readonly augmentation: Random;
  readonly provenance: () => Provenance;
}

/**
 * A deterministic actor and whatever its `UpdateRule` trains beside it. The rule of `createDdpgAgent` is deep
 * deterministic policy gradient (Lillicrap et al. 2015) and what improved on it, as settings: TD3 (Fujimoto et al. 2018) is
 * twin critics, a delayed actor and a smoothed target; DrQ-v2 (Yarats et al. 2021) shared convolutions, shifted pictures
 * and n-step returns, which the replay buffer sums up. That of `createCloneAgent` is behaviour cloning.
 */
export class LearningAgent implements Agent {
  readonly name: string;
  readonly settings: AgentSettings;
  readonly #parts: LearningAgentParts;
  readonly #batches = new WeakMap<Batch, InputArrays>();
  readonly #memory: AgentMemory;
  /** By source. */
  readonly #noises: ActionNoise[];
  #updates = 0;
  #exploringSteps = 0;

  constructor(parts: LearningAgentParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.settings = parts.settings;
    const { store, learner, rule, createNoise } = parts;
    this.#noises = [createNoise()];
    const phases = Object.entries(rule.program.phases).map(([phase, { trains }]) => [phase, trains]);
    this.#memory = { store, learner, phases: Object.fromEntries(phases) };
  }

  get updates(): number {
    return this.#updates;
  }

  /** @param source which of several environments starts an episode, from 0 */
  reset(source = 0): void {
    this.#parts.acting.reset(source);
    this.#noiseOf(source).reset();
  }

  /**
   * @param options with several environments, `source` is the one that the observation comes from, from 0: what is
   *   remembered from step to step (recurrent state, correlated noise) is each one's own
   * @throws InvalidArgumentError when the observation does not have the space's shape
   * @throws NotFiniteError naming the entry of the observation that is not finite
   */
  act(
    observation: Observation,
    { explore = false, source = 0 }: ActOptions & { readonly source?: number } = {},
  ): Float32Array | Promise<Float32Array> {
    const action = this.#parts.acting.act(observation, source);
    const noise = explore ? this.#noiseOf(source) : undefined;
    return action instanceof Promise ? action.then((unit) => this.#finish(unit, noise)) : this.#finish(action, noise);
  }

  /** The policy over the agent's live weights, without noise. It must be disposed of before the agent. */
  async createPolicy(): Promise<LivePolicy> {
    const { networks, createActing } = this.#parts;
    return new LivePolicy(this.name, await createActing(), networks.scale);
  }

  createBatch(): Batch {
    const inputs = this.#parts.learner.createInputs();
    const batch = createAgentBatch(this.#parts.reader, inputs);
    this.#batches.set(batch, inputs);
    return batch;
  }

  /** @throws InvalidArgumentError for a batch of someone else's; NotFiniteError as the engine says */
  async learn(batch: Batch): Promise<LearnResult> {
    const inputs = this.#batches.get(batch);
    if (inputs === undefined) {
      throw new InvalidArgumentError('Expected a batch that `createBatch` of this agent made, got another');
    }
    const { settings, reader, learner, rule, augmentation } = this.#parts;
    // Everything random of an update is drawn here, so that every engine learns from the same numbers.
    rule.prepare?.(inputs);
    augment(inputs, { pictureShape: reader.shape.pixels, settings, random: augmentation });
    const outputs = await learner.update(inputs, rule.calls(this.#updates));
    this.#updates++;
    const priorities = rule.priorities?.(outputs);
    return { metrics: rule.metrics(outputs, inputs), ...(priorities === undefined ? {} : { priorities }) };
  }

  async save(folder: string): Promise<void> {
    const { name, settings, spaces, networks, store, provenance } = this.#parts;
    const values = networks.policyWeights((group) => store.read(group));
    const weights = new Map(networks.actor.parameters.map(({ name, shape }) => [name, { shape, data: values[name]! }]));
    const hasCritic = store.groups[GROUPS.critic] !== undefined;
    if (hasCritic) {
      const critics = store.read(GROUPS.critic);
      for (const { name, shape } of networks.critic.parameters) {
        weights.set(CRITIC_PREFIX + name, { shape, data: critics[name]! });
      }
    }
    writePolicyFolder(folder, { name, settings, ...spaces, provenance: provenance(), hasCritic }, weights);
  }

  async saveCheckpoint({ own }: CheckpointFolders): Promise<readonly string[]> {
    const { targetNoise, augmentation, acting } = this.#parts;
    const counters: AgentCounters = {
      updates: this.#updates,
      exploringSteps: this.#exploringSteps,
      targetNoise: targetNoise.state,
      augmentation: augmentation.state,
      noise: this.#noises.map(({ state }) => state),
      acting: acting.state,
    };
    writeAgentCheckpoint(own, counters, this.#memory);
    return [];
  }

  async loadCheckpoint(folders: CheckpointFolders): Promise<void> {
    const { targetNoise, augmentation, acting } = this.#parts;
    const own = this.#sizes({ noise: [this.#noises[0]!.state], acting: acting.state.slice(0, 1) })[0]!;
    const counters = readAgentCheckpoint(folders.own, this.#memory, (saved) => {
      const other = this.#sizes(saved).find((sizes) => sizes !== own);
      return other === undefined ? undefined : `its noise and memory have sizes ${other}, not ${own}`;
    });
    this.#updates = counters.updates;
    this.#exploringSteps = counters.exploringSteps;
    targetNoise.state = counters.targetNoise;
    augmentation.state = counters.augmentation;
    counters.noise.forEach((state, source) => {
      this.#noiseOf(source).state = state;
    });
    acting.state = counters.acting;
  }

  async dispose(): Promise<void> {
    const { acting, learner, store } = this.#parts;
    await acting.dispose();
    await learner.dispose();
    store.dispose();
  }

  #noiseOf(source: number): ActionNoise {
    while (this.#noises.length <= source) this.#noises.push(this.#parts.createNoise());
    return this.#noises[source]!;
  }

  /** Of each source: entries of its noise, of its memories and of its action before. */
  #sizes({ noise, acting }: Pick<AgentCounters, 'noise' | 'acting'>): readonly string[] {
    const sources = Math.max(noise.length, acting.length);
    return Array.from({ length: sources }, (_, source) => {
      const remembered = acting[source] ?? acting[0];
      const memory = remembered?.memory.map((values) => values.length);
      return JSON.stringify([(noise[source] ?? noise[0])?.values.length, memory, remembered?.previousAction.length]);
    });
  }

  #finish(action: Float32Array, noise: ActionNoise | undefined): Float32Array {
    const { acting, networks } = this.#parts;
    let unit = action;
    if (noise !== undefined) {
      const added = noise.sample(this.#exploringSteps++);
      unit = action.map((value, i) => Math.min(Math.max(value + added[i]!, -1), 1));
    }
    acting.remember(unit);
    return networks.scale.valuesToEnvironment(unit);
  }
}
