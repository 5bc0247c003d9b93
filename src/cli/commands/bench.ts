import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { benchSimulator } from '../bench/simulator.ts';
import { benchTorcs } from '../bench/torcs.ts';
import { defineCommand } from '../command.ts';
import { onlyPositional } from '../positionals.ts';

export const benchCommand = defineCommand({
  name: 'bench',
  summary: 'Measure: the embedded simulator on one core, or the real game through the public API.',
  positionals: 'simulator|torcs',
  flags: {},
  examples: ['bench simulator', 'bench torcs --json'],
  async run(_flags, { log, positionals }) {
    const what = onlyPositional(positionals, ['simulator', 'torcs']);
    const figures =
      what === 'simulator' ? await benchSimulator({ log }) : await benchTorcs({ build: await requireTorcs(), log });
    return { ok: true, ...figures };
  },
});
