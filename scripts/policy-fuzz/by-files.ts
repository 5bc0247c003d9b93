import fs from 'node:fs';
import path from 'node:path';
import type { Random } from '../../src/core/random.ts';
import { type Mutation, POLICY, WEIGHTS } from './tools.ts';

/** Files that are missing, others, or no files at all. */
export const byFiles: readonly Mutation[] = [POLICY, WEIGHTS].flatMap((name): Mutation[] => {
  const replace =
    (by: (file: string, folder: string, other: string) => void) => (folder: string, _: Random, other: string) => {
      const file = path.join(folder, name);
      const kept = path.join(folder, `kept-${name}`);
      fs.renameSync(file, kept);
      by(file, kept, other);
    };
  return [
    { name: `${name} missing`, outcome: 'refused', apply: replace(() => {}) },
    { name: `${name} empty`, outcome: 'refused', apply: replace((file) => fs.writeFileSync(file, '')) },
    { name: `${name} a folder`, outcome: 'refused', apply: replace((file) => fs.mkdirSync(file)) },
    { name: `${name} a link`, outcome: 'refused', apply: replace((file, kept) => fs.symlinkSync(kept, file)) },
    {
      name: `${name} of another policy`,
      outcome: 'refused',
      apply: replace((file, _, other) => fs.copyFileSync(path.join(other, name), file)),
    },
    {
      name: `${name} of eight gigabytes`,
      outcome: 'refused',
      apply: replace((file) => {
        fs.writeFileSync(file, '');
        fs.truncateSync(file, 2 ** 33);
      }),
    },
  ];
});
