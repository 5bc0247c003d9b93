import test from 'ava';
import { DEFAULT_CONTROLS } from '../../../torcs-client/controls.ts';
import { formatControls, formatInit } from '../../../torcs-client/messages/index.ts';
import { parseOptions } from '../../../torcs-client/options.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG } from '../../../torcs-client/sensors.ts';
import { CarLink } from '../../../torcs-client/server/car-link.ts';
import { linkOptionsSchema } from '../../../torcs-client/server/options.ts';
import { fieldOf, runRealTimeRace } from '../../../torcs-client/server/race.ts';
import { FakeTimers } from '../../support/fake-timers.ts';
import { PointMassSimulator } from '../../support/point-mass.ts';
import { sensorsWith } from '../../support/sensors.ts';

const rangeFinderAnglesDeg = DEFAULT_RANGE_FINDER_ANGLES_DEG;
const CLASSIC_INIT = formatInit({ rangeFinderAnglesDeg });
const initOf = (session: number) => formatInit({ rangeFinderAnglesDeg, session });
const controls = (accel: number, session?: number, tick = 0) =>
  formatControls({ ...DEFAULT_CONTROLS, accel }, session === undefined ? undefined : { session, tick });

function setUp({ extension = true } = {}) {
  const timers = new FakeTimers();
  const sent: string[] = [];
  const drops: string[] = [];
  const takeovers: number[] = [];
  const link = new CarLink({
    ...parseOptions(linkOptionsSchema, { timers }),
    extension,
    send: (datagram, address, port) => sent.push(`${address}:${port} ${datagram.toString('latin1').replace('\0', '')}`),
    onTakeover: () => takeovers.push(timers.now()),
    onDrop: (reason) => drops.push(reason),
  });
  return { timers, sent, drops, takeovers, link };
}

async function racing(init: Buffer, options = {}) {
  const all = setUp(options);
  const identified = all.link.identify();
  all.link.receive(init, 'a', 1);
  await identified;
  all.link.begin();
  all.sent.length = 0;
  return all;
}

test('lockstep: the state is repeated at doubling intervals up to a second, until its answer comes', async (t) => {
  const { link, sent, timers } = await racing(initOf(5));
  const answer = link.exchange(sensorsWith(), 0);
  await timers.advance(20 + 40 + 80 + 160 + 320 + 640 + 1000 + 1000);
  t.is(sent.length, 9);
  link.receive(controls(0.1, 5, 1), 'a', 1);
  link.receive(controls(0.2, 6, 0), 'a', 1);
  link.receive(controls(0.3), 'a', 1);
  link.receive(controls(0.4, 5, 0), 'b', 1);
  link.receive(controls(0.5, 5, 0), 'a', 1);
  t.like(await answer, { accel: 0.5 });
  t.is(sent.length, 9, 'nothing that was dropped is answered');
});

test('after the end the word is repeated to the session that asks, and its datagrams come to nothing', async (t) => {
  const { link, sent } = await racing(initOf(5));
  void link.exchange(sensorsWith(), 0);
  link.end('restart');
  t.is(sent.at(-1), 'a:1 ***restart***(session 5)');
  sent.length = 0;
  link.receive(controls(1, 5, 0), 'a', 1);
  t.deepEqual(sent, ['a:1 ***restart***(session 5)']);
  const next = link.identify();
  link.receive(initOf(5), 'a', 1);
  link.receive(controls(1, 5, 0), 'a', 1);
  t.is(sent.length, 2, 'a late first datagram of the old session is not welcomed');
  link.receive(initOf(6), 'a', 1);
  t.like(await next, { session: 6 });
  t.is(sent.at(-1), 'a:1 ***identified***(session 6)');
});

test('the first datagram of the session under way is answered again; another session waits its turn', async (t) => {
  const { link, sent, drops, timers, takeovers } = await racing(initOf(5));
  link.receive(initOf(5), 'a', 1);
  t.deepEqual(sent, ['a:1 ***identified***(session 5)']);
  link.receive(initOf(6), 'a', 1);
  t.is(sent.length, 1);
  t.is(drops.length, 1);
  await timers.advance(3000);
  link.receive(initOf(6), 'b', 2);
  t.deepEqual(takeovers, [3000]);
  link.end('shutdown');
  t.like(await link.identify(), { session: 6 });
});

