import { FOCUS_SENSOR_COUNT, OPPONENT_SENSOR_COUNT, type Sensors, TRACK_SENSOR_COUNT } from '../sensors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { ScrMessageError } from './errors.ts';
import { type LockstepTag, SESSION_TAG, TICK_TAG } from './lockstep.ts';

/** The three datagrams of a server that carry no sensors. */
export type SpecialWord = 'identified' | 'restart' | 'shutdown';

/** What a server says at one control tick. */
export interface StateMessage extends Partial<LockstepTag> {
  readonly kind: 'state';
  readonly sensors: Sensors;
}

/** The client was accepted, its race is about to start anew, or its race is over. */
export interface SpecialMessage {
  readonly kind: 'special';
  readonly word: SpecialWord;
  /** The session of the lockstep extension; undefined from a classic server. */
  readonly session?: number;
}

export type ServerMessage = StateMessage | SpecialMessage;

type VectorKey = 'focus' | 'opponents' | 'track' | 'wheelSpinVel';
type ScalarKey = Exclude<keyof Sensors, VectorKey | 'extra'>;
export type SensorKey = ScalarKey | VectorKey;

export interface SensorField {
  readonly key: SensorKey;
  /** How many numbers belong to the key. */
  readonly count: number;
  /** Written as a whole number (`%d`), not as a float (`%g`). */
  readonly integer: boolean;
  /** What a client assumes when an old server does not send the key; undefined: the key is required. */
  readonly fillIn: readonly number[] | undefined;
  readonly tag: Uint8Array;
}

function field(
  key: SensorKey,
  count = 1,
  settings: { integer?: boolean; fillIn?: readonly number[] } = {},
): SensorField {
  return { key, count, integer: settings.integer ?? false, fillIn: settings.fillIn, tag: Buffer.from(key) };
}

const NO_READING = Object.freeze(new Array<number>(FOCUS_SENSOR_COUNT).fill(-1));

/**
 * Every sensor in the order that the 2013 competition server sends them. Servers of 2009 have no `focus`, older ones no
 * `speedZ` and `z`: clients assume no reading, 0 km/h and 0 m. All other keys are required.
 */
export const SENSOR_FIELDS: readonly SensorField[] = [
  field('angle'),
  field('curLapTime'),
  field('damage', 1, { integer: true }),
  field('distFromStart'),
  field('distRaced'),
  field('fuel'),
  field('gear', 1, { integer: true }),
  field('lastLapTime'),
  field('opponents', OPPONENT_SENSOR_COUNT),
  field('racePos', 1, { integer: true }),
  field('rpm'),
  field('speedX'),
  field('speedY'),
  field('speedZ', 1, { fillIn: [0] }),
  field('track', TRACK_SENSOR_COUNT),
  field('trackPos'),
  field('wheelSpinVel', 4),
  field('z', 1, { fillIn: [0] }),
  field('focus', FOCUS_SENSOR_COUNT, { fillIn: NO_READING }),
];

const INDEX_OF_KEY: ReadonlyMap<string, number> = new Map(SENSOR_FIELDS.map(({ key }, index) => [key, index]));
const NO_EXTRA: Sensors['extra'] = Object.freeze({});
const SPECIAL = /\*\*\*(identified|restart|shutdown)\*\*\*/;
const OPEN = 0x28;

/**
 * Reads a server's datagram. Order is free, the first of two equal keys wins, unknown keys whose values are numbers go
 * to `extra` (by their Latin-1 spelling), `nan` and `inf` are read as such. A special datagram may carry anything after
 * its word (some servers append a process number) and may lack its NUL.
 * @throws {ScrMessageError} when a required key is missing (`missingKeys` names them), has too few values, or one that
 * is no number; or when the datagram holds nothing of the protocol
 */
export function parseServerMessage(bytes: Uint8Array): ServerMessage {
  return parseSpecial(bytes) ?? parseState(bytes);
}

/** The sensors of a state datagram; see {@link parseServerMessage}. */
export function parseSensors(bytes: Uint8Array): Sensors {
  return parseState(bytes).sensors;
}

function parseSpecial(bytes: Uint8Array): SpecialMessage | undefined {
  if (bytes.length === 0 || bytes[0] === OPEN) return undefined;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1');
  const word = SPECIAL.exec(start)?.[1] as SpecialWord | undefined;
  if (word === undefined) return undefined;
  const cursor = new ByteCursor(bytes);
  while (cursor.nextGroup()) {
    if (!cursor.tagIs(SESSION_TAG.bytes)) continue;
    const session = cursor.readWholeNumber(SESSION_TAG.maximum);
    if (session !== undefined) return { kind: 'special', word, session };
  }
  return { kind: 'special', word };
}

