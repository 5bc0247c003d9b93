import {
  anything,
  change,
  flip,
  type Json,
  leaves,
  type Mutation,
  POLICY,
  put,
  text,
  truncate,
  WEIGHTS,
} from './tools.ts';

/** Changes that leave the checksums as they are. */
export const byBytes: readonly Mutation[] = [
  { name: 'a bit of policy.json', outcome: 'either', apply: (f, r) => change(f, POLICY, (b) => flip(b, r)) },
  { name: 'a bit of the weights', outcome: 'refused', apply: (f, r) => change(f, WEIGHTS, (b) => flip(b, r)) },
  { name: 'policy.json cut short', outcome: 'either', apply: (f, r) => change(f, POLICY, (b) => truncate(b, r)) },
  { name: 'weights cut short', outcome: 'refused', apply: (f, r) => change(f, WEIGHTS, (b) => truncate(b, r)) },
  {
    name: 'bytes behind the weights',
    outcome: 'refused',
    apply: (f, r) => change(f, WEIGHTS, (b) => Buffer.concat([b, Buffer.alloc(1 + r.below(64), r.below(256))])),
  },
  {
    name: 'white space',
    outcome: 'same',
    apply: (f, r) =>
      change(
        f,
        POLICY,
        text((json) => json.replaceAll(/(?<=[{,[]\n)/g, () => '\t\n '.repeat(r.below(3)))),
      ),
  },
  {
    name: 'written compactly',
    outcome: 'same',
    apply: (f) =>
      change(
        f,
        POLICY,
        text((json) => JSON.stringify(JSON.parse(json))),
      ),
  },
  {
    name: 'a leaf of policy.json',
    outcome: 'either',
    apply: (f, r) =>
      change(
        f,
        POLICY,
        text((json) => {
          const content = JSON.parse(json) as Json;
          put(content, r.pick(leaves(content)), anything(r));
          return JSON.stringify(content);
        }),
      ),
  },
  {
    name: 'a hundred thousand brackets',
    outcome: 'refused',
    apply: (f) =>
      change(
        f,
        POLICY,
        text(() => '['.repeat(1e5) + ']'.repeat(1e5)),
      ),
  },
  {
    name: 'a key twice',
    outcome: 'refused',
    apply: (f, r) =>
      change(
        f,
        POLICY,
        text((json) => {
          const lines = json.split('\n');
          const keyed = lines.map((line, i) => [line, i] as const).filter(([line]) => /^ +"\w+": [^{[]*$/.test(line));
          const [line, i] = r.pick(keyed);
          lines.splice(i, 0, line.endsWith(',') ? line : `${line},`);
          return lines.join('\n');
        }),
      ),
  },
];
