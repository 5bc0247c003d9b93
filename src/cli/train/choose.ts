import { PRESET_NAMES, type PresetName } from '../../agents/ddpg/index.ts';
import { UsageError } from '../../core/index.ts';
import type { SimulatorName } from '../compose/environment-settings.ts';
import {
  type Aim,
  ALL_PRESET_NAMES,
  type Experience,
  findTunedPreset,
  type TunedPreset,
  tunedPresets,
} from './presets.ts';
import type { TrainRequest } from './train-request.ts';

/** What is to be learnt, and the preset that its settings come from. */
export interface Choice extends Aim {
  readonly name: string;
  readonly tuned: TunedPreset | undefined;
  readonly base: PresetName;
}

/** Whether environments are stepped. */
export function isStepped({ experience }: Choice): boolean {
  return experience === 'environments';
}

/** What has to be written for a preset that learns from it. */
const EXPERIENCE_FLAGS: Readonly<Record<Experience, string>> = {
  environments: 'neither --algorithm clone nor --offline',
  offline: '--offline, and no --algorithm clone,',
  clone: '--algorithm clone',
};

/** @throws UsageError for a preset that does not exist, or does not fit what is asked for beside it */
export function choose(request: TrainRequest): Choice {
  const { preset } = request;
  if (preset !== undefined && Object.hasOwn(tunedPresets, preset)) return chooseTuned(preset, request);
  const aim = aimOf(request);
  if (preset !== undefined) {
    const base = PRESET_NAMES.find((name) => name === preset);
    if (base === undefined)
      throw new UsageError(`Expected --preset to be one of ${ALL_PRESET_NAMES.join(', ')}, got ${preset}`);
    return { name: base, tuned: undefined, base, ...aim };
  }
  const found = findTunedPreset(aim);
  const { algorithm } = request;
  const base = found?.tuned.base ?? (algorithm === 'clone' ? undefined : algorithm) ?? 'td3';
  return { name: found?.name ?? base, tuned: found?.tuned, base, ...aim };
}

function chooseTuned(name: string, request: TrainRequest): Choice {
  const tuned = tunedPresets[name]!;
  const { base, environment, observe, encoder, algorithm, experience = 'environments' } = tuned;
  const expected = { environment, observe, encoder, simulator: tuned.simulator };
  for (const flag of ['environment', 'observe', 'encoder', 'simulator'] as const) {
    const asked = request[flag];
    if (asked === undefined || expected[flag] === undefined || asked === expected[flag]) continue;
    throw new UsageError(`Expected --${flag} ${expected[flag]} with --preset ${name}, got ${asked}`);
  }
  const asked = experienceOf({ ...request, algorithm: request.algorithm ?? algorithm });
  if (asked !== experience) throw new UsageError(`Expected ${EXPERIENCE_FLAGS[experience]} with --preset ${name}`);
  const simulator = tuned.simulator ?? simulatorOf(request);
  return { name, tuned, base, environment, observe, encoder, experience, simulator };
}

function aimOf(request: TrainRequest): Aim {
  const experience = experienceOf(request);
  // Drivers are cloned from their pictures, unless somebody says otherwise.
  const seen =
    experience === 'clone' && (request.encoder === undefined || request.encoder === 'recurrent') ? 'pixels' : 'state';
  const observe = request.observe ?? (request.encoder === 'conv' ? 'pixels' : seen);
  const aim = {
    environment: request.environment ?? 'driving',
    observe,
    encoder: request.encoder ?? (observe === 'pixels' ? 'conv' : 'mlp'),
    experience,
    simulator: simulatorOf(request),
  } as const;
  if ((aim.encoder === 'conv') !== (aim.observe === 'pixels') && aim.encoder !== 'recurrent') {
    const fitting = aim.observe === 'pixels' ? 'conv or recurrent' : 'mlp or recurrent';
    throw new UsageError(`Expected --encoder ${fitting} with --observe ${aim.observe}, got ${aim.encoder}`);
  }
  return aim;
}

function simulatorOf({ simulator = 'embedded' }: TrainRequest): SimulatorName {
  return simulator;
}

function experienceOf({ algorithm, offline }: Pick<TrainRequest, 'algorithm' | 'offline'>): Experience {
  if (algorithm === 'clone') return 'clone';
  return offline === true ? 'offline' : 'environments';
}
