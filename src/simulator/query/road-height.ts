import type { CompiledStrip } from './piece.ts';
import type { TrackPosition } from './track-position.ts';

/** Height of the ground under a located point, m. Call {@link TrackPosition.toStrip} first. */
export function heightAt(position: TrackPosition): number {
  return stripHeight(position.strip, position.toStart, position.toStripRight);
}

/**
 * Height of a strip at a place, m: its right edge, plus the banking, plus a kerb's rise, plus the bumps. TORCS 1.3.7,
 * src/libs/robottools/rttrack.cpp, RtTrackHeightL.
 */
export function stripHeight(strip: CompiledStrip, toStart: number, toRight: number): number {
  let height = strip.startZ + toStart * strip.climb;
  if (!strip.flatBanking) height += toRight * Math.tan(strip.banking + toStart * strip.twist);
  if (strip.isKerb) {
    const outwards = strip.isRight ? strip.startWidth - toRight : toRight;
    height += outwards * strip.kerbSlope;
    if (strip.bumpy) {
      const wave = Math.sin(strip.material.roughnessWaveNumber * toStart * strip.bumpRadius);
      height += (strip.material.roughness * wave * outwards) / strip.startWidth;
    }
  } else if (strip.bumpy) {
    const k = strip.material.roughnessWaveNumber;
    height += strip.material.roughness * Math.sin(k * toRight) * Math.sin(k * toStart * strip.bumpRadius);
  }
  return height;
}

/** A direction in space, reused by its owner. */
export class SurfaceNormal {
  x = 0;
  y = 0;
  z = 1;

  /**
   * The ground's upward unit normal under a located point: across the strip at the point, along the piece at the
   * point's distance from the edge (TORCS 1.3.7, rttrack.cpp, RtTrackSurfaceNormalL).
   */
  set(position: TrackPosition): void {
    const { piece, strip, toStart, toStripRight } = position;
    const alongZ = stripHeight(strip, piece.extent, toStripRight) - stripHeight(strip, 0, toStripRight);
    const width = strip.startWidth;
    const acrossZ = stripHeight(strip, toStart, width) - stripHeight(strip, toStart, 0);
    const half = piece.extent / 2;
    const radius = piece.radiusRight - piece.turn * position.toRight;
    const chord = piece.turn === 0 ? piece.extent : Math.abs(2 * radius * Math.sin(half));
    const chordHeading = piece.turn === 0 ? piece.startHeading : piece.startHeading + piece.turn * half;
    const leftHeading = position.tangent + Math.PI / 2;
    const alongX = chord * Math.cos(chordHeading);
    const alongY = chord * Math.sin(chordHeading);
    const acrossX = width * Math.cos(leftHeading);
    const acrossY = width * Math.sin(leftHeading);
    const x = alongY * acrossZ - acrossY * alongZ;
    const y = acrossX * alongZ - alongX * acrossZ;
    const z = alongX * acrossY - acrossX * alongY;
    const norm = Math.sqrt(x * x + y * y + z * z);
    const scale = norm === 0 ? 1 : 1 / norm;
    this.x = x * scale;
    this.y = y * scale;
    this.z = z * scale;
  }
}
