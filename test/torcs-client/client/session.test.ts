import test from 'ava';
import { ClientSession } from '../../../torcs-client/client/session.ts';
import { DEFAULT_CONTROLS } from '../../../torcs-client/controls.ts';
import { formatSensors, formatSpecial } from '../../../torcs-client/messages/index.ts';
import { FakeTimers } from '../../support/fake-timers.ts';
import { sensorsWith } from '../../support/sensors.ts';

const SESSION = 77;

function setUp(options: object = {}) {
  const timers = new FakeTimers();
  const sent: string[] = [];
  const session = new ClientSession({ timers, drawSession: () => SESSION, ...options }, '10.0.0.1:3001', (datagram) =>
    sent.push(datagram.toString('latin1')),
  );
  return { timers, sent, session };
}

const classicState = (speedX: number) => formatSensors(sensorsWith({ speedX }));
const state = (tick: number, session = SESSION) => formatSensors(sensorsWith({ speedX: tick }), { session, tick });
const GO = { ...DEFAULT_CONTROLS, accel: 1 };

/** A session whose server speaks the extension, its first state handed out. */
async function lockstep(options: object = {}) {
  const all = setUp(options);
  const first = all.session.start();
  all.session.receive(formatSpecial('identified', SESSION));
  all.session.receive(state(0));
  await first;
  all.sent.length = 0;
  return all;
}

async function classic(options: object = {}) {
  const all = setUp(options);
  const first = all.session.start();
  all.session.receive(formatSpecial('identified'));
  all.session.receive(classicState(0));
  await all.timers.settle();
  await first;
  all.sent.length = 0;
  return all;
}

test('it introduces itself each second until it is answered, and repeats nothing to a classic server', async (t) => {
  const { timers, sent, session } = setUp();
  const first = session.start();
  t.is(sent.length, 1);
  t.regex(sent[0]!, /^SCR\(init -90 -80 .* 80 90\)\(lockstep 77\)$/);
  await timers.advance(2500);
  t.is(sent.length, 3);
  session.receive(formatSpecial('identified'));
  t.is(session.state, 'waiting');
  t.false(session.lockstep);
  await timers.advance(20_000);
  t.is(sent.length, 3);
  session.receive(classicState(5));
  await timers.settle();
  t.is((await first).speedX, 5);
  t.is(session.state, 'driving');
});

for (const welcome of ['***identified***\0', '***identified***', '***identified***:4711\0']) {
  test(`a server that says ${JSON.stringify(welcome)} is a classic one`, async (t) => {
    const { session } = setUp();
    const first = session.start();
    session.receive(Buffer.from(welcome));
    t.is(session.state, 'waiting');
    t.false(session.lockstep);
    session.close();
    await t.throwsAsync(first, { code: 'ERR_SCR_CLOSED' });
  });
}

test('without the extension nothing of it is sent', async (t) => {
  const { session, sent } = setUp({ lockstep: false });
  const first = session.start(Array(19).fill(0));
  t.is(sent[0], `SCR(init ${Array(19).fill(0).join(' ')})`);
  session.close();
  await t.throwsAsync(first, { code: 'ERR_SCR_CLOSED' });
});

test('a closed port is tried again soon, for nobody has heard us', async (t) => {
  const { timers, sent, session } = setUp();
  const first = session.start();
  session.refused();
  await timers.advance(15);
  t.is(sent.length, 2);
  session.close();
  await t.throwsAsync(first, { code: 'ERR_SCR_CLOSED' });
});

test('when nobody answers the error says who, how long, and what to look at', async (t) => {
  const { timers, session } = setUp({ identifyTimeoutMs: 5000 });
  const first = t.throwsAsync(session.start(), {
    code: 'ERR_SCR_NO_ANSWER',
    message: /an answer from 10\.0\.0\.1:3001 within 5000 ms.*is the port right/,
  });
  await timers.advance(6000);
  await first;
  t.is(session.state, 'over');
});

test('when a server falls silent the error tells of the unreadable datagrams that came instead', async (t) => {
  const { timers, session } = await lockstep();
  const answer = t.throwsAsync(session.exchange(GO), { code: 'ERR_SCR_NO_ANSWER', message: /next state.*got 5 other/ });
  session.receive(Buffer.from('hello'));
  await timers.advance(11_000);
  await answer;
  t.is(session.malformedCount, 1);
});

test('a server whose states lack keys is refused by naming them', async (t) => {
  const { session } = setUp();
  const first = session.start();
  session.receive(formatSpecial('identified'));
  session.receive(
    Buffer.from(
      classicState(0)
        .toString('latin1')
        .replace(/\(fuel [^)]*\)/, ''),
      'latin1',
    ),
  );
  await t.throwsAsync(first, { code: 'ERR_SCR_MESSAGE', message: /`fuel`/ });
});

