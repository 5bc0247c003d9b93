import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { InvalidArgumentError } from '../../core/errors.ts';
import { parseOptions } from '../../core/options.ts';
import { layerSizesSchema } from '../networks/encoder-options.ts';
import { readsPixels } from '../networks/index.ts';
import { PRESET_NAMES, presets } from './presets.ts';
import { type AgentSettings, settingsFields, settingsSchema } from './settings.ts';

/** Options of {@link createDdpgAgent}: a preset, and what is to be different from it. Unknown ones are refused. */
export const agentOptionsSchema = z.strictObject({
  /** Where every setting that is left out comes from. Default `td3`. */
  preset: z.enum(PRESET_NAMES).default('td3'),
  ...z.strictObject(settingsFields).partial().shape,
  /** Learning rate of both networks, 0 to 1, or a line over updates; `actorLearningRate` and `criticLearningRate` go before. */
  learningRate: settingsFields.actorLearningRate.optional(),
  /** Hidden layers of actor and critic alike, or of each. */
  netArch: z.union([layerSizesSchema, settingsFields.netArch]).optional(),
  /** What both networks see; `actorEncoder` and `criticEncoder` go before. */
  encoder: settingsFields.actorEncoder.optional(),
});

/** What a caller may pass. */
export type AgentOptions = z.input<typeof agentOptionsSchema>;

/**
 * Fills in the preset: the one for pictures when the actor's encoder sees pixels (of `fast`: when no encoder is given,
 * too).
 *
 * @throws InvalidArgumentError when options are unknown, out of range, or contradict each other
 */
export function resolveAgentOptions(options: AgentOptions = {}): AgentSettings {
  const { preset, learningRate, encoder, netArch, ...given } = parseOptions(
    agentOptionsSchema,
    options,
    'agent options',
  );
  const actorEncoder = given.actorEncoder ?? encoder;
  const pixels = actorEncoder === undefined ? preset === 'fast' : readsPixels(actorEncoder);
  const settings = parseOptions(
    settingsSchema,
    {
      ...presets[preset][pixels ? 'pixels' : 'state'],
      ...(learningRate === undefined ? {} : { actorLearningRate: learningRate, criticLearningRate: learningRate }),
      ...(encoder === undefined ? {} : { actorEncoder: encoder, criticEncoder: encoder }),
      ...(netArch === undefined ? {} : { netArch: Array.isArray(netArch) ? { pi: netArch, qf: netArch } : netArch }),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    },
    'agent options',
  );
  // What a preset says of pictures gives way to encoders that it does not suit; what a caller says is checked.
  return checkSettings({
    ...settings,
    shareEncoder: given.shareEncoder ?? (settings.shareEncoder && canShare(settings)),
    randomShift: given.randomShift ?? (isRecurrent(settings) ? 0 : settings.randomShift),
  });
}

/** @throws InvalidArgumentError when settings contradict each other */
export function checkSettings(settings: AgentSettings): AgentSettings {
  const { actionLayer, netArch, burnIn, sequenceLength, randomShift } = settings;
  if (actionLayer > netArch.qf.length) {
    throw new InvalidArgumentError(
      `Expected \`actionLayer\` to be a layer of the critic, 0 to ${netArch.qf.length}, got ${actionLayer}`,
    );
  }
  if (burnIn >= sequenceLength) {
    throw new InvalidArgumentError(
      `Expected \`burnIn\` to be shorter than \`sequenceLength\` (${sequenceLength}), got ${burnIn}`,
    );
  }
  if (randomShift > 0 && isRecurrent(settings)) {
    throw new InvalidArgumentError(
      `Expected \`randomShift\` to be 0 with recurrent encoders, got ${randomShift}: pictures of one sequence would jump`,
    );
  }
  if (settings.shareEncoder && !canShare(settings)) {
    throw new InvalidArgumentError(
      `Expected two \`conv\` encoders with the same \`filters\` and \`normalizePictures\`, because \`shareEncoder\` is true, got \`${settings.actorEncoder.kind}\` and \`${settings.criticEncoder.kind}\`: set \`shareEncoder\` to false`,
    );
  }
  return settings;
}

/** Whether the agent learns from sequences. */
export function isRecurrent({ actorEncoder, criticEncoder }: AgentSettings): boolean {
  return actorEncoder.kind === 'recurrent' || criticEncoder.kind === 'recurrent';
}

function canShare({ actorEncoder, criticEncoder }: AgentSettings): boolean {
  return (
    actorEncoder.kind === 'conv' &&
    criticEncoder.kind === 'conv' &&
    isDeepStrictEqual(actorEncoder.filters, criticEncoder.filters) &&
    actorEncoder.normalizePictures === criticEncoder.normalizePictures
  );
}
