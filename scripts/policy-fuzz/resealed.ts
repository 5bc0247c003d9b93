import { settingsSchema } from '../../src/agents/ddpg/settings.ts';
import { anything, type Json, leaves, type Mutation, put, reseal } from './tools.ts';

/** Changes of `policy.json` by someone who makes its checksum anew. */
export const resealed: readonly Mutation[] = [
  {
    name: 'an unknown key',
    outcome: 'refused',
    apply: (f, r) =>
      reseal(f, (c) => {
        r.pick([c, c['settings'] as Json, c['weights'] as Json, c['actionSpace'] as Json])['extra'] = 1;
      }),
  },
  {
    name: 'a key missing',
    outcome: 'refused',
    apply: (f, r) =>
      reseal(f, (c) => {
        const settings = c['settings'] as Json;
        // Folders of before a setting came do not have it.
        const needed = Object.entries(settingsSchema.shape)
          .filter(([, schema]) => !schema.safeParse(undefined).success)
          .map(([key]) => key);
        const [part, keys] = r.pick([
          [c, Object.keys(c)],
          [settings, needed],
        ] as const);
        delete part[r.pick(keys)];
      }),
  },
  {
    name: 'an object for a leaf',
    outcome: 'refused',
    apply: (f, r) => reseal(f, (c) => put(c, r.pick(leaves(c)), { kind: {} })),
  },
  {
    name: 'a version of the future',
    outcome: 'refused',
    apply: (f) =>
      reseal(f, (c) => {
        c['version'] = 2;
      }),
  },
  {
    name: 'networks too large',
    outcome: 'refused',
    apply: (f) =>
      reseal(f, (c) => {
        (c['settings'] as Json)['netArch'] = { pi: Array(8).fill(8192), qf: [1] };
      }),
  },
  {
    name: 'other networks',
    outcome: 'refused',
    apply: (f, r) =>
      reseal(f, (c) => {
        (c['settings'] as Json)['netArch'] = { pi: [1 + r.below(3)], qf: [1] };
      }),
  },
  {
    name: 'critics that are not spoken of',
    outcome: 'refused',
    apply: (f) =>
      reseal(f, (c) => {
        c['critic'] = c['critic'] !== true;
      }),
  },
  {
    name: 'another action space',
    outcome: 'refused',
    apply: (f, r) =>
      reseal(f, (c) => {
        c['actionSpace'] = { shape: [3 + r.below(9)], low: -1, high: 1, dtype: 'float32' };
      }),
  },
  {
    name: 'an endless action space',
    outcome: 'refused',
    apply: (f) => reseal(f, (c) => put(c, ['actionSpace', 'high'], 'Infinity')),
  },
  {
    name: 'a leaf, with a new checksum',
    outcome: 'sound',
    apply: (f, r) => reseal(f, (c) => put(c, r.pick(leaves(c)), anything(r))),
  },
  {
    name: 'nested too deep',
    outcome: 'refused',
    apply: (f) => reseal(f, (c) => put(c, ['provenance', 'deep'], JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`))),
  },
];
