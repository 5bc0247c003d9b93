import { createActor } from '../../../src/agents/ddpg/networks.ts';
import type { PolicyContent } from '../../../src/agents/index.ts';
import { resolveAgentOptions, writePolicyFolder } from '../../../src/agents/index.ts';
import { sizeOf } from '../../../src/core/box.ts';
import { numbers } from '../support.ts';

/** A policy all of whose weights are the number of its step. */
export function savePolicy(folder: string, step: number): void {
  const settings = resolveAgentOptions({ netArch: [64, 64] });
  const spaces = { observationSpace: { state: numbers(8) }, actionSpace: numbers(2) };
  const weights = createActor(settings, spaces).parameters.map(
    ({ name, shape }) => [name, { shape, data: new Float32Array(sizeOf(shape)).fill(step) }] as const,
  );
  writePolicyFolder(
    folder,
    { name: 'saved', settings, ...spaces, provenance: { step }, hasCritic: false },
    new Map(weights),
  );
}

/** The step of such a policy; undefined when its parts are of different steps. */
export function stepOf({ provenance, weights }: PolicyContent): number | undefined {
  const { step } = provenance;
  const whole = [...weights.values()].every((values) => values.every((value) => value === step));
  return whole && typeof step === 'number' ? step : undefined;
}