test('lockstep: controls carry session and tick, and are repeated at doubling intervals', async (t) => {
  const { timers, sent, session } = await lockstep();
  const answer = session.exchange(GO);
  t.true(sent[0]?.endsWith('(session 77)(tick 0)'));
  await timers.advance(20 + 40 + 80 + 1);
  t.is(sent.length, 4);
  t.is(new Set(sent).size, 1);
  session.receive(state(1));
  const event = await answer;
  t.like(event, { kind: 'state', sensors: { speedX: 1 } });
  await timers.advance(5000);
  t.is(sent.length, 4, 'nothing is repeated once the next state is there');
});

test('lockstep: an answered state that comes again gets the same answer, any other is dropped', async (t) => {
  const { sent, session, timers } = await lockstep();
  session.receive(state(0));
  t.is(sent.length, 0, 'it was not answered yet');
  const answer = session.exchange(GO);
  session.receive(state(0));
  t.is(sent.length, 2);
  session.receive(state(2));
  session.receive(state(1, SESSION + 1));
  session.receive(classicState(9));
  session.receive(formatSpecial('shutdown'));
  session.receive(formatSpecial('shutdown', SESSION + 1));
  await timers.settle();
  t.is(session.state, 'driving');
  session.receive(state(1));
  t.like(await answer, { kind: 'state', sensors: { speedX: 1 } });
});

test('lockstep: the first state stands for a lost welcome', async (t) => {
  const { session } = setUp();
  const first = session.start();
  session.receive(state(0));
  await first;
  t.true(session.lockstep);
});

test('lockstep: while the race loads the first datagram is repeated; a closed port begins anew', async (t) => {
  const { session, timers, sent } = setUp();
  const first = session.start();
  session.receive(formatSpecial('identified', SESSION));
  await timers.advance(1001);
  t.is(sent.length, 2);
  session.refused();
  t.is(session.state, 'identifying');
  session.close();
  await t.throwsAsync(first, { code: 'ERR_SCR_CLOSED' });
});

test('classic: the newest state is answered, once, and what came while the driver thought is not', async (t) => {
  const { timers, sent, session } = await classic();
  session.receive(classicState(1));
  session.receive(classicState(2));
  await timers.settle();
  const answer = session.exchange(GO);
  t.is(sent.length, 1);
  await timers.advance(3000);
  t.is(sent.length, 1, 'classic controls are never repeated');
  session.receive(classicState(3));
  session.receive(classicState(4));
  await timers.settle();
  t.like(await answer, { kind: 'state', sensors: { speedX: 4 } });
});

test('classic: a restart is asked for again when states go on, and believed when only silence follows', async (t) => {
  const { timers, sent, session } = await classic();
  const answer = session.exchange({ ...GO, restart: true });
  session.receive(classicState(1));
  await timers.settle();
  t.is(sent.length, 2);
  t.true(sent.every((datagram) => datagram.includes('(meta 1)')));
  await timers.advance(2001);
  t.deepEqual(await answer, { kind: 'restart' });
  t.is(session.state, 'over');
});

for (const word of ['restart', 'shutdown'] as const) {
  test(`${word} ends the session, also while nobody waits, and a new one may start`, async (t) => {
    const { session } = await lockstep();
    session.receive(formatSpecial(word, SESSION));
    t.is(session.state, 'over');
    t.deepEqual(await session.exchange(GO), { kind: word });
    await t.throwsAsync(session.exchange(GO), { code: 'ERR_RACE_OVER' });
  });
}

test('a session number is never used twice in a row', async (t) => {
  const draws = [5, 5, 6];
  const { session, sent } = setUp({ drawSession: () => draws.shift()! });
  const first = session.start();
  session.receive(state(0, 5));
  await first;
  session.receive(formatSpecial('shutdown', 5));
  const second = session.start();
  t.true(sent.at(-1)?.endsWith('(lockstep 6)'));
  session.close();
  await t.throwsAsync(second, { code: 'ERR_SCR_CLOSED' });
});

test('wrong use is refused before anything is sent', async (t) => {
  const { session, sent } = await lockstep();
  await t.throwsAsync(session.exchange({ ...GO, steer: Number.NaN }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /steer/,
  });
  await t.throwsAsync(session.start(), { code: 'ERR_INVALID_ARGUMENT', message: /under way/ });
  t.deepEqual(sent, []);
  const answer = session.exchange(GO);
  await t.throwsAsync(session.exchange(GO), { code: 'ERR_INVALID_ARGUMENT', message: /one call at a time/ });
  session.close();
  await t.throwsAsync(answer, { code: 'ERR_SCR_CLOSED' });
  await t.throwsAsync(session.exchange(GO), { code: 'ERR_SCR_CLOSED' });
});

test('wrong angles are refused', async (t) => {
  const { session } = setUp();
  await t.throwsAsync(session.start([1, 2, 3]), { code: 'ERR_INVALID_ARGUMENT', message: /19 angles/ });
  await t.throwsAsync(session.start(Array(19).fill(Number.NaN)), { code: 'ERR_INVALID_ARGUMENT' });
});