test('before the race begins a client may be replaced', async (t) => {
  const { link, sent } = setUp();
  const identified = link.identify();
  link.receive(initOf(5), 'a', 1);
  await identified;
  link.receive(initOf(6), 'b', 2);
  link.receive(initOf(5), 'a', 1);
  t.deepEqual(sent, ['a:1 ***identified***(session 5)', 'b:2 ***identified***(session 6)']);
});

test('classic: of several answers the newest counts, older ones never act later', async (t) => {
  const { link, timers } = await racing(CLASSIC_INIT);
  link.receive(controls(0.1), 'a', 1);
  const answer = link.exchange(sensorsWith(), 0);
  link.receive(controls(0.2), 'a', 1);
  link.receive(controls(0.3), 'a', 1);
  await timers.settle();
  t.like(await answer, { accel: 0.3 });
});

test('classic: a first datagram that was sent twice is welcomed once, and never drives', async (t) => {
  const { link, sent, timers } = await racing(CLASSIC_INIT);
  const answer = link.exchange(sensorsWith(), 0);
  sent.length = 0;
  link.receive(CLASSIC_INIT, 'a', 1);
  t.deepEqual(sent, []);
  await timers.advance(1000);
  link.receive(CLASSIC_INIT, 'a', 1);
  t.deepEqual(sent, ['a:1 ***identified***'], 'much later it was a lost welcome');
  link.receive(controls(0.3), 'a', 1);
  await timers.settle();
  t.like(await answer, { accel: 0.3 });
});

test('classic: only long silence repeats a state; a second answer to it does not become the next one', async (t) => {
  const { link, sent, timers } = await racing(CLASSIC_INIT);
  const answer = link.exchange(sensorsWith(), 0);
  await timers.advance(4999);
  t.is(sent.length, 1);
  await timers.advance(1);
  t.is(sent.length, 2);
  link.receive(controls(0.1), 'a', 1);
  await timers.advance(50);
  link.receive(controls(0.2), 'a', 1);
  await timers.advance(51);
  t.like(await answer, { accel: 0.1 });
  const next = link.exchange(sensorsWith(), 1);
  link.receive(controls(0.3), 'a', 1);
  await timers.settle();
  t.like(await next, { accel: 0.3 });
});

test('real time: each 20 ms a tick; a silent driver’s last command goes on, a late one counts at the next tick', async (t) => {
  const { link, sent, timers } = await racing(initOf(5), { extension: false });
  const simulator = new PointMassSimulator({ raceTicks: 5 });
  const field = fieldOf(simulator);
  const race = runRealTimeRace(field, [link], await field.reset({}), { timers, answerTimeoutMs: 10 });
  const accelAfter = async (ms: number) => {
    await timers.advance(ms);
    return simulator.controls.map(({ accel, gear }) => [accel, gear]);
  };
  t.deepEqual(await accelAfter(9), []);
  t.deepEqual(await accelAfter(1), [[0, 0]], 'before a first command everything is 0, the gear too');
  await timers.advance(11);
  link.receive(controls(0.5), 'a', 1);
  t.deepEqual(await accelAfter(0), [
    [0, 0],
    [0.5, 1],
  ]);
  await timers.advance(11);
  link.receive(controls(0.6), 'a', 1);
  t.is((await accelAfter(0)).length, 2, 'it came between two ticks, and waits');
  await timers.advance(20);
  t.deepEqual((await accelAfter(0)).at(-1), [0.6, 1]);
  await timers.advance(40);
  t.deepEqual(
    (await accelAfter(0)).map(([accel]) => accel),
    [0, 0.5, 0.6, 0.6, 0.6],
  );
  t.deepEqual(await race, { kind: 'over' });
  t.is(sent.filter((line) => line.includes('(angle')).length, 5);
  t.false(
    sent.some((line) => line.includes('session')),
    'the extension is off',
  );
});
