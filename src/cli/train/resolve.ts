import { type AgentOptions, type AgentSettings, presets, resolveAgentOptions } from '../../agents/ddpg/index.ts';
import type { BackendName } from '../../backend/index.ts';
import { parseOptions, UsageError } from '../../core/index.ts';
import { trainingSettingsSchema } from '../../training/index.ts';
import {
  type EnvironmentName,
  type EnvironmentSettings,
  environmentSettingsSchema,
} from '../compose/environment-settings.ts';
import { type Choice, choose, isStepped } from './choose.ts';
import { type Overrides, type SortedOverrides, sortOverrides } from './override.ts';
import { type AlgorithmName, algorithms, type TunedPreset, tunedPresets } from './presets.ts';
import { replaySettingsSchema } from './replay-settings.ts';
import { resolveDataset, resolveEvaluationTracks, resolveTracks } from './resolve-dataset.ts';
import type { RunSettings } from './run-settings.ts';
import type { TrainRequest } from './train-request.ts';

/** α of TD3+BC where nobody says otherwise (Fujimoto and Gu 2021). */
const DEFAULT_ALPHA = 2.5;

/** The settings of a run before it is known which engine there is. */
export type RequestedSettings = Omit<RunSettings, 'engine'> & {
  readonly engine: { readonly backend: BackendName; readonly threads: number | undefined };
};

/**
 * Everything that a run hangs on, from what was asked for.
 *
 * @throws UsageError, InvalidArgumentError for what is unknown, out of range, or contradicts itself
 */
export function resolveRunSettings(request: TrainRequest): RequestedSettings {
  const choice = choose(request);
  const overrides = sortOverrides(request.overrides, choice.environment);
  const agent = resolveAgent(choice, request.algorithm, overrides.agent);
  const replay = parseOptions(replaySettingsSchema, overrides.replay, 'replay settings');
  if (isRecurrent(agent) && (agent.nSteps > 1 || replay.prioritized !== null)) {
    throw new UsageError(
      'Expected `nSteps` 1 and no `prioritized` with a recurrent encoder, which learns from sequences',
    );
  }
  const environment = resolveEnvironment(choice, request, overrides);
  if (agent.randomHue > 0 && 'pixels' in environment && environment.pixels?.colour !== 'rgb') {
    throw new UsageError(`Expected pixels of colour "rgb" with \`randomHue\`, got "${environment.pixels?.colour}"`);
  }
  const dataset = resolveDataset(choice, request);
  const environments = isStepped(choice) ? (request.environments ?? choice.tuned?.environments ?? 1) : 0;
  return {
    request: {
      algorithm: choice.experience === 'clone' ? 'clone' : agent.nCritics > 1 ? 'td3' : 'ddpg',
      preset: choice.name,
      observe: choice.observe,
      encoder: choice.encoder,
    },
    environment,
    evaluationTracks: resolveEvaluationTracks(choice, request),
    dataset,
    agent,
    replay,
    engine: { backend: request.backend ?? 'auto', threads: request.threads ?? choice.tuned?.threads },
    workers: request.workers ?? environments > 1,
    training: { ...resolveTraining(choice, request, agent), seed: request.seed, environments },
  };
}

function resolveAgent(choice: Choice, algorithm: AlgorithmName | undefined, overrides: Overrides): AgentSettings {
  const { base, tuned, observe } = choice;
  const tunedAgent = { ...tuned?.agent };
  if (Object.hasOwn(overrides, 'learningRate')) {
    // What was asked for goes before what the preset says of one network.
    delete tunedAgent.actorLearningRate;
    delete tunedAgent.criticLearningRate;
  }
  const seen = presets[base][observe].actorEncoder;
  const isSequential = choice.encoder === 'recurrent';
  return resolveAgentOptions({
    preset: base,
    ...(isSequential
      ? { encoder: { kind: 'recurrent', over: seen } as AgentOptions['encoder'], nSteps: 1 }
      : { encoder: seen }),
    ...(choice.experience === 'offline' ? { behaviourCloningAlpha: DEFAULT_ALPHA } : {}),
    ...tunedAgent,
    ...(algorithm === undefined || algorithm === tuned?.algorithm ? {} : algorithms[algorithm]),
    ...overrides,
  } as AgentOptions);
}

