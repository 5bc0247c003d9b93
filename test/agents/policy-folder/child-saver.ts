import fs from 'node:fs';
import { savePolicy } from './saved-policy.ts';

// Replaces a policy over and over until it is killed. Says `r` after the first.
const [folder = ''] = process.argv.slice(2);
for (let step = 0; ; step++) {
  savePolicy(folder, step);
  if (step === 0) fs.writeSync(1, 'r');
}
