import type { CompiledStrip, Piece } from './piece.ts';
import { stripWidth } from './piece.ts';

/** Beyond this tangent of the angle to the arc's middle the series below is not exact enough. */
const SERIES_LIMIT = 0.12;

/**
 * A point in the track's own coordinates: the piece, how far along it (metres in straights, radians in curves), and how
 * far from the road's right edge, growing to the left. Reused by its owner, so that locating allocates nothing.
 */
export class TrackPosition {
  piece: Piece;
  toStart = 0;
  toRight = 0;
  /** Where {@link toStrip} found the point: the road or a strip beside it, and the distance from that one's right edge. */
  strip: CompiledStrip;
  toStripRight = 0;

  constructor(piece: Piece) {
    this.piece = piece;
    this.strip = piece.road;
  }

  /** Distance to the left of the centre line, m. */
  get toMiddle(): number {
    return this.toRight - this.piece.halfWidth;
  }

  get toLeft(): number {
    return this.piece.width - this.toRight;
  }

  /** Distance from the start line along the centre line, m. */
  get distanceFromStart(): number {
    return this.piece.startDistance + this.toStart * this.piece.radius;
  }

  /** Direction of the track here, rad. */
  get tangent(): number {
    return this.piece.startHeading + this.piece.turn * this.toStart;
  }

  /**
   * Finds the point (x, y), walking from `from` to neighbours. The walk never turns round, so a point in the notch
   * between two pieces stays with the last one. TORCS 1.3.7, src/libs/robottools/rttrack.cpp, RtTrackGlobal2Local.
   */
  locate(from: Piece, x: number, y: number): void {
    let piece = from;
    let walked = 0;
    for (;;) {
      let toStart: number;
      if (piece.turn === 0) {
        const dx = x - piece.startRightX;
        const dy = y - piece.startRightY;
        toStart = dx * piece.headingX + dy * piece.headingY;
        this.toRight = dy * piece.headingX - dx * piece.headingY;
      } else {
        const dx = x - piece.centerX;
        const dy = y - piece.centerY;
        const along = dx * piece.middleX + dy * piece.middleY;
        const across = dy * piece.middleX - dx * piece.middleY;
        toStart = piece.turn * angleOf(across, along) + piece.extent / 2;
        this.toRight = piece.turn * (piece.radiusRight - Math.sqrt(dx * dx + dy * dy));
      }
      this.piece = piece;
      this.toStart = toStart;
      if (toStart < 0 && walked < 1) {
        piece = piece.previous;
        walked = -1;
      } else if (toStart > piece.extent && walked > -1) {
        piece = piece.next;
        walked = 1;
      } else {
        return;
      }
    }
  }

  /** Finds the strip under the point: sets `strip` and `toStripRight` (mode SEGMENT of the same function). */
  toStrip(): void {
    const piece = this.piece;
    const toRight = this.toRight;
    this.strip = piece.road;
    this.toStripRight = toRight;
    if (toRight < 0) {
      if (piece.right1 === null) return;
      this.strip = piece.right1;
      this.toStripRight = toRight + stripWidth(piece.right1, this.toStart);
      if (this.toStripRight < 0 && piece.right2 !== null) {
        this.strip = piece.right2;
        this.toStripRight += stripWidth(piece.right2, this.toStart);
      }
    } else if (toRight > piece.width) {
      if (piece.left1 === null) return;
      this.strip = piece.left1;
      this.toStripRight = toRight - piece.width;
      const width = stripWidth(piece.left1, this.toStart);
      if (this.toStripRight > width && piece.left2 !== null) {
        this.strip = piece.left2;
        this.toStripRight -= width;
      }
    }
  }

  /** Distance to the right barrier, m; negative behind it. */
  get toRightBarrier(): number {
    const piece = this.piece;
    let distance = this.toRight;
    if (piece.right1 !== null) distance += stripWidth(piece.right1, this.toStart);
    if (piece.right2 !== null) distance += stripWidth(piece.right2, this.toStart);
    return distance;
  }

  /** Distance to the left barrier, m; negative behind it. */
  get toLeftBarrier(): number {
    const piece = this.piece;
    let distance = piece.width - this.toRight;
    if (piece.left1 !== null) distance += stripWidth(piece.left1, this.toStart);
    if (piece.left2 !== null) distance += stripWidth(piece.left2, this.toStart);
    return distance;
  }
}

/** atan2, by its series where the angle is small: pieces turn little, and this runs five times in a physics step. */
function angleOf(across: number, along: number): number {
  const t = across / along;
  if (along <= 0 || t > SERIES_LIMIT || t < -SERIES_LIMIT) return Math.atan2(across, along);
  const s = t * t;
  return t * (1 + s * (-1 / 3 + s * (1 / 5 + s * (-1 / 7 + s * (1 / 9 + s * (-1 / 11 + s / 13))))));
}
