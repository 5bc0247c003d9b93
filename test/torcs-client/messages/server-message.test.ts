import test from 'ava';
import fc from 'fast-check';
import {
  addSensorNoise,
  formatSensors,
  formatSpecial,
  LARGEST_STATE_BYTES,
  parseSensors,
  parseServerMessage,
  ScrMessageError,
} from '../../../torcs-client/messages/index.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { CAPTURED_STATE, sensorsWith } from '../../support/sensors.ts';

test('the captured state of a real server is read with every sensor in its place', (t) => {
  const sensors = parseSensors(Buffer.from(CAPTURED_STATE));
  t.is(sensors.curLapTime, -0.982);
  t.is(sensors.distFromStart, 6184.46);
  t.is(sensors.racePos, 3);
  t.is(sensors.rpm, 942.478);
  t.is(sensors.opponents.length, 36);
  t.is(sensors.opponents[18], 16.9999);
  t.is(sensors.opponents[20], 10.3077);
  t.is(sensors.track.length, 19);
  t.is(sensors.track[0], 4);
  t.is(sensors.track[18], 8);
  t.is(sensors.speedZ, -0.000605693);
  t.is(sensors.trackPos, 0.333333);
  t.is(sensors.z, 0.345263);
  t.deepEqual(sensors.focus, [-1, -1, -1, -1, -1]);
  t.deepEqual(sensors.extra, {});
});

test('the captured state is written again byte for byte', (t) => {
  t.is(formatSensors(parseSensors(Buffer.from(CAPTURED_STATE))).toString('latin1'), CAPTURED_STATE);
});

test('the lockstep groups go at the end, before the NUL, and are read back', (t) => {
  const datagram = formatSensors(sensorsWith(), { session: 2147483647, tick: 4294967295 });
  t.true(datagram.toString('latin1').endsWith('(session 2147483647)(tick 4294967295)\0'));
  const message = parseServerMessage(datagram);
  t.like(message, { kind: 'state', session: 2147483647, tick: 4294967295 });
});

test('order is free, the first of two equal keys wins, text between groups and after NUL is skipped', (t) => {
  const [angle, ...others] = CAPTURED_STATE.slice(0, -1).split(/(?<=\))/);
  const shuffled = `junk ${others.reverse().join(' \n')}( \tangle  0.5 )${angle}\0(angle 7)`;
  t.is(parseSensors(Buffer.from(shuffled)).angle, 0.5);
  t.is(parseSensors(Buffer.from(shuffled)).distFromStart, 6184.46);
});

test('unknown keys are kept, in order, even hostile names', (t) => {
  const message = `(x 1.5)(img 1 2 3)(__proto__ 4)(note hello)(angle2 -3)${CAPTURED_STATE}`;
  const { extra } = parseSensors(Buffer.from(message));
  t.deepEqual(Object.entries(extra), [
    ['x', [1.5]],
    ['img', [1, 2, 3]],
    ['__proto__', [4]],
    ['angle2', [-3]],
  ]);
  t.is(({} as Record<string, unknown>)['0'], undefined);
});

test('a tick without a session is an unknown key like others', (t) => {
  const message = parseServerMessage(Buffer.from(CAPTURED_STATE.replace('\0', '(tick 12)\0')));
  t.like(message, { kind: 'state', session: undefined, sensors: { extra: { tick: [12] } } });
  t.false('tick' in message);
});

test('extra keys are written after the others', (t) => {
  const datagram = formatSensors(sensorsWith({ extra: { yaw: [0.5], 'bad name': [1], 'a)b': [2] } }));
  t.true(datagram.toString().endsWith('(focus -1 -1 -1 -1 -1)(yaw 0.5)\0'));
});

test('an old server without focus, speedZ and z is understood', (t) => {
  const old = CAPTURED_STATE.replace(/\((focus|speedZ|z) [^)]*\)/g, '');
  const sensors = parseSensors(Buffer.from(old));
  t.deepEqual(sensors.focus, [-1, -1, -1, -1, -1]);
  t.is(sensors.speedZ, 0);
  t.is(sensors.z, 0);
});

test('missing keys are named', (t) => {
  const cut = CAPTURED_STATE.replace(/\((rpm|track) [^)]*\)/g, '');
  const error = t.throws(() => parseSensors(Buffer.from(cut)), { instanceOf: ScrMessageError });
  t.is(error.code, 'ERR_SCR_MESSAGE');
  t.deepEqual(error.missingKeys, ['rpm', 'track']);
  t.regex(error.message, /without `rpm`, `track`/);
});

for (const [what, text, message] of [
  [
    'too few numbers',
    CAPTURED_STATE.replace('(wheelSpinVel 0 0 0 0)', '(wheelSpinVel 0 0 0)'),
    /`wheelSpinVel`.*4.*got 3/,
  ],
  ['text for a number', CAPTURED_STATE.replace('(gear 0)', '(gear first)'), /`gear`/],
  ['an empty datagram', '', /got 0 other bytes/],
  ['another protocol', 'HTTP/1.1 200 OK\r\n', /got 17 other bytes/],
] as const) {
  test(`${what}: an error that says so`, (t) => {
    t.throws(() => parseServerMessage(Buffer.from(text)), { code: 'ERR_SCR_MESSAGE', message });
  });
}

