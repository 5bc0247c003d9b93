import { ScrServer } from '../../../torcs-client/server/index.ts';
import { defineCommand, flag, named, toggle, wholeNumber } from '../command.ts';
import { composeEmbeddedSimulator } from '../compose.ts';
import { simulatorFlags } from '../flags.ts';

const { track, opponents, noise, 'no-damage': noDamage, 'no-fuel': noFuel } = simulatorFlags;

export const serveCommand = defineCommand({
  name: 'serve',
  summary: "Serve the embedded simulator as an SCR server, for anyone's client.",
  flags: {
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
      'cars driven from outside, 1 to 10 (default 1)',
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
  },
  examples: ['serve', 'serve --track willow-park --port 3001 --cars 2', 'serve --real-time --noise'],
  async run(flags, { log, signal }) {
    const simulator = await composeEmbeddedSimulator({
      track: flags.track,
      opponents: flags.opponents,
      cars: flags.cars,
    });
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
      await simulator.close();
    }
    return { ok: true, races: server.raceCount, ports, dropped: server.dropCount };
  },
});
