import * as tf from '@tensorflow/tfjs-core';
import { createDdpgAgent, type LearningAgent } from '../../../agents/index.ts';
import { CompiledEngine, createEngine, EagerEngine } from '../../../backend/index.ts';
import { type Engine, type Observation, Random } from '../../../core/index.ts';
import { median } from '../../../core/median.ts';
import { ACTION_SPACE, CONFIGURATIONS, type ConfigurationName, OBSERVATION_SPACE } from './configurations.ts';

export const ENGINE_NAMES = ['compiled', 'onnxruntime-node', 'tfjs-node', 'tfjs-wasm'] as const;
export type MeasuredEngine = (typeof ENGINE_NAMES)[number];

/** One process's figures. */
export interface Measurement {
  readonly engine: MeasuredEngine;
  readonly configuration: ConfigurationName;
  readonly description: string;
  /** Median of one update, ms, with everything that `learn` does. */
  readonly updateMs: number;
  readonly updates: number;
  /** Median of one action, ms. */
  readonly actMs: number;
  /** Making the agent: tracing and building graphs included, ms. */
  readonly createMs: number;
}

export interface MeasureOptions {
  readonly engine: MeasuredEngine;
  readonly configuration: ConfigurationName;
  readonly seconds: number;
  readonly threads?: number;
  readonly profilePrefix?: string;
}

const WARM_UP_UPDATES = 5;
const LEAST_UPDATES = 3;
const ACTS = 200;

/** Measures one engine on one configuration, in this process. */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const engine = await openEngine(options);
  const begun = performance.now();
  const agent = await createDdpgAgent({
    engine,
    observationSpace: OBSERVATION_SPACE,
    actionSpace: ACTION_SPACE,
    options: CONFIGURATIONS[options.configuration].options,
    seed: 1,
  });
  const createMs = performance.now() - begun;
  const updates = await timeUpdates(agent, options.seconds);
  const acts = await timeActs(agent);
  await agent.dispose();
  await engine.dispose();
  return {
    engine: options.engine,
    configuration: options.configuration,
    description: engine.description,
    updateMs: median(updates),
    updates: updates.length,
    actMs: median(acts),
    createMs,
  };
}

async function openEngine({ engine, threads, profilePrefix }: MeasureOptions): Promise<Engine> {
  const common = {
    ...(threads === undefined ? {} : { threads }),
    ...(profilePrefix === undefined ? {} : { profilePrefix }),
  };
  switch (engine) {
    case 'compiled':
      return CompiledEngine.create(common);
    case 'onnxruntime-node':
      return CompiledEngine.create({ ...common, runtime: 'onnxruntime-node' });
    case 'tfjs-node':
      return createEngine('tfjs-node');
    case 'tfjs-wasm':
      // A development dependency: what people use where there is no native library.
      await import('@tensorflow/tfjs-backend-wasm' as string);
      await tf.setBackend('wasm');
      return new EagerEngine('wasm');
  }
}

async function timeUpdates(agent: LearningAgent, seconds: number): Promise<number[]> {
  const batch = agent.createBatch();
  const random = new Random(2);
  for (const array of Object.values(batch)) {
    for (let i = 0; array instanceof Float32Array && i < array.length; i++) array[i] = random.between(-1, 1);
    for (let i = 0; array instanceof Uint8Array && i < array.length; i++) array[i] = random.below(256);
  }
  if (batch.kind === 'transitions') {
    batch.weight.fill(1);
    batch.discount.fill(0.99);
  }
  const times: number[] = [];
  const deadline = performance.now() + 1000 * seconds;
  for (let update = -WARM_UP_UPDATES; update < LEAST_UPDATES || performance.now() < deadline; update++) {
    const begun = performance.now();
    await agent.learn(batch);
    if (update >= 0) times.push(performance.now() - begun);
    else if (performance.now() > deadline) update = -1;
  }
  return times;
}

async function timeActs(agent: LearningAgent): Promise<number[]> {
  const observation: Observation = {
    state: new Float32Array(OBSERVATION_SPACE.state.shape[0]!).fill(0.1),
    pixels: new Uint8Array(64 * 64 * 9).fill(100),
  };
  const times: number[] = [];
  for (let act = 0; act < ACTS; act++) {
    const begun = performance.now();
    await agent.act(observation);
    times.push(performance.now() - begun);
  }
  return times;
}
