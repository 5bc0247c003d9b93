import test from 'ava';
import { z } from 'zod';
import { decimalNumber, flag, parseCommandLine, repeatable, toggle, wholeNumber } from '../../src/cli/command.ts';
import { nearestName } from '../../src/core/index.ts';

const flags = {
  laps: flag('N', 'laps', wholeNumber(1, 100).or(z.undefined().transform(() => 3))),
  rate: flag('X', 'rate', decimalNumber(0, 1).optional()),
  track: flag('T', 'track', z.string()),
  loud: toggle('loud'),
};

test('values are checked and converted, defaults filled in', (t) => {
  const { flags: values, positionals } = parseCommandLine(flags, ['here', '--track', 'oval', '--rate=0.5', '--loud']);
  t.deepEqual(values, { laps: 3, rate: 0.5, track: 'oval', loud: true });
  t.deepEqual(positionals, ['here']);
});

const refusals: readonly [string, string[], RegExp][] = [
  [
    'an unknown flag, with the nearest known one',
    ['--track', 'a', '--lap', '2'],
    /one of the flags .* got "--lap"\. Did you mean --laps\?/,
  ],
  ['a number out of range', ['--track', 'a', '--laps', '0'], /--laps to be a whole number from 1 to 100, got "0"/],
  [
    'a word where a number belongs',
    ['--track', 'a', '--rate', 'fast'],
    /--rate to be a number from 0 to 1, got "fast"/,
  ],
  ['a missing required flag', [], /Expected --track T: it is required/],
  ['a flag without its value', ['--track'], /--track/],
];
for (const [what, words, message] of refusals) {
  test(`refuses ${what}`, (t) => {
    t.throws(() => parseCommandLine(flags, words), { code: 'ERR_USAGE', message });
  });
}

test('a repeatable flag gives a list, and the wrong one of several is named', (t) => {
  const several = { set: repeatable('N', 'numbers', z.array(wholeNumber(0, 9))) };
  t.deepEqual(parseCommandLine(several, []).flags.set, []);
  t.deepEqual(parseCommandLine(several, ['--set', '1', '--set=2']).flags.set, [1, 2]);
  t.throws(() => parseCommandLine(several, ['--set', '1', '--set', 'two', '--set', '3']), {
    code: 'ERR_USAGE',
    message: /--set to be a whole number from 0 to 9, got "two"/,
  });
});

test('it is told which flags were written, also those that say the default', (t) => {
  const { given } = parseCommandLine(flags, ['--track', 'oval', '--laps=3']);
  t.deepEqual([...given].sort(), ['laps', 'track']);
});

test('the nearest name is found only when it is near', (t) => {
  t.is(nearestName('driev', ['drive', 'serve']), 'drive');
  t.is(nearestName('xyzzy', ['drive', 'serve']), undefined);
});
