import type { Sensors } from '../sensors.ts';
import { ByteWriter, DEFAULT_PRECISION } from './byte-writer.ts';
import type { LockstepTag } from './lockstep.ts';
import { SENSOR_FIELDS, type SpecialWord } from './server-message.ts';

/** The longest state datagram, its NUL not counted, that the official C++ and Java clients receive whole. */
export const LARGEST_STATE_BYTES = 999;

const SPACE = 0x20;
const CLOSE = 0x29;
/** `(key`, ready to be copied. */
const OPENINGS = SENSOR_FIELDS.map(({ key }) => Buffer.from(`(${key}`));
const writer = new ByteWriter();

/**
 * A state datagram, byte for byte as the 2013 competition server writes it: its order of keys, floats in single
 * precision with `%g`, no text between groups, a NUL at the end. The keys of `extra` follow, then the two groups of the
 * lockstep extension, if given. What would be longer than {@link LARGEST_STATE_BYTES} loses `extra` first and then,
 * digit by digit, precision: real readings (about 550 to 830 bytes) never do.
 */
export function formatSensors(sensors: Sensors, lockstep?: LockstepTag): Buffer {
  write(sensors, lockstep, DEFAULT_PRECISION, true);
  for (let precision = DEFAULT_PRECISION; writer.length > LARGEST_STATE_BYTES + 1 && precision > 0; precision--) {
    write(sensors, lockstep, precision, false);
  }
  return writer.take();
}

function write(sensors: Sensors, lockstep: LockstepTag | undefined, precision: number, withExtra: boolean): void {
  writer.clear();
  for (let index = 0; index < SENSOR_FIELDS.length; index++) {
    const { key, integer } = SENSOR_FIELDS[index]!;
    const value = sensors[key];
    writer.raw(OPENINGS[index]!);
    if (typeof value === 'number') {
      writer.byte(SPACE);
      if (integer) writer.integer(value);
      else writer.general(value, precision);
    } else {
      for (let i = 0; i < value.length; i++) {
        writer.byte(SPACE);
        writer.general(value[i]!, precision);
      }
    }
    writer.byte(CLOSE);
  }
  if (withExtra) {
    for (const key in sensors.extra) writeExtra(key, sensors.extra[key]!);
  }
  if (lockstep !== undefined) writeLockstep(writer, lockstep);
  writer.byte(0);
}

function writeExtra(key: string, values: readonly number[]): void {
  // A name that would break the grammar cannot have come from a datagram, and does not go into one.
  if (!/^[^\s()\0\u0100-\uffff]+$/.test(key)) return;
  writer.text(`(${key}`);
  for (const value of values) {
    writer.byte(SPACE);
    writer.general(value);
  }
  writer.byte(CLOSE);
}

/** Appends `(session S)(tick N)`. */
export function writeLockstep(into: ByteWriter, { session, tick }: LockstepTag): void {
  into.text('(session ');
  into.integer(session);
  into.text(')(tick ');
  into.integer(tick);
  into.byte(CLOSE);
}

/** A special datagram: `***identified***` and the like with its NUL; with a session, for clients of the extension. */
export function formatSpecial(word: SpecialWord, session?: number): Buffer {
  return Buffer.from(`***${word}***${session === undefined ? '' : `(session ${session})`}\0`, 'latin1');
}
