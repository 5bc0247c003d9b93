import { createActor } from '../../src/agents/ddpg/networks.ts';
import {
  type AgentOptions,
  loadPolicy,
  type PolicyContent,
  resolveAgentOptions,
  writePolicyFolder,
} from '../../src/agents/index.ts';
import { createEngine } from '../../src/backend/index.ts';
import { sizeOf } from '../../src/core/box.ts';
import { type Box, type Observation, type ObservationSpace, Random } from '../../src/core/index.ts';
import { drawObservation, numbers, pictures, smallFilters } from '../agents/support.ts';

/** A policy with random weights, as a folder describes it. */
export interface PolicyCase {
  readonly what: string;
  readonly options: AgentOptions;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  /** Of its provenance; one without pixels is a pendulum. */
  readonly environment: Readonly<Record<string, unknown>>;
}

const uneven: Box = { ...numbers(2), low: [-2, 0], high: [2, 1], names: ['steer', 'accelerate'] };
const bounded: Box = { ...numbers(3), low: [-1, -1, -8], high: [1, 1, 8], names: ['cos', 'sin', 'angularVelocity'] };
const seen: ObservationSpace = { state: bounded, pixels: pictures(16, 2) };
const camera = { name: 'pendulum', pixels: { width: 16, height: 16, colour: 'grey', stack: 2 } };
const conv = { kind: 'conv', filters: smallFilters } as const;

/** One of each: feed-forward, convolutions, memory; with normalisation, uneven actions and several layers. */
export const policyCases: readonly PolicyCase[] = [
  {
    what: 'mlp with layer norm, state normalised by its bounds',
    options: { netArch: [24, 16], stateNormalization: 'bounds', layerNorm: true, activation: 'tanh' },
    observationSpace: { state: bounded },
    actionSpace: uneven,
    environment: { name: 'pendulum' },
  },
  {
    what: 'a matrix so large that it is traced in another way',
    options: { netArch: [1024, 1024] },
    observationSpace: { state: bounded },
    actionSpace: numbers(1),
    environment: { name: 'pendulum' },
  },
  {
    what: 'conv over a stack, with state and trunk',
    options: { netArch: [16], encoder: { ...conv, trunk: 12, state: true } },
    observationSpace: seen,
    actionSpace: numbers(2),
    environment: camera,
  },
  {
    what: 'conv over pictures each normalized',
    options: { netArch: [16], encoder: { ...conv, normalizePictures: true } },
    observationSpace: seen,
    actionSpace: numbers(2),
    environment: camera,
  },
  {
    what: 'conv with borders of zeros, pixels alone',
    options: {
      netArch: [16],
      encoder: { kind: 'conv', filters: [{ filters: 8, size: 3, stride: 2, padding: 'same' }] },
    },
    observationSpace: seen,
    actionSpace: uneven,
    environment: camera,
  },
  {
    what: 'gru that reads the action before, state normalised by numbers',
    options: {
      netArch: [16],
      encoder: { kind: 'recurrent', cell: 'gru', hiddenSize: 12, over: { kind: 'mlp', hidden: [10] } },
      stateNormalization: { mean: [0.1, -0.2, 3], standardDeviation: [0.5, 2, 4] },
    },
    observationSpace: { state: bounded },
    actionSpace: uneven,
    environment: { name: 'pendulum' },
  },
  {
    what: 'lstm over convolutions',
    options: {
      netArch: [16],
      encoder: { kind: 'recurrent', cell: 'lstm', hiddenSize: 8, over: conv, previousAction: false },
    },
    observationSpace: seen,
    actionSpace: numbers(1, -2, 2),
    environment: camera,
  },
];

/** Writes a policy folder of a case, its weights drawn from a seed. */
export function savePolicyCase({ options, environment, what, ...spaces }: PolicyCase, folder: string, seed = 1): void {
  const random = new Random(seed);
  const settings = resolveAgentOptions(options);
  const weights = createActor(settings, spaces).parameters.map(({ name, shape }) => {
    const scale = 1.5 / Math.sqrt(shape.length === 4 ? sizeOf(shape.slice(0, 3)) : shape.at(-1)!);
    const data = Float32Array.from({ length: sizeOf(shape) }, () => scale * random.normal());
    return [name, { shape, data }] as const;
  });
  const description = { name: what, settings, ...spaces, provenance: { environment }, hasCritic: false };
  writePolicyFolder(folder, description as Omit<PolicyContent, 'weights'>, new Map(weights));
}

/** An episode of random observations, and what the saved policy does in it. */
export async function actOut(
  folder: string,
  space: ObservationSpace,
  steps = 12,
): Promise<{ readonly observations: readonly Observation[]; readonly actions: readonly Float32Array[] }> {
  const random = new Random(2);
  const observations = Array.from({ length: steps }, () => observationOf(space, random));
  const engine = await createEngine('auto', { threads: 1 });
  const policy = await loadPolicy(folder, { engine });
  policy.reset();
  const actions: Float32Array[] = [];
  for (const observation of observations) actions.push(await policy.act(observation));
  await policy.dispose();
  await engine.dispose();
  return { observations, actions };
}

function observationOf(space: ObservationSpace, random: Random): Observation {
  if (space.pixels !== undefined) return drawObservation(random, space);
  return { state: Float32Array.from({ length: space.state.shape[0]! }, () => random.between(-1, 1)) };
}
