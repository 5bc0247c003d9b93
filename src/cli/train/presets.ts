import type { z } from 'zod';
import type { AgentOptions } from '../../agents/ddpg/index.ts';
import { PRESET_NAMES, type PresetName } from '../../agents/ddpg/presets.ts';
import { tracksOfSplit } from '../../simulator/index.ts';
import type { TrainingSettings } from '../../training/index.ts';
import type {
  drivingCameraSchema,
  EnvironmentName,
  environmentSchemas,
  pixelSettingsSchema,
  SimulatorName,
} from '../compose/environment-settings.ts';

export const ALGORITHM_NAMES = ['ddpg', 'td3', 'clone'] as const;
export type AlgorithmName = (typeof ALGORITHM_NAMES)[number];

export const OBSERVE_NAMES = ['state', 'pixels'] as const;
export type ObserveName = (typeof OBSERVE_NAMES)[number];

export const ENCODER_NAMES = ['mlp', 'conv', 'recurrent'] as const;
export type EncoderName = (typeof ENCODER_NAMES)[number];

/**
 * What an algorithm is, as settings of the agent: TD3 is DDPG with these three additions (Fujimoto et al. 2018). Cloning
 * looks at none of them.
 */
export const algorithms = {
  ddpg: { nCritics: 1, policyDelay: 1, targetPolicyNoise: 0, targetNoiseClip: 0 },
  td3: { nCritics: 2, policyDelay: 2, targetPolicyNoise: 0.2, targetNoiseClip: 0.5 },
  clone: {},
} as const satisfies Readonly<Record<AlgorithmName, AgentOptions>>;

type EnvironmentOptions = {
  readonly [Name in EnvironmentName]: z.input<(typeof environmentSchemas)[Name]>['options'];
};

/** How training steps and looks at itself, beside what an agent's own options say of it. */
export type LoopOptions = Omit<TrainingSettings, 'learningStarts' | 'trainFrequency' | 'gradientSteps'>;

/** What a run learns from: environments that it steps, recordings alone, or recordings of an expert to be imitated. */
export const EXPERIENCES = ['environments', 'offline', 'clone'] as const;
export type Experience = (typeof EXPERIENCES)[number];

/** Settings that were tuned for one way to see one environment. */
export interface TunedPreset<Name extends EnvironmentName = EnvironmentName> {
  readonly environment: Name;
  readonly observe: ObserveName;
  readonly encoder: EncoderName;
  readonly algorithm: AlgorithmName;
  /** Default `environments`. */
  readonly experience?: Experience;
  /** Driving: made for this one alone. Default: for any, and taken where there is none of its own. */
  readonly simulator?: SimulatorName;
  /** Preset of the agent that the options below differ from. */
  readonly base: PresetName;
  readonly agent: Omit<AgentOptions, 'preset'>;
  readonly options?: EnvironmentOptions[Name];
  readonly camera?: z.input<typeof drivingCameraSchema>;
  readonly pixels?: z.input<typeof pixelSettingsSchema>;
  /** Driving: tracks to learn on, and to be judged on while learning. Defaults: those of the command line. */
  readonly tracks?: readonly string[];
  readonly evaluationTracks?: readonly string[];
  /** `totalTimesteps` is the preset's budget. */
  readonly training: LoopOptions;
  /** Environments that step together. Default 1. */
  readonly environments?: number;
  /** Of the compiled backend. Default: one for each processor; 1 where networks are too small to share. */
  readonly threads?: number;
}

const preset = <Name extends EnvironmentName>(tuned: TunedPreset<Name>): TunedPreset => tuned as TunedPreset;

/**
 * The band of the camera's picture in which the road lies: below the horizon, where bends show. A picture of the whole view
 * at the same cost shows them in two or three pixels.
 */
const drivingBand = {
  options: { actions: 'steer-pedal', actionRepeat: 5, state: ['speedX'], reward: 'progress', rewardScale: 0.1 },
  camera: { width: 128, height: 128, view: 'road' },
  pixels: { colour: 'grey', stack: 3, crop: { left: 0, top: 54, width: 128, height: 48 } },
} satisfies Pick<TunedPreset<'driving'>, 'options' | 'camera' | 'pixels'>;

const pendulumFilters = [
  { filters: 16, size: 6, stride: 3 },
  { filters: 16, size: 3, stride: 2 },
];

const bandFilters = [
  { filters: 16, size: 8, stride: 4 },
  { filters: 32, size: 3, stride: 2 },
  { filters: 32, size: 3, stride: 1 },
];

/** The learning rate of a clone, over all its updates. */
export const cloningRate = (updates: number) => ({ from: 1e-3, to: 5e-5, over: updates });

