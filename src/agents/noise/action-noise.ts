import { z } from 'zod';
import { scheduleSchema } from '../../core/schedule.ts';
import { GaussianNoise } from './gaussian-noise.ts';
import type { ActionNoise, NoiseParts } from './noise.ts';
import { OrnsteinUhlenbeckNoise } from './ornstein-uhlenbeck-noise.ts';

/**
 * In actions of -1 to 1, 0 to 10; by choice a line over exploring steps, and one for each entry of the action: a pedal may be
 * tried far from where the policy has it at a speed at which a wheel may not.
 */
const strength = scheduleSchema(z.number().min(0).max(10));
const sigma = z.union([strength, z.array(strength).min(1)]);

/** Noise of exploring actions; unknown settings are refused. */
export const actionNoiseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('normal'),
    /** Standard deviation, 0 to 10, or a line over exploring steps; one for all entries of the action, or a list. */
    sigma,
  }),
  z.strictObject({
    kind: z.literal('ornstein-uhlenbeck'),
    /** Pull back to 0 per unit of time, 0 to 10. Default 0.15 (Lillicrap et al. 2015). */
    theta: z.number().min(0).max(10).default(0.15),
    /** Push per square root of a unit of time, 0 to 10, or a line; one for all entries, or a list. Default 0.2 (ibid.). */
    sigma: sigma.default(0.2),
    /** Units of time that a step takes, above 0 to 1. Default 1 (the paper names none; Stable-Baselines3 has 0.01). */
    dt: z.number().positive().max(1).default(1),
  }),
]);

export type ActionNoiseOptions = z.input<typeof actionNoiseSchema>;
export type ActionNoiseSettings = z.output<typeof actionNoiseSchema>;

/** @throws InvalidArgumentError when a list of `sigma` has not one for each entry of the action */
export function createActionNoise(settings: ActionNoiseSettings, parts: NoiseParts): ActionNoise {
  if (settings.kind === 'none') return new GaussianNoise(parts, 0);
  if (settings.kind === 'normal') return new GaussianNoise(parts, settings.sigma);
  return new OrnsteinUhlenbeckNoise(parts, settings);
}
