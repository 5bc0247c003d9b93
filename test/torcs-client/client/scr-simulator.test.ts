import dgram from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import { DEFAULT_CONTROLS, ScrClient, ScrServer, ScrSimulator } from '../../../torcs-client/index.ts';
import { PointMassSimulator } from '../../support/point-mass.ts';

const GO = { ...DEFAULT_CONTROLS, accel: 1 };

async function serve(options: ConstructorParameters<typeof PointMassSimulator>[0] = {}) {
  const inner = new PointMassSimulator(options);
  const server = await ScrServer.listen({ simulator: inner, port: 0 });
  const simulator = await ScrSimulator.connect({ port: server.ports[0]! });
  return { inner, server, simulator };
}

test('a race over UDP is the race without it, from the first tick after the countdown', async (t) => {
  const { inner, server, simulator } = await serve();
  const direct = new PointMassSimulator();
  await direct.reset();
  let sensors = await simulator.reset();
  t.is(sensors.curLapTime, 0);
  t.is(simulator.tick, 0);
  t.is(inner.tick, 3, 'the countdown was answered on the way');
  for (let tick = 0; tick < 50; tick++) {
    sensors = await simulator.step({ ...GO, steer: Math.sin(tick) });
    await direct.step({ ...GO, steer: Math.sin(tick) });
  }
  t.deepEqual(inner.controls.slice(3), direct.controls);
  t.is(simulator.tick, 50);
  t.is(sensors.curLapTime, 1);
  await simulator.close();
  await server.close();
});

test('reset restarts the race under way, as often as one likes, and can keep the countdown', async (t) => {
  const { inner, server, simulator } = await serve();
  for (let race = 1; race <= 5; race++) {
    await simulator.reset();
    await simulator.step(GO);
    t.is(server.raceCount, race);
  }
  t.is((await simulator.reset({ countdown: true })).curLapTime, -0.06);
  t.is(inner.resets.length, 6);
  await simulator.close();
  await server.close();
});

test('a shut-down race is over, with the last sensors, and can be reset', async (t) => {
  const { server, simulator } = await serve({ raceTicks: 5 });
  let last = await simulator.reset();
  last = await simulator.step(GO);
  t.false(simulator.raceOver);
  t.is(await simulator.step(GO), last);
  t.true(simulator.raceOver);
  await t.throwsAsync(simulator.step(GO), { code: 'ERR_RACE_OVER' });
  await simulator.reset();
  t.false(simulator.raceOver);
  await simulator.close();
  await simulator.close();
  await server.close();
});

for (const options of [
  { track: 'forza' },
  { startDistanceM: 0 },
  { damage: false },
  { fuel: false },
  { noise: true },
]) {
  const [name] = Object.keys(options);
  test(`${name} is the business of the server's owner`, async (t) => {
    const simulator = await ScrSimulator.connect({ port: 1 });
    await t.throwsAsync(simulator.reset(options), { code: 'ERR_INVALID_ARGUMENT', message: new RegExp(`\`${name}\``) });
    await t.throwsAsync(simulator.renderCamera(new Uint8Array(3)), { code: 'ERR_INVALID_ARGUMENT', message: /camera/ });
    await simulator.close();
  });
}

test('nobody at the port: an error soon, and the socket can be closed', async (t) => {
  const probe = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const client = await ScrClient.connect({ port, identifyTimeoutMs: 50 });
  await t.throwsAsync(client.start(), {
    code: 'ERR_SCR_NO_ANSWER',
    message: new RegExp(`127.0.0.1:${port} within 50 ms`),
  });
  await client.close();
});

test('a client that waits when the server comes up is served', async (t) => {
  const probe = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const client = await ScrClient.connect({ port });
  const first = client.start();
  const server = await ScrServer.listen({ simulator: new PointMassSimulator(), port });
  t.is((await first).curLapTime, -0.06);
  await client.close();
  await server.close();
});

for (const options of [
  { port: 0 },
  { port: 70_000 },
  { host: '' },
  { id: 'XSCR' },
  { stateTimeoutMs: -1 },
  { colour: 'red' },
]) {
  test(`the option ${JSON.stringify(options)} is refused`, async (t) => {
    await t.throwsAsync(ScrClient.connect(options), { code: 'ERR_INVALID_ARGUMENT' });
  });
}
