import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../controls.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG, TRACK_SENSOR_COUNT } from '../sensors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { ByteWriter } from './byte-writer.ts';
import { LOCKSTEP_TAG, type LockstepTag, SESSION_TAG, TICK_TAG } from './lockstep.ts';
import { writeLockstep } from './server-format.ts';

/** A client's first datagram. */
export interface InitMessage {
  /** 19 directions, degrees from the car's axis, -90 left. */
  readonly rangeFinderAnglesDeg: readonly number[];
  /** The session that a client of the lockstep extension proposes; undefined from a classic client. */
  readonly session?: number;
}

/** A client's answer to a state. */
export interface ControlsMessage extends Partial<LockstepTag> {
  readonly controls: Controls;
  /** How many of the protocol's seven effectors the datagram named. 0: it is no controls at all. */
  readonly keyCount: number;
}

const writer = new ByteWriter();
const INIT = Buffer.from('init');
const [ACCEL, BRAKE, GEAR, STEER, CLUTCH, FOCUS, META] = [
  'accel',
  'brake',
  'gear',
  'steer',
  'clutch',
  'focus',
  'meta',
].map((key) => Buffer.from(key)) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

/**
 * A client's first datagram: `SCR(init a0 … a18)`, and `(lockstep S)` where a session is proposed.
 * @param id must begin with `SCR`
 */
export function formatInit({ rangeFinderAnglesDeg, session }: InitMessage, id = 'SCR'): Buffer {
  const lockstep = session === undefined ? '' : `(lockstep ${session})`;
  return Buffer.from(`${id}(init ${rangeFinderAnglesDeg.join(' ')})${lockstep}`, 'latin1');
}

/** Whether the datagram is a first one: the server's own test, its first three bytes are `SCR`. */
export function isInit(bytes: Uint8Array): boolean {
  return bytes[0] === 0x53 && bytes[1] === 0x43 && bytes[2] === 0x52;
}

/** Reads a first datagram; undefined when it is none. Without 19 readable angles the server's own are used. */
export function parseInit(bytes: Uint8Array): InitMessage | undefined {
  if (!isInit(bytes)) return undefined;
  let rangeFinderAnglesDeg: readonly number[] | undefined;
  let session: number | undefined;
  const cursor = new ByteCursor(bytes);
  while (cursor.nextGroup()) {
    if (cursor.tagIs(INIT)) {
      const angles = cursor.readNumbers()?.slice(0, TRACK_SENSOR_COUNT);
      rangeFinderAnglesDeg ??=
        angles?.length === TRACK_SENSOR_COUNT && angles.every(Number.isFinite)
          ? angles
          : DEFAULT_RANGE_FINDER_ANGLES_DEG;
    } else if (cursor.tagIs(LOCKSTEP_TAG.bytes)) {
      session ??= cursor.readWholeNumber(LOCKSTEP_TAG.maximum);
    }
  }
  rangeFinderAnglesDeg ??= DEFAULT_RANGE_FINDER_ANGLES_DEG;
  return session === undefined || session === 0 ? { rangeFinderAnglesDeg } : { rangeFinderAnglesDeg, session };
}

/** An answer: all seven effectors, in the official clients' order; floats read back as the very same doubles. */
export function formatControls(controls: Controls, lockstep?: LockstepTag): Buffer {
  writer.clear();
  writer.text('(accel ');
  writer.exact(controls.accel);
  writer.text(')(brake ');
  writer.exact(controls.brake);
  writer.text(')(gear ');
  writer.integer(controls.gear);
  writer.text(')(steer ');
  writer.exact(controls.steer);
  writer.text(')(clutch ');
  writer.exact(controls.clutch);
  writer.text(')(focus ');
  writer.integer(controls.focus);
  writer.text(controls.restart ? ')(meta 1)' : ')(meta 0)');
  if (lockstep !== undefined) writeLockstep(writer, lockstep);
  return writer.take();
}

/**
 * Reads an answer by the game's own rules: any order, the first of two equal keys wins, a missing key is its default
 * (gear 1!), text that is no number is 0, whole numbers are cut out of what is there, `focus` outside ±90 asks for no
 * reading. Never throws: text that names no effector gives the defaults and `keyCount` 0. Ranges are not applied, as in
 * the game's module; see `sanitiseControls`.
 */
export function parseControls(bytes: Uint8Array): ControlsMessage {
  let accel: number | undefined;
  let brake: number | undefined;
  let gear: number | undefined;
  let steer: number | undefined;
  let clutch: number | undefined;
  let focus: number | undefined;
  let meta: number | undefined;
  let session: number | undefined;
  let tick: number | undefined;
  const cursor = new ByteCursor(bytes);
  while (cursor.nextGroup()) {
    if (cursor.tagIs(ACCEL)) accel ??= cursor.extractFloat();
    else if (cursor.tagIs(BRAKE)) brake ??= cursor.extractFloat();
    else if (cursor.tagIs(GEAR)) gear ??= cursor.extractInteger();
    else if (cursor.tagIs(STEER)) steer ??= cursor.extractFloat();
    else if (cursor.tagIs(CLUTCH)) clutch ??= cursor.extractFloat();
    else if (cursor.tagIs(FOCUS)) focus ??= cursor.extractInteger();
    else if (cursor.tagIs(META)) meta ??= cursor.extractInteger();
    else if (cursor.tagIs(SESSION_TAG.bytes)) session ??= cursor.readWholeNumber(SESSION_TAG.maximum);
    else if (cursor.tagIs(TICK_TAG.bytes)) tick ??= cursor.readWholeNumber(TICK_TAG.maximum);
  }
  const named = [accel, brake, gear, steer, clutch, focus, meta];
  let keyCount = 0;
  for (const value of named) if (value !== undefined) keyCount++;
  focus ??= DEFAULT_CONTROLS.focus;
  const controls: Controls = {
    accel: accel ?? DEFAULT_CONTROLS.accel,
    brake: brake ?? DEFAULT_CONTROLS.brake,
    clutch: clutch ?? DEFAULT_CONTROLS.clutch,
    gear: gear ?? DEFAULT_CONTROLS.gear,
    steer: steer ?? DEFAULT_CONTROLS.steer,
    focus: focus >= -90 && focus <= 90 ? focus : NO_FOCUS,
    restart: meta === 1,
  };
  return session === undefined || tick === undefined ? { controls, keyCount } : { controls, keyCount, session, tick };
}
