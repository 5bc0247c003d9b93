import test from 'ava';
import { Random } from '../../../src/core/random.ts';
import { ClientSession } from '../../../torcs-client/client/session.ts';
import { ScrClient, ScrServer, type Sensors } from '../../../torcs-client/index.ts';
import { parseOptions } from '../../../torcs-client/options.ts';
import { CarLink } from '../../../torcs-client/server/car-link.ts';
import { linkOptionsSchema } from '../../../torcs-client/server/options.ts';
import { fieldOf, runLockstepRace } from '../../../torcs-client/server/race.ts';
import { systemTimers } from '../../../torcs-client/timers.ts';
import { FakeTimers } from '../../support/fake-timers.ts';
import { LossyPipe, LossyProxy } from '../../support/lossy-proxy.ts';
import { driveByFingerprint, PointMassSimulator } from '../../support/point-mass.ts';

const FAULTS = { loss: 0.2, duplication: 0.2, reordering: 0.2 };
const NO_FAULTS = { loss: 0, duplication: 0, reordering: 0 };
const RESTART_AT = 150;
const TICKS = 300;

interface Driver {
  start(): Promise<Sensors>;
  exchange(controls: ReturnType<typeof driveByFingerprint>): ReturnType<ScrClient['exchange']>;
}

/** Drives, asks for a restart on the way, joins the new race and drives until the server shuts it down. */
async function driveTwoRaces(driver: Driver): Promise<{ trajectory: Sensors[]; ends: string[] }> {
  const trajectory: Sensors[] = [];
  const ends: string[] = [];
  for (let race = 0; race < 2; race++) {
    let sensors = await driver.start();
    for (let tick = 0; ; tick++) {
      trajectory.push(sensors);
      const controls = { ...driveByFingerprint(sensors, tick), restart: race === 0 && tick === RESTART_AT };
      const event = await driver.exchange(controls);
      if (event.kind !== 'state') {
        ends.push(event.kind);
        break;
      }
      sensors = event.sensors;
    }
  }
  return { trajectory, ends };
}

/** Client and server joined by two bad pipes, in virtual time. */
async function driveInMemory(seed: number, faults: typeof FAULTS) {
  const timers = new FakeTimers();
  const random = new Random(seed);
  const sessions = random.stream('sessions');
  const simulator = new PointMassSimulator({ raceTicks: TICKS });
  const down = new LossyPipe(random.stream('down'), faults, timers, (datagram) => session.receive(datagram));
  const up = new LossyPipe(random.stream('up'), faults, timers, (datagram) => link.receive(datagram, 'client', 1));
  const link = new CarLink({
    ...parseOptions(linkOptionsSchema, { timers }),
    extension: true,
    send: (datagram) => down.send(datagram),
    onTakeover: () => undefined,
    onDrop: () => undefined,
  });
  const session = new ClientSession(
    { timers, drawSession: () => 1 + sessions.below(2 ** 31 - 1) },
    'the server',
    (datagram) => up.send(datagram),
  );
  const field = fieldOf(simulator);
  const serve = async () => {
    for (let race = 0; race < 2; race++) {
      await link.identify();
      link.begin();
      const end = await runLockstepRace(field, [link], await field.reset({}));
      link.end(end.kind === 'restart' ? 'restart' : 'shutdown');
    }
  };
  const served = serve();
  let done = false;
  const driven = driveTwoRaces({
    start: () => session.start(),
    exchange: (controls) => session.exchange(controls),
  }).finally(() => {
    done = true;
  });
  driven.catch(() => undefined);
  for (;;) {
    await timers.settle();
    if (done || !(await timers.next(3_600_000))) break;
  }
  await served;
  return { ...(await driven), counts: [up.counts, down.counts], controls: [...simulator.controls] };
}

test('with 20 % loss, 20 % duplication and 20 % reordering each way the trajectory is the same, to the tick', async (t) => {
  const clean = await driveInMemory(0, NO_FAULTS);
  t.is(clean.trajectory.length, RESTART_AT + 1 + TICKS);
  t.deepEqual(clean.ends, ['restart', 'shutdown']);
  for (let seed = 1; seed <= 20; seed++) {
    const lossy = await driveInMemory(seed, FAULTS);
    t.deepEqual(lossy.ends, clean.ends, `seed ${seed}`);
    t.deepEqual(lossy.controls, clean.controls, `seed ${seed}`);
    t.deepEqual(lossy.trajectory, clean.trajectory, `seed ${seed}`);
    for (const counts of lossy.counts) {
      t.true(counts.lost > 50 && counts.duplicated > 50 && counts.reordered > 50, JSON.stringify(counts));
    }
  }
});

test('the same over real sockets, through a proxy with the same faults', async (t) => {
  const run = async (faults: typeof FAULTS) => {
    const simulator = new PointMassSimulator({ raceTicks: TICKS });
    const repeatAfterMs = 4;
    const server = await ScrServer.listen({ simulator, port: 0, repeatAfterMs, resetOptions: {} });
    const proxy = await LossyProxy.listen(server.ports[0]!, new Random(5), faults, systemTimers);
    const client = await ScrClient.connect({ port: proxy.port, repeatAfterMs, identifyRetryMs: 20 });
    try {
      return { ...(await driveTwoRaces(client)), lost: proxy.upCounts[0]!.lost + proxy.downCounts[0]!.lost };
    } finally {
      await client.close();
      await server.close();
      proxy.close();
    }
  };
  const clean = await run(NO_FAULTS);
  const lossy = await run(FAULTS);
  t.is(clean.lost, 0);
  t.true(lossy.lost > 100, `${lossy.lost} datagrams were lost`);
  t.deepEqual(lossy.ends, ['restart', 'shutdown']);
  t.deepEqual(lossy.trajectory, clean.trajectory);
});
