import type { Random } from '../../src/core/random.ts';
import { dataAt, forge, forgeHeader, type Mutation, type TensorEntry } from './tools.ts';

const setEntry = (by: (entry: TensorEntry, r: Random) => void) => (f: string, r: Random) =>
  forgeHeader(f, (header, names) => void by(header[r.pick(names)]!, r));

/** Changes of the weights by someone who makes all checksums anew. */
export const forged: readonly Mutation[] = [
  {
    name: 'weights not finite',
    outcome: 'refused',
    apply: (f, r) =>
      forge(f, (b) => {
        const at = dataAt(b);
        const count = (b.length - at) / 4;
        b.writeFloatLE(
          r.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
          at + 4 * r.below(count),
        );
        return b;
      }),
  },
  {
    name: 'other weights, marked anew',
    outcome: 'sound',
    apply: (f, r) =>
      forge(f, (b) => {
        b.writeFloatLE(r.between(-1, 1), dataAt(b));
        return b;
      }),
  },
  {
    name: 'a bit of the header',
    outcome: 'sound',
    apply: (f, r) =>
      forge(f, (b) => {
        b[r.below(dataAt(b))]! ^= 1 << r.below(8);
        return b;
      }),
  },
  {
    name: 'a header of any length',
    outcome: 'refused',
    apply: (f, r) =>
      forge(f, (b) => {
        b.writeBigUInt64LE(r.pick([0n, 1n, 2n ** 63n, 2n ** 64n - 1n, BigInt(b.length)]));
        return b;
      }),
  },
  {
    name: 'a foreign type',
    outcome: 'refused',
    apply: setEntry((entry, r) => {
      entry.dtype = r.pick(['F64', 'BF16', 'F16', 'I64', 'f32', '']);
    }),
  },
  {
    name: 'tensors that overlap',
    outcome: 'refused',
    apply: setEntry((entry, r) => {
      const by = r.pick([-4, 4]);
      entry.data_offsets = entry.data_offsets.map((offset) => Math.max(offset + by, 0));
    }),
  },
  {
    name: 'offsets out of range',
    outcome: 'refused',
    apply: setEntry((entry, r) => {
      entry.data_offsets = r.pick([[0, 2 ** 40], [-4, 0], [0.5, 4.5], [4, 0], [0], []]);
    }),
  },
  {
    name: 'another shape',
    outcome: 'refused',
    apply: setEntry((entry) => {
      entry.shape = [1, ...entry.shape];
    }),
  },
  {
    name: 'an endless shape',
    outcome: 'refused',
    apply: setEntry((entry) => {
      entry.shape = [2 ** 52, 2 ** 52];
    }),
  },
  {
    name: 'a tensor renamed',
    outcome: 'refused',
    apply: (f, r) =>
      forgeHeader(f, (h, names) => {
        const name = r.pick(names);
        h[r.pick(['mu', '', 'constructor', '../mu.0.weight'])] = h[name]!;
        delete h[name];
        return undefined;
      }),
  },
  {
    name: 'a tensor twice',
    outcome: 'refused',
    apply: (f, r) =>
      forgeHeader(f, (h, names) => {
        const name = r.pick(names);
        return JSON.stringify(h).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(h[name])},`);
      }),
  },
  {
    name: 'a tensor too many',
    outcome: 'refused',
    apply: (f) =>
      forgeHeader(f, (h, names) => {
        const end = Math.max(...names.map((name) => h[name]!.data_offsets[1]!));
        h['more'] = { dtype: 'F32', shape: [0], data_offsets: [end, end] };
        return undefined;
      }),
  },
  {
    name: 'a tensor missing',
    outcome: 'refused',
    apply: (f, r) =>
      forgeHeader(f, (h, names) => {
        delete h[r.pick(names)];
        return undefined;
      }),
  },
  {
    name: 'a prototype',
    outcome: 'refused',
    apply: (f) =>
      forgeHeader(f, (h) =>
        JSON.stringify(h).replace('{', '{"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},'),
      ),
  },
];
