import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import type { Sensors, TorcsPilotError } from '../../../torcs-client/index.ts';
import { ScrClient as Client, DEFAULT_CONTROLS, type ScrClient, ScrServer } from '../../../torcs-client/index.ts';
import { FakeTimers } from '../../support/fake-timers.ts';
import { PointMassSimulator } from '../../support/point-mass.ts';

const INIT = 'SCR(init -90 -75 -60 -45 -30 -20 -15 -10 -5 0 5 10 15 20 30 45 60 75 90)';
const GO = { ...DEFAULT_CONTROLS, accel: 1 };

/** A socket as a foreign client has it: text out, raw bytes in. */
class Foreigner {
  readonly socket: Socket;
  readonly #port: number;
  readonly #inbox: Buffer[] = [];
  #wake: (() => void) | undefined;

  constructor(port: number) {
    this.#port = port;
    this.socket = dgram.createSocket('udp4');
    this.socket.on('message', (datagram) => {
      this.#inbox.push(datagram);
      this.#wake?.();
    });
  }

  send(text: string | Buffer): void {
    this.socket.send(text, this.#port, '127.0.0.1');
  }

  async receive(): Promise<Buffer> {
    while (this.#inbox.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#inbox.shift()!;
  }

  async ask(text: string): Promise<Buffer> {
    this.send(text);
    return this.receive();
  }

  close(): void {
    this.socket.close();
  }
}

/** snakeoil's reading: the last character goes, then the outer parentheses; groups split at `)(`, words at one space. */
function readAsSnakeoil(datagram: Buffer): Record<string, number | number[]> {
  const text = datagram.toString('latin1').trim().slice(0, -1).replace(/^\(+/, '').replace(/\)+$/, '');
  return Object.fromEntries(
    text.split(')(').map((group) => {
      const [key, ...words] = group.split(' ');
      const values = words.map(Number);
      return [key!, values.length === 1 ? values[0]! : values];
    }),
  );
}

/** The Java client's reading: split at `(`, a word, and for all but four keys exactly one number. */
function readAsJava(datagram: Buffer): Map<string, number[]> {
  const arrays = new Set(['opponents', 'track', 'wheelSpinVel', 'focus']);
  const readings = new Map<string, number[]>();
  for (const part of datagram.toString('latin1').split('(').slice(1)) {
    const [key, ...words] = part.split(')')[0]!.split(' ');
    if (!arrays.has(key!) && words.length !== 1) throw new Error(`${key} is no single number`);
    readings.set(key!, words.map(Number));
  }
  return readings;
}

test('the C++ and snakeoil clients’ ways: welcome with NUL, states they can read, restart, shutdown', async (t) => {
  const simulator = new PointMassSimulator({ raceTicks: 3 });
  const server = await ScrServer.listen({ simulator, port: 0, races: 2, resetOptions: {} });
  const foreigner = new Foreigner(server.ports[0]!);
  const welcome = await foreigner.ask(INIT);
  // The C++ client compares the whole C string.
  t.is(welcome.length, 17);
  t.is(welcome.subarray(0, welcome.indexOf(0)).toString(), '***identified***');
  const first = await foreigner.receive();
  t.is(first.at(-1), 0);
  t.false(/session|tick/.test(first.toString()));
  t.deepEqual(simulator.resets[0]?.rangeFinderAnglesDeg?.slice(0, 3), [-90, -75, -60]);
  const seen = readAsSnakeoil(first);
  t.is(seen['fuel'], 94);
  t.is((seen['track'] as number[]).length, 19);
  t.deepEqual(seen['focus'], [-1, -1, -1, -1, -1]);
  t.deepEqual(Object.keys(seen), [...readAsJava(first).keys()]);
  t.is(readAsJava(first).get('opponents')?.length, 36);
  // snakeoil's own order and its list for focus.
  const second = await foreigner.ask(
    '(accel 0.200)(clutch 0.000)(gear 1)(steer 0.100)(brake 0.000)(focus -90 -45 0 45 90)(meta 0)',
  );
  t.true(Number(readAsSnakeoil(second)['speedX']) > 0);
  t.deepEqual(simulator.controls[0], { ...DEFAULT_CONTROLS, accel: 0.2, steer: 0.1, focus: -90 });
  t.is((await foreigner.ask('(meta 1)')).toString(), '***restart***\0');
  t.is((await foreigner.ask(INIT)).toString(), '***identified***\0');
  await foreigner.receive();
  await foreigner.ask('(accel 1) (brake 0) (gear 1.000)');
  await foreigner.ask('(accel 1)\0');
  t.is((await foreigner.ask('(accel 1)')).toString(), '***shutdown***\0');
  await server.finished;
  t.is(server.raceCount, 2);
  foreigner.close();
});

test('bad datagrams and strangers change nothing, and each is told of with a stable code', async (t) => {
  const simulator = new PointMassSimulator();
  const problems: TorcsPilotError[] = [];
  const server = await ScrServer.listen({
    simulator,
    port: 0,
    resetOptions: {},
    onProblem: (problem) => problems.push(problem),
  });
  const foreigner = new Foreigner(server.ports[0]!);
  foreigner.send('XSCR(init 1)');
  foreigner.send('(accel 1)');
  await foreigner.ask(INIT);
  await foreigner.receive();
  const stranger = new Foreigner(server.ports[0]!);
  stranger.send('(accel 1)(steer 1)(meta 1)');
  stranger.send(INIT);
  await once(setDelivered(stranger), 'sent');
  foreigner.send('');
  foreigner.send(Buffer.alloc(1001, '(accel 1)'));
  foreigner.send(Buffer.from([0xff, 0xfe, 0x28, 0xc3, 0x29]));
  foreigner.send(INIT);
  const state = await foreigner.ask('(accel nan)(brake inf)(steer -1e30)(gear 99)(clutch -5)');
  t.is(readAsSnakeoil(state)['racePos'], 1);
  t.is(simulator.controls.length, 1);
  t.deepEqual(simulator.controls[0], { ...DEFAULT_CONTROLS, steer: -1 });
  t.is(problems.length, 7);
  t.is(server.dropCount, 7);
  t.true(problems.every(({ code, message }) => code === 'ERR_SCR_DATAGRAM_DROPPED' && message.startsWith('Expected')));
  foreigner.close();
  stranger.close();
  await server.close();
});

/** Emits `sent` once everything that was sent before is with the kernel. */
function setDelivered(foreigner: Foreigner): Socket {
  const mark = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => {
    foreigner.socket.send('x', mark.address().port, '127.0.0.1');
  });
  mark.once('message', () => {
    mark.close();
    mark.emit('sent');
  });
  return mark;
}

test('several cars: served in the order of their ports; who asks is restarted, the others are shut down', async (t) => {
  const simulator = new PointMassSimulator({ carCount: 2 });
  const server = await ScrServer.listen({ simulator, port: 0, resetOptions: {} });
  const clients = await Promise.all(server.ports.map((port) => Client.connect({ port, identifyRetryMs: 30 })));
  const [one, two] = clients as [ScrClient, ScrClient];
  const second = two.start();
  const [firstSensors, secondSensors] = await Promise.all([one.start(), second]);
  t.is(firstSensors.racePos, 1);
  t.is(secondSensors.racePos, 2);
  const [a, b] = await Promise.all([one.exchange(GO), two.exchange({ ...GO, accel: 0.5 })]);
  const speed = (event: typeof a) => (event as { sensors: Sensors }).sensors.speedX;
  t.true(speed(a) > speed(b) && speed(b) > 0);
  const ends = await Promise.all([one.exchange(GO), two.exchange({ ...GO, restart: true })]);
  t.deepEqual(
    ends.map(({ kind }) => kind),
    ['shutdown', 'restart'],
  );
  await Promise.all([one.start(), two.start()]);
  t.is(server.raceCount, 2);
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

test('a port in use is an error that names it, and no other port stays open', async (t) => {
  const taken = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address();
  await t.throwsAsync(ScrServer.listen({ simulator: new PointMassSimulator(), port }), {
    code: 'ERR_PORT_UNAVAILABLE',
    message: new RegExp(`UDP port ${port} of 127.0.0.1 .*another program`),
  });
  await t.throwsAsync(ScrServer.listen({ simulator: new PointMassSimulator({ carCount: 2 }), port: port - 1 }), {
    code: 'ERR_PORT_UNAVAILABLE',
  });
  const free = dgram.createSocket('udp4').bind(port - 1, '127.0.0.1');
  await once(free, 'listening');
  free.close();
  taken.close();
});

test('a new client takes over from one that has died, not from one that drives', async (t) => {
  const timers = new FakeTimers();
  const simulator = new PointMassSimulator();
  const server = await ScrServer.listen({ simulator, port: 0, timers });
  const dead = new Foreigner(server.ports[0]!);
  await dead.ask(INIT);
  await dead.receive();
  const next = new Foreigner(server.ports[0]!);
  next.send(INIT);
  await once(setDelivered(next), 'sent');
  t.is(server.raceCount, 1);
  await timers.advance(3000);
  t.is((await next.ask(INIT)).toString(), '***identified***\0');
  t.true((await next.receive()).toString().startsWith('(angle'));
  t.is((await dead.receive()).toString(), '***shutdown***\0');
  t.is(server.raceCount, 2);
  dead.close();
  next.close();
  await server.close();
});

test('what the simulator throws ends the server and is told', async (t) => {
  const simulator = new PointMassSimulator();
  simulator.stepAll = async () => {
    throw new Error('the engine fell out');
  };
  const server = await ScrServer.listen({ simulator, port: 0 });
  const client = await Client.connect({ port: server.ports[0]! });
  await client.start();
  t.deepEqual(await client.exchange(GO), { kind: 'shutdown' });
  await t.throwsAsync(server.finished, { message: 'the engine fell out' });
  await client.close();
});

test('closing the server tells the driver', async (t) => {
  const server = await ScrServer.listen({ simulator: new PointMassSimulator(), port: 0 });
  const client = await Client.connect({ port: server.ports[0]! });
  await client.start();
  await server.close();
  await server.finished;
  t.deepEqual(await client.exchange(GO), { kind: 'shutdown' });
  await client.close();
});

test('ports beyond the last one are refused', async (t) => {
  const simulator = new PointMassSimulator({ carCount: 3 });
  await t.throwsAsync(ScrServer.listen({ simulator, port: 65_534 }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /3 cars up to 65535, got 65534/,
  });
});

for (const options of [{ port: -1 }, { mode: 'fast' }, { races: 0 }, { answerTimeoutMs: 50 }, { prot: 1 }]) {
  test(`the option ${JSON.stringify(options)} is refused`, async (t) => {
    const simulator = new PointMassSimulator();
    await t.throwsAsync(ScrServer.listen({ simulator, ...options } as never), { code: 'ERR_INVALID_ARGUMENT' });
  });
}
