import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { benchReplay } from '../bench/replay.ts';
import { benchSimulator } from '../bench/simulator.ts';
import { benchTorcs } from '../bench/torcs.ts';
import { defineCommand } from '../command.ts';
import { onlyPositional } from '../positionals.ts';

type Bench = (options: { readonly log: (line: string) => void }) => Promise<object>;

const benches = {
  simulator: benchSimulator,
  torcs: async ({ log }) => benchTorcs({ build: await requireTorcs(), log }),
  replay: benchReplay,
} as const satisfies Readonly<Record<string, Bench>>;

const kinds = Object.keys(benches) as (keyof typeof benches)[];

export const benchCommand = defineCommand({
  name: 'bench',
  summary: 'Measure: the embedded simulator on one core, the real game through the public API, or replay buffers.',
  positionals: kinds.join('|'),
  flags: {},
  examples: ['bench simulator', 'bench torcs --json', 'bench replay'],
  async run(_flags, { log, positionals }) {
    const what = onlyPositional(positionals, kinds);
    const figures = await benches[what]({ log });
    return { ok: true, ...figures };
  },
});