/** What imitates a driver. */
const cloningAgent = {
  actorEncoder: { kind: 'conv', filters: bandFilters, state: true },
  netArch: [128],
  batchSize: 64,
  randomShift: 2,
} satisfies TunedPreset['agent'];

/**
 * An actor that begins near 0, moves slowly, and is kept from the ends of its tanh: one that is pulled to full brake or full
 * lock before its critic knows anything stays there, for no gradient passes. With 1e-3, first weights like those of other
 * layers and no penalty, two seeds of ten stood still.
 */
const carefulActor = { actorLearningRate: 3e-4, finalWeightRange: 3e-3, preActivationPenalty: 0.01 } as const;

/**
 * Driving from pixels, from nothing, in either simulator. Only the actor has to see: the critic is needed in training alone
 * (Pinto et al. 2017).
 */
const seeingAgent = {
  ...carefulActor,
  actorEncoder: { kind: 'conv', filters: bandFilters },
  criticEncoder: { kind: 'mlp' },
  batchSize: 64,
  gamma: 0.98,
  nSteps: 3,
  netArch: { pi: [128], qf: [128, 128] },
  bufferSize: 20_000,
  learningStarts: 2000,
  randomShift: 2,
  actionNoise: { kind: 'normal', sigma: 0.15 },
} satisfies TunedPreset['agent'];

const seeingOptions = {
  ...drivingBand.options,
  state: 'low-dimensional',
  start: 'random',
} satisfies TunedPreset<'driving'>['options'];

/** Driving from state, in either simulator. */
const stateAgent = {
  ...carefulActor,
  batchSize: 128,
  gamma: 0.98,
  nSteps: 3,
  netArch: [128, 128],
  learningStarts: 2000,
} satisfies TunedPreset['agent'];
const stateOptions = {
  actions: 'steer-pedal',
  actionRepeat: 5,
  reward: 'progress',
  rewardScale: 0.1,
  start: 'random',
} satisfies TunedPreset<'driving'>['options'];

/**
 * The pedal wanders far, the wheel hardly: who stands on the accelerator learns what the brake is for only by having it held
 * for a second, and at that speed a wheel that wanders as far ends every episode. On g-track-1 (30,000 steps) it lapped in
 * 4 of 4 runs; with normal noise of 0.15, episodes of 20 s or of 120 s, in none of 4.
 */
const brakingNoise: AgentOptions['actionNoise'] = { kind: 'ornstein-uhlenbeck', sigma: [0.05, 0.25] };

/** The game's tracks of two or four long bends. */
const ovals = [
  ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `${letter}-speedway`),
  'michigan',
  'e-track-5',
] as const;

