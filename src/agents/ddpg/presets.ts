import type { EncoderSettings } from '../networks/index.ts';
import type { AgentSettings } from './settings.ts';

/** Settings for agents that see numbers, and for those whose actor sees pictures. */
export interface Preset {
  readonly state: AgentSettings;
  readonly pixels: AgentSettings;
}

const conv = (filters: 'paper' | 'fast', trunk: number | null = null): EncoderSettings => ({
  kind: 'conv',
  filters,
  normalizePictures: false,
  dense: [],
  trunk,
  state: false,
});

/**
 * Stable-Baselines3's TD3 with its defaults (2.x); what it does not have is off. It explores without noise unless told
 * otherwise: this has the noise of the paper (Fujimoto et al. 2018).
 */
const td3: AgentSettings = {
  actorLearningRate: 1e-3,
  criticLearningRate: 1e-3,
  batchSize: 256,
  tau: 0.005,
  gamma: 0.99,
  policyDelay: 2,
  targetPolicyNoise: 0.2,
  targetNoiseClip: 0.5,
  nCritics: 2,
  nSteps: 1,
  bufferSize: 1_000_000,
  learningStarts: 100,
  trainFrequency: 1,
  gradientSteps: 1,
  netArch: { pi: [400, 300], qf: [400, 300] },
  activation: 'relu',
  layerNorm: false,
  initialWeights: 'fan-in',
  finalWeightRange: null,
  actionLayer: 0,
  actionNoise: { kind: 'normal', sigma: 0.1 },
  weightDecay: 0,
  maxGradNorm: null,
  loss: 'mse',
  actorEncoder: { kind: 'mlp', hidden: [] },
  criticEncoder: { kind: 'mlp', hidden: [] },
  shareEncoder: false,
  sequenceLength: 32,
  burnIn: 0,
  stateNormalization: 'none',
  randomShift: 0,
  randomBrightness: 0,
  randomInvert: 0,
  randomShadow: 0,
  randomTone: 0,
  randomHue: 0,
  behaviourCloningAlpha: null,
  preActivationPenalty: 0,
  averagedPolicy: false,
};

/** What every agent changes that sees pictures: convolutions for the state, a buffer of pictures that fits in memory. */
const pictures = {
  bufferSize: 100_000,
  netArch: { pi: [256, 256], qf: [256, 256] },
  actorEncoder: conv('fast'),
  criticEncoder: conv('fast'),
} satisfies Partial<AgentSettings>;

/** Stable-Baselines3's DDPG: its TD3 without what TD3 added. */
const ddpg: AgentSettings = { ...td3, policyDelay: 1, targetPolicyNoise: 0, targetNoiseClip: 0, nCritics: 1 };

/** Lillicrap et al. 2015, section 7, without batch norm. */
const paper: AgentSettings = {
  ...ddpg,
  actorLearningRate: 1e-4,
  criticLearningRate: 1e-3,
  batchSize: 64,
  tau: 0.001,
  learningStarts: 1000,
  finalWeightRange: 3e-3,
  actionLayer: 1,
  actionNoise: { kind: 'ornstein-uhlenbeck', theta: 0.15, sigma: 0.2, dt: 1 },
  weightDecay: 1e-2,
};

/** After DrQ-v2 (Yarats et al. 2021, table of its appendix), with networks and batches for a few processor cores. */
const fast: AgentSettings = {
  ...td3,
  actorLearningRate: 1e-4,
  criticLearningRate: 1e-4,
  batchSize: 64,
  tau: 0.01,
  policyDelay: 1,
  targetPolicyNoise: 0.2,
  targetNoiseClip: 0.3,
  nSteps: 3,
  learningStarts: 2000,
  trainFrequency: 2,
  netArch: { pi: [256, 256], qf: [256, 256] },
  initialWeights: 'orthogonal',
  actionNoise: { kind: 'normal', sigma: { from: 1, to: 0.1, over: 100_000 } },
};

/** Settings by name; `td3` is what an agent is made of when nothing is asked for. */
export const presets = {
  td3: { state: td3, pixels: { ...td3, ...pictures } },
  ddpg: { state: ddpg, pixels: { ...ddpg, ...pictures } },
  paper: {
    state: paper,
    pixels: {
      ...paper,
      ...pictures,
      batchSize: 16,
      finalWeightRange: 3e-4,
      netArch: { pi: [200, 200], qf: [200, 200] },
      actorEncoder: conv('paper'),
      criticEncoder: conv('paper'),
    },
  },
  fast: {
    state: fast,
    pixels: {
      ...fast,
      ...pictures,
      actorEncoder: conv('fast', 50),
      criticEncoder: conv('fast', 50),
      shareEncoder: true,
      randomShift: 3,
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const PRESET_NAMES = Object.keys(presets) as [PresetName, ...PresetName[]];