test('special datagrams are read with and without NUL, with what others append', (t) => {
  t.deepEqual(parseServerMessage(Buffer.from('***identified***\0')), { kind: 'special', word: 'identified' });
  t.deepEqual(parseServerMessage(Buffer.from('***restart***')), { kind: 'special', word: 'restart' });
  t.deepEqual(parseServerMessage(Buffer.from('***shutdown***\0')), { kind: 'special', word: 'shutdown' });
  t.deepEqual(parseServerMessage(Buffer.from('***identified***:4711\0')), { kind: 'special', word: 'identified' });
  t.deepEqual(parseServerMessage(Buffer.from('***shutdown***(session 12)\0')), {
    kind: 'special',
    word: 'shutdown',
    session: 12,
  });
});

test('special datagrams are written as the game writes them', (t) => {
  t.is(formatSpecial('identified').toString(), '***identified***\0');
  t.is(formatSpecial('identified').length, 17);
  t.is(formatSpecial('restart', 5).toString(), '***restart***(session 5)\0');
});

const anyFloat = fc.float();
const whole = (min: number, max: number) => fc.integer({ min, max });
const list = (length: number) => fc.array(anyFloat, { minLength: length, maxLength: length });
const anySensors: fc.Arbitrary<Sensors> = fc.record({
  angle: anyFloat,
  curLapTime: anyFloat,
  damage: whole(0, 1_000_000),
  distFromStart: anyFloat,
  distRaced: anyFloat,
  focus: list(5),
  fuel: anyFloat,
  gear: whole(-1, 6),
  lastLapTime: anyFloat,
  opponents: list(36),
  racePos: whole(1, 40),
  rpm: anyFloat,
  speedX: anyFloat,
  speedY: anyFloat,
  speedZ: anyFloat,
  track: list(19),
  trackPos: anyFloat,
  wheelSpinVel: list(4),
  z: anyFloat,
  extra: fc.constant({}),
});

test('sensors written and read are the same to six digits; once more, the same to the byte', (t) => {
  const close = (got: number, sent: number) =>
    Object.is(got, sent) || Math.abs(got - sent) <= 5.01e-6 * Math.abs(sent) || Number.isNaN(sent);
  const moderate = fc.float({ min: -1e6, max: 1e6, noNaN: true });
  const readings = (length: number) =>
    fc.array(fc.float({ min: 0, max: 200, noNaN: true }), { minLength: length, maxLength: length });
  const usual = fc
    .tuple(anySensors, moderate, readings(36), readings(19))
    .map(([sensors, angle, opponents, track]) => ({
      ...sensorsWith(),
      gear: sensors.gear,
      damage: sensors.damage,
      angle,
      opponents,
      track,
    }));
  fc.assert(
    fc.property(usual, (sent) => {
      const datagram = formatSensors(sent);
      if (datagram.length > LARGEST_STATE_BYTES) return true;
      const got = parseSensors(datagram);
      t.true(close(got.angle, sent.angle));
      t.true(got.track.every((value, i) => close(value, sent.track[i]!)));
      t.true(got.opponents.every((value, i) => close(value, sent.opponents[i]!)));
      t.is(got.gear, sent.gear);
      t.is(got.damage, sent.damage);
      t.deepEqual(formatSensors(got), datagram);
    }),
    { numRuns: 500 },
  );
});

test('whatever the sensors, a state fits the official clients and can be read', (t) => {
  const extra = fc.dictionary(fc.string(), fc.array(anyFloat, { maxLength: 50 }), { maxKeys: 20 });
  fc.assert(
    fc.property(anySensors, extra, (sensors, more) => {
      const datagram = formatSensors({ ...sensors, extra: more }, { session: 2147483647, tick: 4294967295 });
      t.true(datagram.length <= LARGEST_STATE_BYTES + 1);
      t.is(parseServerMessage(datagram).kind, 'state');
    }),
    { numRuns: 1000 },
  );
  const longest = { angle: -1.17549e-38, track: Array(19).fill(-1.17549e-38), opponents: Array(36).fill(-1.17549e-38) };
  t.true(formatSensors(sensorsWith(longest)).length <= LARGEST_STATE_BYTES + 1);
});

test('arbitrary bytes are a message or our error, nothing else', (t) => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('(', ')', '(track', '(angle 0)', '***restart***', '(session 1)', ' 1', '\0', 'e', CAPTURED_STATE)
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      try {
        parseServerMessage(Buffer.concat(parts));
      } catch (error) {
        t.true(error instanceof ScrMessageError, String(error));
      }
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

test('noise multiplies readings, saturated ones too, and leaves the readings that are none', (t) => {
  const draws = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const clean = sensorsWith({ opponents: Array(36).fill(200), track: Array(19).fill(10) });
  const noisy = addSensorNoise(clean, () => draws.shift()!);
  t.deepEqual(noisy.focus, clean.focus);
  t.deepEqual(noisy.track.slice(0, 2), [9, 11]);
  t.deepEqual(noisy.opponents.slice(0, 2), [204, 196]);
  t.is(noisy.angle, clean.angle);
  t.is(draws.length, 0);
  const off = addSensorNoise(sensorsWith({ track: Array(19).fill(-1) }), () => 1);
  t.deepEqual(off.track, Array(19).fill(-1));
});
