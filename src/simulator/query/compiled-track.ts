import { InvalidArgumentError } from '../../../torcs-client/errors.ts';
import type { Track } from '../track/model.ts';
import { Piece, stripWidth } from './piece.ts';

/** How far from its own piece a corner of a car can be, along the track, m: more than a car's half diagonal. */
const REACH_M = 4;

/** A track made ready for driving: its pieces as a ring of {@link Piece}. */
export class CompiledTrack {
  readonly track: Track;
  readonly lengthM: number;
  readonly pieces: readonly Piece[];

  /** Throws {@link InvalidArgumentError} when the track has no pieces. */
  constructor(track: Track) {
    if (track.segments.length === 0) {
      throw new InvalidArgumentError(`Expected track \`${track.name}\` to have at least one segment, got none`);
    }
    this.track = track;
    this.lengthM = track.lengthM;
    this.pieces = track.segments.map((segment) => new Piece(segment));
    for (const [index, piece] of this.pieces.entries()) {
      piece.next = this.pieces[(index + 1) % this.pieces.length] as Piece;
      piece.previous = this.pieces[(index + this.pieces.length - 1) % this.pieces.length] as Piece;
    }
    for (const piece of this.pieces) setClearance(piece, this.pieces.length);
  }

  /** The piece at a distance from the start line, m; any number is wrapped into the lap. */
  pieceAt(distanceM: number): Piece {
    const wrapped = wrapDistance(distanceM, this.lengthM);
    let low = 0;
    let high = this.pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle] as Piece).startDistance <= wrapped) low = middle;
      else high = middle - 1;
    }
    return this.pieces[low] as Piece;
  }
}

const compiled = new WeakMap<Track, CompiledTrack>();

/** Compiles a track, or returns what was compiled from the same object before. */
export function compileTrack(track: Track): CompiledTrack {
  let result = compiled.get(track);
  if (result === undefined) {
    result = new CompiledTrack(track);
    compiled.set(track, result);
  }
  return result;
}

/** A distance along the centre line brought into [0, length). */
export function wrapDistance(distanceM: number, lengthM: number): number {
  const wrapped = distanceM % lengthM;
  return wrapped < 0 ? wrapped + lengthM : wrapped;
}

function setClearance(piece: Piece, count: number): void {
  let right = Number.POSITIVE_INFINITY;
  let left = Number.POSITIVE_INFINITY;
  const take = (one: Piece) => {
    right = Math.min(right, narrowest([one.right1, one.right2], one.extent));
    left = Math.min(left, narrowest([one.left1, one.left2], one.extent));
  };
  take(piece);
  let reached = 0;
  let one = piece.next;
  for (let i = 0; i < count && reached < REACH_M; i++, one = one.next) {
    take(one);
    reached += one.length;
  }
  reached = 0;
  one = piece.previous;
  for (let i = 0; i < count && reached < REACH_M; i++, one = one.previous) {
    take(one);
    reached += one.length;
  }
  piece.clearanceRight = right;
  piece.clearanceLeft = left;
}

/** Least width of a side's strips together; a wall between them counts as the end. */
function narrowest(strips: readonly Piece['right1'][], extent: number): number {
  let start = 0;
  let end = 0;
  for (const strip of strips) {
    if (strip === null || strip.isWall) break;
    start += stripWidth(strip, 0);
    end += stripWidth(strip, extent);
  }
  return Math.min(start, end);
}