function isRecurrent({ actorEncoder, criticEncoder }: AgentSettings): boolean {
  return actorEncoder.kind === 'recurrent' || criticEncoder.kind === 'recurrent';
}

function resolveEnvironment(choice: Choice, request: TrainRequest, overrides: SortedOverrides): EnvironmentSettings {
  const { environment: name, observe, experience } = choice;
  refuseForeign(name, request);
  // The world is the tuned preset's also where the agent is not.
  const like =
    choice.tuned ??
    Object.values(tunedPresets).find(
      (tuned) =>
        tuned.environment === name && tuned.observe === observe && (tuned.experience ?? 'environments') === experience,
    ) ??
    Object.values(tunedPresets).find((tuned) => tuned.environment === name && tuned.observe === observe);
  const tracks = resolveTracks(choice, request);
  const camera = { ...like?.camera, ...overrides.camera };
  const pixels = observe === 'pixels' ? { pixels: { ...bandOf(like, camera), ...overrides.pixels } } : {};
  if (observe === 'state' && Object.keys({ ...overrides.pixels, ...overrides.camera }).length > 0) {
    throw new UsageError('Expected `pixels` and `camera` with --observe pixels only');
  }
  const options = {
    ...like?.options,
    ...(request.hideVelocity === true ? { hideVelocity: true } : {}),
    ...(tracks === undefined ? {} : { tracks: [...tracks] }),
    ...overrides.options,
  };
  const driving =
    name !== 'driving'
      ? {}
      : {
          simulator: choice.simulator,
          ...(observe === 'pixels' ? { camera } : {}),
        };
  return parseOptions(environmentSettingsSchema, { name, ...driving, options, ...pixels }, 'environment settings');
}

/** The preset's pixels; its crop is the same part of the view also where the camera has another size. */
function bandOf(like: TunedPreset | undefined, camera: { readonly width?: unknown; readonly height?: unknown }) {
  const { pixels, camera: own } = like ?? {};
  const { crop } = pixels ?? {};
  const { width, height } = camera;
  if (crop === undefined || own === undefined || typeof width !== 'number' || typeof height !== 'number') return pixels;
  const across = (x: number) => Math.round((x * width) / own.width!);
  const down = (y: number) => Math.round((y * height) / own.height!);
  const [left, top] = [across(crop.left), down(crop.top)];
  const size = { width: across(crop.left + crop.width) - left, height: down(crop.top + crop.height) - top };
  return { ...pixels, crop: { left, top, ...size } };
}

function refuseForeign(environment: EnvironmentName, request: TrainRequest): void {
  const { hideVelocity, tracks, evaluationTracks, simulator, from } = request;
  const wrong = (flag: string, owner: EnvironmentName) =>
    new UsageError(`Expected ${flag} with --environment ${owner} only, got ${environment}`);
  if (environment !== 'pendulum' && hideVelocity === true) throw wrong('--hide-velocity', 'pendulum');
  if (environment === 'driving') return;
  if (tracks !== undefined) throw wrong('--tracks', 'driving');
  if (evaluationTracks !== undefined) throw wrong('--evaluation-tracks', 'driving');
  if (simulator !== undefined) throw wrong('--simulator', 'driving');
  if (from !== undefined) throw wrong('--from', 'driving');
}

function resolveTraining(choice: Choice, request: TrainRequest, agent: AgentSettings) {
  const { tuned } = choice;
  const totalTimesteps = request.steps ?? tuned?.training.totalTimesteps;
  if (totalTimesteps === undefined) {
    throw new UsageError(`Expected --steps N, because preset ${choice.name} has no budget of its own`);
  }
  const asked = Object.entries({
    evaluationInterval: request.evaluationInterval,
    evaluationEpisodes: request.evaluationEpisodes,
    checkpointInterval: request.checkpointInterval,
    logInterval: request.logInterval,
  }).filter(([, value]) => value !== undefined);
  const { learningStarts, trainFrequency, gradientSteps } = agent;
  const training = parseOptions(
    trainingSettingsSchema,
    { ...tuned?.training, ...Object.fromEntries(asked), totalTimesteps, learningStarts, trainFrequency, gradientSteps },
    'training settings',
  );
  if (choice.environment !== 'driving') return training;
  const tracks = (resolveEvaluationTracks(choice, request) ?? resolveTracks(choice, request))?.length ?? 1;
  return { ...training, evaluationEpisodes: training.evaluationEpisodes * tracks };
}
