import { ScrServer } from '../../../torcs-client/server/index.ts';
import type { Simulator } from '../../../torcs-client/simulator.ts';
import { UsageError } from '../../core/index.ts';
import {
  type CommandContext,
  type commonFlags,
  defineCommand,
  type Flags,
  type FlagValues,
  flag,
  named,
  toggle,
  wholeNumber,
} from '../command.ts';
import { composeSimulator } from '../compose/simulator.ts';
import { simulatorFlags } from '../flags.ts';

const { simulator: simulatorFlag, track, opponents, noise, 'no-damage': noDamage, 'no-fuel': noFuel } = simulatorFlags;

const flags = {
  simulator: simulatorFlag,
  track,
  port: flag(
    'P',
    'port of the first car, the next ones following (default 3001)',
    wholeNumber(0, 65_535)
      .optional()
      .transform((port) => port ?? 3001),
  ),
  host: flag(
    'ADDRESS',
    'address to listen at; 0.0.0.0 lets the whole network drive (default 127.0.0.1)',
    named('an address')
      .optional()
      .transform((host) => host ?? '127.0.0.1'),
  ),
  cars: flag(
    'N',
    'cars driven from outside, 1 to 10 (default 1; more in the embedded simulator only)',
    wholeNumber(1, 10)
      .optional()
      .transform((cars) => cars ?? 1),
  ),
  laps: flag(
    'N',
    'length of a race in laps (default 10000)',
    wholeNumber(1, 10_000)
      .optional()
      .transform((laps) => laps ?? 10_000),
  ),
  races: flag('N', 'end after this many races (default: none)', wholeNumber(1, 1_000_000).optional()),
  'real-time': toggle('20 ms of wall clock a tick and 10 ms for an answer, as the game with its window'),
  opponents,
  noise,
  'no-damage': noDamage,
  'no-fuel': noFuel,
} satisfies Flags;

export const serveCommand = defineCommand({
  name: 'serve',
  summary: "Serve a simulator, embedded or the real game, as an SCR server for anyone's client.",
  flags,
  examples: [
    'serve',
    'serve --track willow-park --port 3001 --cars 2',
    'serve --simulator torcs --track aalborg',
    'serve --real-time --noise',
  ],
  async run(flags, context) {
    if (flags.simulator.kind === 'scr') {
      throw new UsageError('Expected --simulator embedded or torcs, got scr://: that is a server already');
    }
    const simulator = await composeSimulator({
      choice: flags.simulator,
      track: flags.track,
      opponents: flags.opponents,
      cars: flags.cars,
    });
    try {
      return await serve(simulator, flags, context);
    } finally {
      await simulator.close();
    }
  },
});

type ServeFlags = FlagValues<typeof flags & typeof commonFlags>;

/** Serves until the races are held or somebody interrupts. */
async function serve(
  simulator: Simulator,
  flags: ServeFlags,
  { log, signal }: Pick<CommandContext, 'log' | 'signal'>,
): Promise<Record<string, unknown>> {
  const server = await ScrServer.listen({
    simulator,
    host: flags.host,
    port: flags.port,
    mode: flags['real-time'] ? 'real-time' : 'lockstep',
    resetOptions: {
      countdown: true,
      laps: flags.laps,
      noise: flags.noise,
      damage: !flags['no-damage'],
      fuel: !flags['no-fuel'],
      seed: flags.seed,
    },
    onProblem: (problem) => log(`${problem.message} (${problem.code})`),
    ...(flags.races === undefined ? {} : { races: flags.races }),
  });
  const { ports } = server;
  const close = () => void server.close();
  signal.addEventListener('abort', close);
  log(`waiting for SCR clients at ${flags.host}, ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`);
  try {
    await server.finished;
  } finally {
    signal.removeEventListener('abort', close);
    await server.close();
  }
  return { ok: true, races: server.raceCount, ports, dropped: server.dropCount };
}