function parseState(bytes: Uint8Array): StateMessage {
  const values = new Array<readonly number[] | undefined>(SENSOR_FIELDS.length).fill(undefined);
  let extra: Record<string, readonly number[]> | undefined;
  let session: number | undefined;
  let tick: number | undefined;
  let expected = 0;
  let groups = 0;
  const cursor = new ByteCursor(bytes);
  while (cursor.nextGroup()) {
    groups++;
    // Servers send the keys in one order: comparing with the one that is due spares a look-up by name.
    let index: number | undefined = expected;
    if (expected >= SENSOR_FIELDS.length || !cursor.tagIs(SENSOR_FIELDS[expected]!.tag)) {
      if (cursor.tagIs(SESSION_TAG.bytes)) {
        session ??= cursor.readWholeNumber(SESSION_TAG.maximum);
        continue;
      }
      if (cursor.tagIs(TICK_TAG.bytes)) {
        tick ??= cursor.readWholeNumber(TICK_TAG.maximum);
        continue;
      }
      index = INDEX_OF_KEY.get(cursor.tag);
    }
    if (index === undefined) {
      const numbers = cursor.readNumbers();
      if (numbers !== undefined) extra = withEntry(extra, cursor.tag, numbers);
      continue;
    }
    expected = index + 1;
    if (values[index] === undefined) values[index] = readField(cursor, SENSOR_FIELDS[index]!);
  }
  // Without a session it is no tag of the extension, only a key that the 2013 server has not.
  if (session === undefined && tick !== undefined) extra = withEntry(extra, 'tick', [tick]);
  const sensors = assemble(values, extra, groups, bytes.length);
  return session === undefined || tick === undefined
    ? { kind: 'state', sensors }
    : { kind: 'state', sensors, session, tick };
}

function readField(cursor: ByteCursor, { key, count }: SensorField): readonly number[] {
  const numbers = cursor.readNumbers();
  if (numbers === undefined) {
    throw new ScrMessageError(
      `Expected numbers after the sensor \`${key}\`, got something else; is this an SCR server?`,
    );
  }
  if (numbers.length < count) {
    throw new ScrMessageError(
      `Expected the sensor \`${key}\` to have ${count} numbers, got ${numbers.length}; use a server of 2010 or later`,
    );
  }
  if (numbers.length > count) numbers.length = count;
  return numbers;
}

function withEntry(extra: Record<string, readonly number[]> | undefined, tag: string, numbers: readonly number[]) {
  extra ??= {};
  // Defined, not assigned: a server may call a key `__proto__`.
  if (!Object.hasOwn(extra, tag)) Object.defineProperty(extra, tag, { value: numbers, enumerable: true });
  return extra;
}

function assemble(
  values: (readonly number[] | undefined)[],
  extra: Sensors['extra'] | undefined,
  groups: number,
  byteCount: number,
): Sensors {
  const missing: SensorKey[] = [];
  for (let index = 0; index < values.length; index++) {
    if (values[index] !== undefined) continue;
    const { key, fillIn } = SENSOR_FIELDS[index]!;
    if (fillIn === undefined) missing.push(key);
    else values[index] = fillIn.slice();
  }
  if (missing.length > 0) throw missingError(missing, groups, byteCount);
  return {
    angle: values[0]![0]!,
    curLapTime: values[1]![0]!,
    damage: values[2]![0]!,
    distFromStart: values[3]![0]!,
    distRaced: values[4]![0]!,
    fuel: values[5]![0]!,
    gear: values[6]![0]!,
    lastLapTime: values[7]![0]!,
    opponents: values[8]!,
    racePos: values[9]![0]!,
    rpm: values[10]![0]!,
    speedX: values[11]![0]!,
    speedY: values[12]![0]!,
    speedZ: values[13]![0]!,
    track: values[14]!,
    trackPos: values[15]![0]!,
    wheelSpinVel: values[16]!,
    z: values[17]![0]!,
    focus: values[18]!,
    extra: extra ?? NO_EXTRA,
  };
}

function missingError(missing: readonly SensorKey[], groups: number, byteCount: number): ScrMessageError {
  if (groups === 0) {
    return new ScrMessageError(
      `Expected an SCR datagram such as "(angle 0)(curLapTime 0)…", got ${byteCount} other bytes`,
    );
  }
  const names = missing.map((key) => `\`${key}\``).join(', ');
  return new ScrMessageError(
    `Expected every sensor of the 2010 to 2013 servers, got a state without ${names}`,
    missing,
  );
}
