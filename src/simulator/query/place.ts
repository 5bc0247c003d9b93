import type { CompiledTrack } from './compiled-track.ts';
import { wrapDistance } from './compiled-track.ts';
import type { Piece } from './piece.ts';

/** A place on the track in world coordinates. */
export interface Place {
  readonly piece: Piece;
  readonly toStart: number;
  readonly x: number;
  readonly y: number;
  /** Direction of the track, rad. */
  readonly heading: number;
}

/**
 * World coordinates of the place `distanceM` from the start line and `toRight` metres from the road's right edge
 * (TORCS 1.3.7, src/libs/robottools/rttrack.cpp, RtTrackLocal2Global).
 */
export function placeOn(track: CompiledTrack, distanceM: number, toRight: number): Place {
  const piece = track.pieceAt(distanceM);
  const toStart = (wrapDistance(distanceM, track.lengthM) - piece.startDistance) / piece.radius;
  const heading = piece.startHeading + piece.turn * toStart;
  if (piece.turn === 0) {
    return {
      piece,
      toStart,
      heading,
      x: piece.startRightX + toStart * piece.headingX - toRight * piece.headingY,
      y: piece.startRightY + toStart * piece.headingY + toRight * piece.headingX,
    };
  }
  const radius = piece.turn * piece.radiusRight - toRight;
  return {
    piece,
    toStart,
    heading,
    x: piece.centerX + radius * Math.sin(heading),
    y: piece.centerY - radius * Math.cos(heading),
  };
}