/** By name. `train` takes the one that fits what is to be learnt, unless `--preset` names another. */
export const tunedPresets: Readonly<Record<string, TunedPreset>> = {
  pendulum: preset({
    environment: 'pendulum',
    observe: 'state',
    encoder: 'mlp',
    algorithm: 'ddpg',
    base: 'ddpg',
    agent: {
      learningRate: { from: 1e-3, to: 1e-4, over: 20_000 },
      batchSize: 128,
      netArch: [64, 64],
      learningStarts: 1000,
      actionNoise: { kind: 'normal', sigma: 0.1 },
    },
    training: { totalTimesteps: 20_000, evaluationInterval: 2000, evaluationEpisodes: 20 },
    threads: 1,
  }),
  'pendulum-pixels': preset({
    environment: 'pendulum',
    observe: 'pixels',
    encoder: 'conv',
    algorithm: 'td3',
    base: 'fast',
    agent: {
      actorEncoder: { kind: 'conv', filters: pendulumFilters, trunk: 50 },
      criticEncoder: { kind: 'conv', filters: pendulumFilters, trunk: 50 },
      learningRate: { from: 1e-3, to: 1e-4, over: 8000 },
      batchSize: 64,
      gamma: 0.98,
      nSteps: 1,
      randomShift: 2,
      netArch: [128, 128],
      learningStarts: 1000,
      trainFrequency: 1,
      actionNoise: { kind: 'normal', sigma: { from: 0.5, to: 0.1, over: 5000 } },
    },
    options: { camera: { width: 48, height: 48 } },
    pixels: { colour: 'grey', stack: 3 },
    training: { totalTimesteps: 8000, evaluationInterval: 1000, evaluationEpisodes: 10 },
    threads: 1,
  }),
  'pendulum-recurrent': preset({
    environment: 'pendulum',
    observe: 'state',
    encoder: 'recurrent',
    algorithm: 'td3',
    base: 'td3',
    agent: {
      learningRate: { from: 1e-3, to: 1e-4, over: 12_000 },
      batchSize: 64,
      netArch: [64, 64],
      learningStarts: 1000,
      sequenceLength: 12,
      burnIn: 2,
      actionNoise: { kind: 'normal', sigma: 0.1 },
    },
    training: { totalTimesteps: 12_000, evaluationInterval: 1500, evaluationEpisodes: 20 },
    threads: 1,
  }),
  'inverted-pendulum': preset({
    environment: 'inverted-pendulum',
    observe: 'state',
    encoder: 'mlp',
    algorithm: 'td3',
    base: 'td3',
    agent: {
      learningRate: { from: 1e-3, to: 1e-4, over: 60_000 },
      batchSize: 128,
      netArch: [64, 64],
      learningStarts: 1000,
    },
    training: { totalTimesteps: 60_000, evaluationInterval: 5000, evaluationEpisodes: 10 },
    threads: 1,
  }),
  reacher: preset({
    environment: 'reacher',
    observe: 'state',
    encoder: 'mlp',
    algorithm: 'td3',
    base: 'td3',
    agent: {
      learningRate: { from: 1e-3, to: 1e-4, over: 100_000 },
      batchSize: 128,
      gamma: 0.95,
      netArch: [128, 128],
      learningStarts: 1000,
    },
    training: { totalTimesteps: 100_000, evaluationInterval: 10_000, evaluationEpisodes: 20 },
    threads: 1,
  }),
  driving: preset({
    environment: 'driving',
    observe: 'state',
    encoder: 'mlp',
    algorithm: 'td3',
    base: 'td3',
    agent: {
      ...stateAgent,
      criticLearningRate: { from: 1e-3, to: 2e-4, over: 25_000 },
      actionNoise: { kind: 'normal', sigma: 0.15 },
    },
    options: stateOptions,
    training: { totalTimesteps: 25_000, evaluationInterval: 2500, evaluationEpisodes: 1 },
    threads: 1,
  }),
  'driving-torcs': preset({
    environment: 'driving',
    simulator: 'torcs',
    observe: 'state',
    encoder: 'mlp',
    algorithm: 'td3',
    base: 'td3',
    agent: {
      ...stateAgent,
      criticLearningRate: { from: 1e-3, to: 2e-4, over: 150_000 },
      actionNoise: brakingNoise,
    },
    options: {
      ...stateOptions,
      // Long episodes would fill the buffer with the tracks that are lapped already.
      timeLimitS: 20,
      rangeFinderAnglesDeg: [-90, -60, -40, -25, -18, -12, -8, -5, -2.5, 0, 2.5, 5, 8, 12, 18, 25, 40, 60, 90],
    },
    tracks: [...ovals, ...tracksOfSplit('game', 'train')],
    evaluationTracks: ['a-speedway', 'f-speedway', ...tracksOfSplit('game', 'train')],
    training: { totalTimesteps: 150_000, evaluationInterval: 10_000, evaluationEpisodes: 1 },
    threads: 1,
  }),
  'driving-pixels': preset({
    environment: 'driving',
    observe: 'pixels',
    encoder: 'conv',
    algorithm: 'td3',
    base: 'td3',
    agent: { ...seeingAgent, criticLearningRate: { from: 1e-3, to: 2e-4, over: 18_000 } },
    ...drivingBand,
    options: seeingOptions,
    training: { totalTimesteps: 18_000, evaluationInterval: 1500, evaluationEpisodes: 1 },
    threads: 1,
  }),
  'driving-pixels-torcs': preset({
    environment: 'driving',
    simulator: 'torcs',
    observe: 'pixels',
    encoder: 'conv',
    algorithm: 'td3',
    base: 'td3',
    agent: { ...seeingAgent, criticLearningRate: { from: 1e-3, to: 2e-4, over: 24_000 } },
    ...drivingBand,
    pixels: { ...drivingBand.pixels, colour: 'blue' },
    // Who is paid for every metre goes as fast as the straights allow, and never sees the bend after them from near.
    options: { ...seeingOptions, timeLimitS: 30, cruiseSpeedKmh: 80 },
    training: { totalTimesteps: 24_000, evaluationInterval: 2000, evaluationEpisodes: 1 },
    threads: 1,
  }),
  'driving-offline': preset({
    environment: 'driving',
    observe: 'pixels',
    encoder: 'conv',
    algorithm: 'td3',
    experience: 'offline',
    base: 'td3',
    agent: {
      encoder: { kind: 'conv', filters: bandFilters, state: true },
      netArch: { pi: [128], qf: [128] },
      learningRate: { from: 1e-3, to: 5e-5, over: 6000 },
      batchSize: 64,
      gamma: 0.97,
      nSteps: 3,
      randomShift: 2,
      policyDelay: 1,
      behaviourCloningAlpha: 0.5,
    },
    ...drivingBand,
    training: { totalTimesteps: 6000, evaluationInterval: 1000, evaluationEpisodes: 1, checkpointInterval: 2000 },
  }),
  'driving-clone': preset({
    environment: 'driving',
    observe: 'pixels',
    encoder: 'conv',
    algorithm: 'clone',
    experience: 'clone',
    base: 'td3',
    agent: { ...cloningAgent, actorLearningRate: cloningRate(4000), randomBrightness: 0.1 },
    ...drivingBand,
    training: { totalTimesteps: 4000, evaluationInterval: 1000, evaluationEpisodes: 1, checkpointInterval: 2000 },
  }),
  'driving-clone-torcs': preset({
    environment: 'driving',
    simulator: 'torcs',
    observe: 'pixels',
    encoder: 'conv',
    algorithm: 'clone',
    experience: 'clone',
    base: 'td3',
    agent: {
      ...cloningAgent,
      // Small features in front of the speed, or nothing is learnt of it among two thousand that are larger; and the speed in
      // units that matter: 12 km/h along the road, 3 across it.
      actorEncoder: { kind: 'conv', filters: bandFilters, normalizePictures: true, trunk: 64, state: true },
      netArch: [128, 128],
      initialWeights: 'orthogonal',
      stateNormalization: { mean: [0.17, 0], standardDeviation: [0.04, 0.01] },
      // Half a batch twice as often learns more in the same time.
      batchSize: 32,
      // Half as many leave a tight bend in the shade of trees to the luck of the seed: four of eight got round it.
      actorLearningRate: cloningRate(32_000),
      // Six tracks are all that it sees of the game. On others grass is sand, a verge is a wall, and a grey road is what they
      // have in common: it has to learn that from colours which are never the same.
      randomBrightness: 0.4,
      randomTone: 0.3,
      randomHue: 0.6,
      averagedPolicy: true,
      tau: 0.002,
    },
    ...drivingBand,
    // The expert answers a slide, which no picture shows.
    options: { ...drivingBand.options, state: ['speedX', 'speedY'] },
    // Half as wide again, so that the inside of a bend is in the picture; in its colours, for those are what a road differs in
    // from what is beside it; one picture, so that it costs no more.
    camera: { width: 192, height: 128, view: 'road' },
    pixels: { colour: 'rgb', stack: 1, crop: { left: 0, top: 54, width: 192, height: 48 } },
    training: { totalTimesteps: 32_000, evaluationInterval: 32_000, evaluationEpisodes: 1, checkpointInterval: 8000 },
  }),
  'driving-clone-recurrent': preset({
    environment: 'driving',
    observe: 'pixels',
    encoder: 'recurrent',
    algorithm: 'clone',
    experience: 'clone',
    base: 'td3',
    agent: {
      actorEncoder: {
        kind: 'recurrent',
        hiddenSize: 64,
        over: { kind: 'conv', filters: bandFilters, dense: [128] },
        // The action before tells a clone most of the next one: it learns to repeat itself.
        previousAction: false,
      },
      netArch: [64],
      batchSize: 6,
      sequenceLength: 16,
      burnIn: 3,
      actorLearningRate: cloningRate(4000),
      randomBrightness: 0.1,
    },
    ...drivingBand,
    // One picture at a time: speed is what its memory has to find out.
    pixels: { ...drivingBand.pixels, stack: 1 },
    training: { totalTimesteps: 4000, evaluationInterval: 1000, evaluationEpisodes: 1, checkpointInterval: 2000 },
  }),
};

/** What `--preset` knows: those above, and the agent's own, which know no environment. */
export const ALL_PRESET_NAMES = [...Object.keys(tunedPresets), ...PRESET_NAMES];

/** What is to be learnt, how it is seen, and from what. */
export interface Aim {
  readonly environment: EnvironmentName;
  readonly observe: ObserveName;
  readonly encoder: EncoderName;
  readonly experience: Experience;
  /** Driving: where. */
  readonly simulator: SimulatorName;
}

/** The preset for what is to be learnt, if there is one; one for just this simulator goes first. */
export function findTunedPreset(aim: Aim): { readonly name: string; readonly tuned: TunedPreset } | undefined {
  const fitting = Object.entries(tunedPresets).filter(
    ([, { environment, observe, encoder, experience = 'environments' }]) =>
      environment === aim.environment &&
      observe === aim.observe &&
      encoder === aim.encoder &&
      experience === aim.experience,
  );
  const of = (simulator: SimulatorName | undefined) => fitting.find(([, tuned]) => tuned.simulator === simulator);
  const found = of(aim.simulator) ?? of(undefined);
  return found && { name: found[0], tuned: found[1] };
}
