import test from 'ava';
import fc from 'fast-check';
import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../../../torcs-client/controls.ts';
import {
  checkControls,
  formatControls,
  formatInit,
  parseControls,
  parseInit,
  sanitiseControls,
} from '../../../torcs-client/messages/index.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG } from '../../../torcs-client/sensors.ts';

const ANGLES = [-90, -75, -60, -45, -30, -20, -15, -10, -5, 0, 5, 10, 15, 20, 30, 45, 60, 75, 90];

// The reference's vectors: what the game's own parser makes of a datagram, beside the defaults.
const VECTORS: readonly [string, Partial<Controls>][] = [
  ['(accel 1)(brake 0)(gear 1)(steer 0)(clutch 0)(focus 0)(meta 0)', { accel: 1 }],
  ['(accel 1) (brake 0) (gear 1.000)', { accel: 1 }],
  ['(meta 1)', { restart: true }],
  ['(meta 2)', {}],
  ['(accel 0.5)(accel 1)', { accel: 0.5 }],
  ['(Accel 1)', {}],
  ['(focus -90 -45 0 45 90)', { focus: -90 }],
  ['(focus 91)', { focus: NO_FOCUS }],
  ['(steer abc)', { steer: 0 }],
  ['accel 1', {}],
  ['', {}],
  ['SCR(init -90 -80 -70 -60 -50 -40 -30 -20 -10 0 10 20 30 40 50 60 70 80 90)', {}],
  ['(accel 1)(steer 0.5', { accel: 1 }],
  ['((accel 1)(steer 0.5)', { steer: 0.5 }],
  ['(gear -1.000)(brake 1e-1)', { gear: -1, brake: 0.1 }],
  ['(accel)(gear)', { accel: 0, gear: 0 }],
  ['(gear 2)\0(accel 1)', { gear: 2 }],
];
for (const [text, changes] of VECTORS) {
  test(`controls ${JSON.stringify(text)}`, (t) => {
    t.deepEqual(parseControls(Buffer.from(text)).controls, { ...DEFAULT_CONTROLS, ...changes });
  });
}

test('datagrams without any effector are told apart from defaults that were meant', (t) => {
  t.is(parseControls(Buffer.from('hello')).keyCount, 0);
  t.is(parseControls(Buffer.from('(session 3)(tick 4)')).keyCount, 0);
  t.is(parseControls(Buffer.from('(meta 0)')).keyCount, 1);
});

test('controls are written in the official order, without NUL', (t) => {
  const controls = { accel: 0.5, brake: 0, clutch: 1, gear: -1, steer: -0.25, focus: 360, restart: true };
  const classic = '(accel 0.5)(brake 0)(gear -1)(steer -0.25)(clutch 1)(focus 360)(meta 1)';
  t.is(formatControls(controls).toString(), classic);
  t.is(formatControls(controls, { session: 7, tick: 12 }).toString(), `${classic}(session 7)(tick 12)`);
});

test('controls written and read are the same to the bit', (t) => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const valid = fc.record({
    accel: unit,
    brake: unit,
    clutch: unit,
    gear: fc.integer({ min: -1, max: 6 }),
    steer: fc.double({ min: -1, max: 1, noNaN: true }),
    focus: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.constant(NO_FOCUS)),
    restart: fc.boolean(),
  });
  fc.assert(
    fc.property(
      valid,
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (sent, session, tick) => {
        checkControls(sent);
        const got = parseControls(formatControls(sent, { session, tick }));
        t.deepEqual(got, { controls: sent, keyCount: 7, session, tick });
        t.deepEqual(sanitiseControls(got.controls, 1), sent);
      },
    ),
    { numRuns: 2000 },
  );
});

test('arbitrary bytes never throw', (t) => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('(', ')', '(accel ', '(gear 9', 'SCR', '(init ', '(lockstep 5)', '\0', '1e400')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const bytes = Buffer.concat(parts);
      parseInit(bytes);
      const { controls } = parseControls(bytes);
      checkControls(sanitiseControls(controls, 1));
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

test('the first datagram carries the angles, and the session that is proposed', (t) => {
  t.is(formatInit({ rangeFinderAnglesDeg: ANGLES }).toString(), `SCR(init ${ANGLES.join(' ')})`);
  const proposed = formatInit({ rangeFinderAnglesDeg: ANGLES, session: 9 }, 'SCR-2');
  t.is(proposed.toString(), `SCR-2(init ${ANGLES.join(' ')})(lockstep 9)`);
  t.deepEqual(parseInit(proposed), { rangeFinderAnglesDeg: ANGLES, session: 9 });
});

test('a first datagram is what begins with SCR; without 19 numbers the default angles hold', (t) => {
  const defaults = { rangeFinderAnglesDeg: DEFAULT_RANGE_FINDER_ANGLES_DEG };
  t.deepEqual(parseInit(Buffer.from('SCR(init 1 2 3)')), defaults);
  t.deepEqual(parseInit(Buffer.from('SCR')), defaults);
  t.deepEqual(parseInit(Buffer.from(`SCR-VIS(init ${ANGLES.join(' ')} 99 98)\0`)), { rangeFinderAnglesDeg: ANGLES });
  t.deepEqual(parseInit(Buffer.from('SCR(lockstep 0)')), defaults);
  t.is(parseInit(Buffer.from(`XSCR(init ${ANGLES.join(' ')})`)), undefined);
  t.is(parseInit(Buffer.from('')), undefined);
});

for (const [key, value] of [
  ['accel', Number.NaN],
  ['accel', 1.01],
  ['brake', -0.1],
  ['clutch', Number.POSITIVE_INFINITY],
  ['steer', -1.5],
  ['steer', undefined],
  ['gear', 7],
  ['gear', 1.5],
  ['gear', Number.NaN],
  ['focus', 0.5],
  ['restart', 1],
] as const) {
  test(`${key} ${value} is refused before it is sent`, (t) => {
    const error = t.throws(() => checkControls({ ...DEFAULT_CONTROLS, [key]: value } as Controls), {
      code: 'ERR_INVALID_ARGUMENT',
    });
    t.regex(error?.message ?? '', new RegExp(`\`${key}\`.*got ${value}`));
  });
}

test('what a server gets is made drivable as the simulation does it', (t) => {
  const wild = {
    accel: Number.NaN,
    brake: 7,
    clutch: -3,
    gear: 9,
    steer: Number.NEGATIVE_INFINITY,
    focus: 0,
    restart: false,
  };
  t.deepEqual(sanitiseControls(wild, 4), { ...wild, accel: 0, brake: 1, clutch: 0, gear: 4, steer: 0 });
  t.is(sanitiseControls({ ...wild, steer: -9 }, 4).steer, -1);
});
