import { fileURLToPath } from 'node:url';
import { createActor } from '../../src/agents/ddpg/networks.ts';
import { type Provenance, readPolicyFolder, writePolicyFolder } from '../../src/agents/index.ts';

/** A policy that is kept in `models`, was trained with `progress`, a tenth of each metre, and is saved with its critics. */
export const keptPolicy = fileURLToPath(new URL('../../models/driving-state', import.meta.url));

/** Saves it again without its critics, as trained in an environment of other options. @returns the folder */
export function savedWithoutCritics(folder: string, options: Readonly<Record<string, unknown>> = {}): string {
  const content = readPolicyFolder(keptPolicy);
  const environment = content.provenance['environment'] as { options: object };
  const changed = { ...environment, options: { ...environment.options, ...options } };
  const weights = createActor(content.settings, content).parameters.map(({ name, shape }) => {
    return [name, { shape, data: content.weights.get(name)! }] as const;
  });
  const provenance = { ...content.provenance, environment: changed } as Provenance;
  writePolicyFolder(folder, { ...content, provenance, hasCritic: false }, new Map(weights));
  return folder;
}
