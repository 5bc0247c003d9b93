import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineCommand, flag, named } from '../command.ts';
import { describeDrive } from '../demo/summary.ts';

const defaultFolder = join('runs', 'demo');

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'The whole mission in minutes: record a driver, learn from its pictures, drive an unseen track, film it.',
  flags: {
    out: flag(
      'DIR',
      `folder of the results, new or empty (default ${defaultFolder}, made anew)`,
      named('a folder')
        .optional()
        .transform((folder) => folder ?? defaultFolder),
    ),
  },
  examples: ['demo', 'demo --seed 3 --out /tmp/torcs-pilot-demo --json'],
  async run({ out, seed, json }, { log, write, print, signal, interactive }) {
    // Only what an earlier demo left is removed; another folder is somebody's work.
    if (out === defaultFolder) rmSync(out, { recursive: true, force: true });
    const { demo } = await import('../demo/demo.ts');
    const result = await demo({ out, seed, log, write, interactive, signal });
    print(`it ${describeDrive(result)}; ${result.wallS.toFixed(0)} s in all`);
    if (!result.ok) {
      log(
        `what it learnt was not enough this time; another seed is another driver: npx torcs-pilot demo --seed ${seed + 1}`,
      );
    }
    for (const file of ['film', 'curve', 'summary'] as const) print(`${file}: ${result.artifacts[file]}`);
    if (!json) log(`everything is in ${out}`);
    return result;
  },
});
