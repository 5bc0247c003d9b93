import { InvalidFileError } from '../core/errors.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { RowLog } from './row-log.ts';
import { GOES_ON, OLDEST_AGE, type Segment, TRUNCATED } from './segment.ts';
import type { Source } from './source.ts';
import { link, TransitionStore } from './transition-store.ts';

export interface Parts {
  readonly manifest: Manifest;
  readonly layout: Layout;
  readonly segments: readonly Segment[];
  /** With what the manifest says of them; their chains are made anew. */
  readonly sources: readonly Source[];
  /** The manifest's, for messages. */
  readonly file: string;
}

/**
 * Makes the store anew of its rows: all links follow from the order of the rows of each source. Whatever else the files
 * say is checked on the way, so that nothing of a foreign file can lead outside.
 *
 * @throws {@link InvalidFileError}
 */
export function rebuildStore(parts: Parts): TransitionStore {
  const { manifest, layout, segments, sources } = parts;
  checkSegments(parts);
  const log = RowLog.restore(layout, segments, manifest.rows);
  const arrived: number[] = [];
  for (const source of sources) source.tail = source.last = -1;
  for (const segment of segments) {
    for (let index = 0; index < segment.rows; index++) {
      const row = segment.firstRow + index;
      const number = segment.source(row);
      const saved = manifest.sources[number];
      refuseUnless(parts, saved !== undefined, `row ${row} to be of one of ${sources.length} sources`);
      // Rows before the tail are not needed, and only there because others of their segment are.
      if (saved!.tail === -1 || row < saved!.tail) {
        if (segment.age(row) !== 0) arrived.push(row);
        continue;
      }
      const source = sources[number]!;
      checkStep(parts, log, source, row);
      link(log, source, row);
      segment.live++;
      if (segment.age(row) !== 0) arrived.push(row);
    }
  }
  for (const segment of segments) {
    refuseUnless(parts, segment.live > 0 || !segment.full, `segment ${segment.index} to have a row that is needed`);
  }
  manifest.sources.forEach(({ tail, last, open, staged }, number) => {
    const source = sources[number]!;
    refuseUnless(
      parts,
      source.tail === tail && source.last === last,
      `source ${number} to have rows ${tail} to ${last}`,
    );
    refuseUnless(parts, !staged || open, `source ${number} to be open, as its episode starts`);
    refuseUnless(parts, !open || staged || goesOn(log, last), `source ${number} to have an open episode`);
  });
  const store = new TransitionStore(layout, log, sources);
  store.restoreTransitions(manifest.transitions, transitionStarts(parts, log, arrived));
  return store;
}

function checkSegments(parts: Parts): void {
  const { manifest, layout, segments } = parts;
  const indices = segments.map(({ index }) => index);
  const ascending = indices.every((index, i) => i === 0 || index > indices[i - 1]!);
  refuseUnless(parts, ascending, `segments in ascending order`);
  const { openSegment, rows } = manifest;
  const rest = rows % layout.segmentRows;
  refuseUnless(parts, (openSegment?.rows ?? 0) === rest, `an open segment of ${rest} rows`);
  const end = Math.floor(rows / layout.segmentRows);
  const fits = openSegment === null ? indices.every((index) => index < end) : openSegment.index === end;
  refuseUnless(parts, fits, `segments of ${rows} rows`);
}

/** A row goes on the episode that its source's chain ends with, or starts one; the tail may be amid an episode. */
function checkStep(parts: Parts, log: RowLog, source: Source, row: number): void {
  const segment = log.segmentOf(row);
  const age = segment.age(row);
  refuseUnless(parts, segment.end(row) <= TRUNCATED, `row ${row} to have a known end`);
  if (age === 0) refuseUnless(parts, segment.end(row) === GOES_ON, `row ${row} to start an episode that goes on`);
  if (age === 0 || source.last === -1) return;
  const before = log.segmentOf(source.last);
  const expected = Math.min(before.age(source.last) + 1, OLDEST_AGE);
  refuseUnless(parts, age === expected && goesOn(log, source.last), `row ${row} to go on an episode`);
}

function goesOn(log: RowLog, row: number): boolean {
  if (row === -1) return false;
  return log.segmentOf(row).end(row) === GOES_ON;
}

/** The last `size` rows that steps led to give the transitions that can be drawn. */
function transitionStarts(parts: Parts, log: RowLog, arrived: readonly number[]): number[] {
  const { manifest, layout, sources } = parts;
  const { size, transitions } = manifest;
  // None is dropped before the buffer is full.
  const total = size < layout.capacity ? transitions === size : transitions >= size && transitions <= manifest.rows;
  const enough = total && size <= layout.capacity && size <= arrived.length;
  refuseUnless(parts, enough, `${size} of ${transitions} transitions to be there`);
  return arrived.slice(arrived.length - size).map((row) => {
    const segment = log.segmentOf(row);
    const source = sources[segment.source(row)]!;
    const start = row - segment.previous(row);
    refuseUnless(
      parts,
      source.tail !== -1 && start < row && start >= source.tail,
      `the step to row ${row} to have a start`,
    );
    checkStack(parts, log, source, start);
    source.transitions++;
    return start;
  });
}

function checkStack(parts: Parts, log: RowLog, source: Source, start: number): void {
  let row = start;
  for (let i = 1; i < parts.layout.stack; i++) {
    const segment = log.segmentOf(row);
    if (segment.age(row) === 0) return;
    const step = segment.previous(row);
    refuseUnless(parts, step > 0 && row - step >= source.tail, `row ${start} to have all pictures of its stack`);
    row -= step;
  }
}

function refuseUnless(parts: Parts, condition: boolean, expected: string): void {
  if (!condition) throw new InvalidFileError(`Expected ${expected} in the checkpoint ${parts.file}, got otherwise`);
}
