import { z } from 'zod';
import { scheduleSchema } from '../../core/schedule.ts';
import { encoderSchema, layerSizesSchema } from '../networks/encoder-options.ts';
import { actionNoiseSchema } from '../noise/index.ts';

const learningRate = scheduleSchema(z.number().min(0).max(1));
const numbers = z.array(z.number()).min(1).max(65_536);

/**
 * Every setting of an agent and of the training loop that belongs with it, by Stable-Baselines3's names where it has the
 * setting. Defaults are the preset's: see `presets`.
 */
export const settingsFields = {
  /** Adam's learning rate of the actor, 0 to 1, or a line over updates. */
  actorLearningRate: learningRate,
  /** Likewise of the critic. */
  criticLearningRate: learningRate,
  /** Transitions (or sequences) in an update, 1 to 65536. */
  batchSize: z.int().min(1).max(65_536),
  /** How far target networks go towards the trained ones when they move, above 0 to 1. */
  tau: z.number().positive().max(1),
  /** What a reward is worth a step later, 0 to 1. */
  gamma: z.number().min(0).max(1),
  /** Updates of the critic for one of the actor and the targets, 1 to 100 (TD3, Fujimoto et al. 2018: 2). */
  policyDelay: z.int().min(1).max(100),
  /** Standard deviation of the noise on the target policy's action (-1 to 1), 0 to 1; 0: none (TD3: 0.2). */
  targetPolicyNoise: z.number().min(0).max(1),
  /** That noise is cut at ± this, 0 to 2 (TD3: 0.5). */
  targetNoiseClip: z.number().min(0).max(2),
  /** Critics, whose least value is the target, 1 to 10 (TD3: 2). */
  nCritics: z.int().min(1).max(10),
  /** Steps whose rewards a transition sums up, 1 to 100. */
  nSteps: z.int().min(1).max(100),
  /** Transitions that the replay buffer keeps, 1 to 10⁹. */
  bufferSize: z.int().min(1).max(1e9),
  /** Steps of random actions before the first update, 0 to 10⁹. */
  learningStarts: z.int().min(0).max(1e9),
  /** Steps between updates, 1 to 10⁶. */
  trainFrequency: z.int().min(1).max(1e6),
  /** Updates each time, 1 to 10⁶; -1: as many as there were steps. */
  gradientSteps: z.union([z.literal(-1), z.int().min(1).max(1e6)]),
  /** Hidden layers behind the encoder: of the actor (`pi`) and of each critic (`qf`), up to 8 of 1 to 8192. */
  netArch: z.strictObject({ pi: layerSizesSchema, qf: layerSizesSchema }),
  /** Activation of hidden dense layers. */
  activation: z.enum(['relu', 'tanh']),
  /** Layer norm (Ba et al. 2016) in hidden dense layers. Instead of the DDPG paper's batch norm, which is not offered. */
  layerNorm: z.boolean(),
  /** First weights: uniform in ±1/√inputs (the paper's and PyTorch's), or `orthogonal` (DrQ-v2's). */
  initialWeights: z.enum(['fan-in', 'orthogonal']),
  /** First weights of output layers are uniform in ± this, up to 1; null: like those of other layers. */
  finalWeightRange: z.number().positive().max(1).nullable(),
  /** Layer of the critic that the action enters, from 0, the first behind the encoder. */
  actionLayer: z.int().min(0).max(8),
  /** Noise of exploring actions. */
  actionNoise: actionNoiseSchema,
  /** Pulls the critic's weights to 0: weightDecay × weight is added to the gradient, 0 to 1. */
  weightDecay: z.number().min(0).max(1),
  /** Gradients of a network longer than this are scaled down to it; null: never. */
  maxGradNorm: z.number().positive().nullable(),
  /** The critic's loss: squared error, or Huber's (squared below 1, linear above). */
  loss: z.enum(['mse', 'huber']),
  /** What the actor sees, and how. */
  actorEncoder: encoderSchema,
  /** Likewise the critic: it may see the state while the actor sees pixels. */
  criticEncoder: encoderSchema,
  /**
   * The actor uses the critic's convolutions and does not train them (Yarats et al. 2021). Both encoders are `conv` with
   * the same `filters` and `normalizePictures` then; dense layers and trunk stay each network's own.
   */
  shareEncoder: z.boolean(),
  /** Steps of a sequence for recurrent encoders, 2 to 1024. */
  sequenceLength: z.int().min(2).max(1024),
  /** Steps at a sequence's start that warm up the hidden state and are not learnt from, 0 to sequenceLength - 1. */
  burnIn: z.int().min(0).max(1023),
  /** What is done to the state first: `none`; `bounds`: the space's bounds become -1 to 1; or fixed numbers. */
  stateNormalization: z.union([
    z.enum(['none', 'bounds']),
    z.strictObject({ mean: numbers, standardDeviation: z.array(z.number().positive()).min(1).max(65_536) }),
  ]),
  /** Pictures of a batch are shifted at random by up to this many pixels, 0 to 32, edges repeated (DrQ, Yarats et al. 2021). */
  randomShift: z.int().min(0).max(32),
  /**
   * Contrast and brightness of a batch's pictures are changed at random by up to this share of their range, 0 to 1. All
   * pictures of a stack change alike, those of a sequence each by itself.
   */
  randomBrightness: z.number().min(0).max(1),
  /**
   * Probability, 0 to 1, that a picture of a batch becomes its negative: that road is darker than grass is then no sign of it.
   * All pictures of a stack change alike, those of a sequence each by itself.
   */
  randomInvert: z.number().min(0).max(1),
  /** Probability, 0 to 1, that a band of a picture lies in the shade, of any direction, width and darkness; as above. */
  randomShadow: z.number().min(0).max(1),
  /**
   * Probability, 0 to 1, that the values of a picture go through a random curve, bent up and down: whether road, grass, sand
   * or wall is the brighter is then no sign of it. Changes pictures as `randomInvert` does.
   */
  randomTone: z.number().min(0).max(1),
  /**
   * Probability, 0 to 1, that the hues of an RGB picture turn by a random angle and its colours become weaker or stronger: a
   * road is then what has none. Changes pictures as `randomInvert` does.
   */
  randomHue: z.number().min(0).max(1),
  /**
   * TD3+BC (Fujimoto and Gu 2021, equation 5): the actor also keeps to the batch's own actions, for learning from a fixed
   * dataset. α: what the critic's value counts beside that, above 0 (the paper: 2.5); null: off.
   */
  behaviourCloningAlpha: z.number().positive().nullable(),
  /**
   * The actor's loss grows by this, 0 to 1, times the mean square of what tanh makes the action of (Andrychowicz et al. 2017,
   * appendix A: against a tanh that is saturated and passes no gradient on: an action stuck at a bound).
   */
  preActivationPenalty: z.number().min(0).max(1),
  /**
   * Whether the policy that acts, is judged and saved is the actor's target network: an average of the actor's weights over
   * about 1 / `tau` updates (Polyak and Juditsky 1992), which jumps less from one judgement to the next. A clone has that
   * target for this alone.
   */
  averagedPolicy: z.boolean(),
} as const;

/** All settings, none left out; policies of before a setting was there have what it stands for now. */
export const settingsSchema = z.strictObject({
  ...settingsFields,
  randomBrightness: settingsFields.randomBrightness.default(0),
  randomInvert: settingsFields.randomInvert.default(0),
  randomShadow: settingsFields.randomShadow.default(0),
  randomTone: settingsFields.randomTone.default(0),
  randomHue: settingsFields.randomHue.default(0),
  behaviourCloningAlpha: settingsFields.behaviourCloningAlpha.default(null),
  preActivationPenalty: settingsFields.preActivationPenalty.default(0),
  averagedPolicy: settingsFields.averagedPolicy.default(false),
});

export type AgentSettings = z.output<typeof settingsSchema>;
