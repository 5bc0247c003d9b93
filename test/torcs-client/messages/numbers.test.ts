import test from 'ava';
import fc from 'fast-check';
import { ByteCursor } from '../../../torcs-client/messages/byte-cursor.ts';
import { ByteWriter } from '../../../torcs-client/messages/byte-writer.ts';

const writer = new ByteWriter();
const general = (value: number, precision?: number) => {
  writer.clear();
  writer.general(value, precision);
  return writer.take().toString();
};
const cursorAt = (text: string) => {
  const cursor = new ByteCursor(Buffer.from(`(key ${text})`));
  cursor.nextGroup();
  return cursor;
};

// Left: a value; right: what C's printf("%g", (float)value) writes.
const PRINTED: readonly [number, string][] = [
  [0, '0'],
  [-0, '-0'],
  [16.9999, '16.9999'],
  [1234567, '1.23457e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [200, '200'],
  [942.4778, '942.478'],
  [-0.000605693, '-0.000605693'],
  [1.74846e-7, '1.74846e-07'],
  [1 / 3, '0.333333'],
  [999999, '999999'],
  [999999.5, '1e+06'],
  [1000005, '1e+06'],
  [1000015, '1.00002e+06'],
  [0.5, '0.5'],
  [1.5, '1.5'],
  [2.00001, '2.00001'],
  [0.1 + 0.2, '0.3'],
  [9.9999999e-5, '0.0001'],
  [3.4028234663852886e38, '3.40282e+38'],
  [1e-45, '1.4013e-45'],
  [1e300, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  [Number.NaN, 'nan'],
  // Halfway between two numbers of six digits: to the even one.
  [1.0000025e5, '100000'],
  [100000.5, '100000'],
  [100001.5, '100002'],
  [0.0009765625, '0.000976562'],
];

for (const [value, text] of PRINTED) {
  test(`${value} is written as ${text}`, (t) => {
    t.is(general(value), text);
  });
}

test('fewer digits are rounded as C rounds them', (t) => {
  t.is(general(123456, 3), '1.23e+05');
  t.is(general(12345.75, 2), '1.2e+04');
  t.is(general(99.96, 3), '100');
  t.is(general(0.25, 1), '0.2');
});

test('what is written is the float to six significant digits', (t) => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = general(value);
      t.regex(text, /^-?(\d{1,6}|\d+\.\d*[1-9]|\d(\.\d*[1-9])?e[-+]\d\d)$/);
      const error = Math.abs(Number(text) - value);
      // Half a unit in the sixth digit.
      return error <= 0.5000001 * 10 ** (Math.floor(Math.log10(Math.abs(value) || 1) + 1e-12) - 5);
    }),
    { numRuns: 20_000 },
  );
});

test('any double that is written exactly is read back to the bit', (t) => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      writer.clear();
      writer.exact(value);
      return Object.is(cursorAt(writer.take().toString()).readNumbers()?.[0], value);
    }),
    { numRuns: 20_000 },
  );
  t.pass();
});

test('decimal text is read as JavaScript reads it, whatever its digits', (t) => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 25 });
  fc.assert(
    fc.property(
      fc.constantFrom('', '-', '+'),
      digits,
      fc.option(digits),
      fc.option(fc.integer({ min: -400, max: 400 })),
      (sign, whole, fraction, exponent) => {
        if (whole === '' && (fraction ?? '') === '') return true;
        const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`;
        return Object.is(cursorAt(text).readNumbers()?.[0], Number(text));
      },
    ),
    { numRuns: 20_000 },
  );
  t.pass();
});

test('spellings of other libraries are read', (t) => {
  t.deepEqual(cursorAt('1e-007 1E+02 .5 5. +3').readNumbers(), [1e-7, 100, 0.5, 5, 3]);
  t.deepEqual(cursorAt('nan -nan inf -inf 1.#INF -1.#IND').readNumbers(), [
    Number.NaN,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]);
});

for (const text of ['abc', '1 2 x', '1e', '1.2.3', '0x10', '--1', '1,5', 'e5', '.', '-', 'é']) {
  test(`"${text}" is no list of numbers`, (t) => {
    t.is(cursorAt(text).readNumbers(), undefined);
  });
}

// What `stream >> float` of C++11's library makes of text.
const EXTRACTED: readonly [string, number][] = [
  ['1.5abc', 1.5],
  ['abc', 0],
  ['nan', 0],
  ['inf', 0],
  ['0x10', 0],
  ['1e', 0],
  ['1e+', 0],
  ['1e999', 3.4028234663852886e38],
  ['-1e999', -3.4028234663852886e38],
  ['', 0],
  ['-.5', -0.5],
  ['0.123', 0.123],
];
for (const [text, value] of EXTRACTED) {
  test(`a server takes "${text}" for the float ${value}`, (t) => {
    t.is(cursorAt(text).extractFloat(), value);
  });
}

const EXTRACTED_INTEGERS: readonly [string, number][] = [
  ['1.000', 1],
  ['-1.000', -1],
  ['0.9', 0],
  ['+4', 4],
  ['abc', 0],
  ['', 0],
  ['99999999999', 2147483647],
  ['-99999999999', -2147483648],
];
for (const [text, value] of EXTRACTED_INTEGERS) {
  test(`a server takes "${text}" for the whole number ${value}`, (t) => {
    t.is(cursorAt(text).extractInteger(), value);
  });
}
