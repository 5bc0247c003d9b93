import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { nearestName, UsageError } from '../../core/index.ts';
import { decimalNumber, defineCommand, flag, named, quote, toggle, wholeNumber } from '../command.ts';
import { onlyPositional } from '../positionals.ts';

/** Each is loaded when it is run: what runs networks takes a second. */
const benches = {
  engine: async (flags: EngineFlags, log: (line: string) => void) => {
    const { benchEngine } = await import('../bench/engine/bench-engine.ts');
    const { configurations, ...rest } = flags;
    const chosen = configurations === undefined ? {} : { configurations: await checkNames(configurations) };
    const given = Object.entries(rest).filter(([, value]) => value !== undefined);
    return benchEngine({ log, ...chosen, ...Object.fromEntries(given) });
  },
  simulator: async (_: EngineFlags, log: (line: string) => void) => {
    const { benchSimulator } = await import('../bench/simulator.ts');
    return benchSimulator({ log });
  },
  torcs: async (_: EngineFlags, log: (line: string) => void) => {
    const build = await requireTorcs();
    const { benchTorcs } = await import('../bench/torcs.ts');
    return benchTorcs({ build, log });
  },
  replay: async (_: EngineFlags, log: (line: string) => void) => {
    const { benchReplay } = await import('../bench/replay.ts');
    return benchReplay({ log });
  },
} as const;

const kinds = Object.keys(benches) as (keyof typeof benches)[];

interface EngineFlags {
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  readonly configurations: string | undefined;
  readonly python: string | undefined;
  readonly profile: boolean;
}

export const benchCommand = defineCommand({
  name: 'bench',
  summary:
    'Measure: engines that run networks beside PyTorch, the embedded simulator, the real game through the public API, or replay buffers.',
  positionals: kinds.join('|'),
  flags: {
    rounds: flag('N', 'engine: process starts of each engine, 1 to 100 (default 5)', wholeNumber(1, 100).optional()),
    seconds: flag('S', 'engine: how long each process measures (default 2)', decimalNumber(0.1, 600).optional()),
    configurations: flag('A,B', 'engine: what to measure (default: all)', named('names of configurations').optional()),
    python: flag('FILE', 'engine: Python with PyTorch 2.x (default python3)', named('a program').optional()),
    profile: toggle('engine: tell where the time goes, by operation'),
  },
  examples: ['bench engine --profile', 'bench simulator', 'bench torcs --json', 'bench replay'],
  async run({ rounds, seconds, configurations, python, profile }, { log, positionals, given }) {
    const what = onlyPositional(positionals, kinds);
    for (const name of ['rounds', 'seconds', 'configurations', 'python', 'profile']) {
      if (what !== 'engine' && given.has(name)) {
        throw new UsageError(`Expected --${name} with \`bench engine\` only, got it with ${what}`);
      }
    }
    const figures = await benches[what]({ rounds, seconds, configurations, python, profile }, log);
    return { ok: true, ...figures };
  },
});

async function checkNames(text: string) {
  const { CONFIGURATION_NAMES } = await import('../bench/engine/configurations.ts');
  return text.split(',').map((word) => {
    const name = CONFIGURATION_NAMES.find((candidate) => candidate === word.trim());
    if (name !== undefined) return name;
    const nearest = nearestName(word, CONFIGURATION_NAMES);
    const hint = nearest === undefined ? '' : `. Did you mean ${nearest}?`;
    throw new UsageError(
      `Expected --configurations to be some of ${CONFIGURATION_NAMES.join(', ')}, got ${quote(word)}${hint}`,
    );
  });
}
