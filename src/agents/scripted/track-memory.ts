import type { Sensors } from '../../../torcs-client/sensors.ts';
import { type Hit, Sight } from './sight.ts';

/** Length of a bin of the memory along the centre line, m. */
const BIN_M = 4;
/** How far ahead the memory is read, m: the range of the finders and a bit. */
const MARCH_M = 216;
/** Variance of a bin's curvature before anything was seen of it, (1/m)². */
const PRIOR_VARIANCE = 4e-4;
/** Below this a bin counts as known. */
const KNOWN_VARIANCE = 4e-5;
/** A bin never becomes so sure that it stops learning. */
const LEAST_VARIANCE = 1e-5;
/** Height over the road above which the wheels hang in the air, and the car's way says nothing of the slope, m. */
export const AIRBORNE_M = 0.42;

/**
 * The road as the car has sensed it in this episode: curvature and slope over distance from the start line.
 *
 * The car's pose relative to the centre line is sensed exactly (`distFromStart`, `trackPos`, `angle`), so that every
 * range finder that meets an edge of the road says where that edge is: half the road's width beside the centre line.
 * The centre line is a chain of short arcs; each reading corrects the arcs between the car and the point it met, each
 * by its own uncertainty (a Kalman filter whose covariance is kept on the diagonal). What a bend hides is unknown
 * until it comes into view, and known from the second lap on.
 */
export class TrackMemory {
  /** Width of the road, m; constant around each of the game's tracks. */
  widthM = 0;
  /** Known from the first crossing of the start line on. */
  lapLengthM: number | undefined;
  #curvature = new Float64Array(1024);
  #variance = new Float64Array(1024).fill(PRIOR_VARIANCE);
  #slope = new Float64Array(1024).fill(Number.NaN);
  #previousDistance = Number.NaN;
  readonly #sight: Sight;
  // The centre line ahead of the car: arc lengths, places, headings and bins of the march's nodes.
  readonly #at: number[] = [];
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #heading: number[] = [];
  readonly #bin: number[] = [];
  /** Corrections of this tick, which the march does not contain yet. */
  readonly #change = new Float64Array(Math.ceil(MARCH_M / BIN_M) + 2);

  /** @param anglesDeg directions of the range finders, degrees, -90 left */
  constructor(anglesDeg: readonly number[]) {
    this.#sight = new Sight(anglesDeg);
  }

  /** Takes in one tick's sensors. */
  observe(sensors: Sensors, stepM: number): void {
    this.#measureWidth(sensors);
    this.#findLapLength(sensors.distFromStart, stepM);
    if (Math.abs(sensors.trackPos) > 1 || Math.abs(sensors.angle) > 1.2 || this.widthM === 0) return;
    this.#learnSlope(sensors);
    this.#march(sensors.distFromStart);
    const offset = (sensors.trackPos * this.widthM) / 2;
    this.#change.fill(0);
    for (const hit of this.#sight.hits(sensors, offset)) this.#correct(hit);
  }

  /** Curvature of the centre line, 1/m, left positive, interpolated between the bins. */
  curvatureAt(distanceM: number): number {
    const place = distanceM / BIN_M - 0.5;
    const low = Math.floor(place);
    const share = place - low;
    return (1 - share) * this.#curvature[this.#wrap(low)]! + share * this.#curvature[this.#wrap(low + 1)]!;
  }

  /** Slope of the road, rise over run; NaN where the car has not been. */
  slopeAt(distanceM: number): number {
    const place = distanceM / BIN_M - 0.5;
    const low = Math.floor(place);
    const share = place - low;
    return (1 - share) * this.#slope[this.#wrap(low)]! + share * this.#slope[this.#wrap(low + 1)]!;
  }

  /** A distance from the start line, brought into the lap where its length is known. */
  wrap(distanceM: number): number {
    return this.lapLengthM === undefined ? distanceM : distanceM % this.lapLengthM;
  }

  /** How far ahead of a place the road is known without a gap, m, up to `limitM`. */
  knownAheadM(distanceM: number, limitM: number): number {
    const first = Math.floor(distanceM / BIN_M);
    let ahead = 0;
    for (let bin = first; ahead < limitM; bin++, ahead += BIN_M) {
      if (this.#variance[this.#wrap(bin)]! > KNOWN_VARIANCE) break;
    }
    return Math.min(ahead, limitM);
  }

  #measureWidth(sensors: Sensors): void {
    const left = sensors.track[0]!;
    const right = sensors.track[18]!;
    if (this.widthM > 0 || left < 0 || Math.abs(sensors.angle) > 0.2) return;
    this.widthM = (left + right) * Math.cos(sensors.angle);
  }

  #findLapLength(distance: number, stepM: number): void {
    const before = this.#previousDistance;
    this.#previousDistance = distance;
    if (this.lapLengthM !== undefined || !(before - distance > 200)) return;
    const length = before + stepM - distance;
    const count = Math.ceil(length / BIN_M);
    this.#reserve(count + Math.ceil(MARCH_M / BIN_M) + 4);
    // What was seen beyond the line lies beyond the array's end of the lap: move it to the start.
    for (let bin = 0; bin < MARCH_M / BIN_M; bin++) {
      const from = Math.floor((length + (bin + 0.5) * BIN_M) / BIN_M);
      if (this.#variance[from]! >= this.#variance[bin]!) continue;
      this.#curvature[bin] = this.#curvature[from]!;
      this.#variance[bin] = Math.max(this.#variance[from]!, LEAST_VARIANCE);
      this.#slope[bin] = this.#slope[from]!;
    }
    this.lapLengthM = length;
  }

  #binCount(): number {
    return this.lapLengthM === undefined ? Number.POSITIVE_INFINITY : Math.ceil(this.lapLengthM / BIN_M);
  }

  #wrap(bin: number): number {
    const count = this.#binCount();
    if (count !== Number.POSITIVE_INFINITY) return ((bin % count) + count) % count;
    const index = Math.max(0, bin);
    if (index >= this.#curvature.length) this.#reserve(index + 1);
    return index;
  }

  #reserve(count: number): void {
    if (count <= this.#curvature.length) return;
    const size = 2 ** Math.ceil(Math.log2(count));
    const grow = (old: Float64Array, filler: number) => {
      const grown = new Float64Array(size).fill(filler);
      grown.set(old);
      return grown;
    };
    this.#curvature = grow(this.#curvature, 0);
    this.#variance = grow(this.#variance, PRIOR_VARIANCE);
    this.#slope = grow(this.#slope, Number.NaN);
  }

  #learnSlope(sensors: Sensors): void {
    if (sensors.speedX < 15 || sensors.z > AIRBORNE_M) return;
    const measured = sensors.speedZ / Math.hypot(sensors.speedX, sensors.speedY);
    const bin = this.#wrap(Math.floor(sensors.distFromStart / BIN_M));
    const old = this.#slope[bin]!;
    this.#slope[bin] = Number.isNaN(old) ? measured : old + 0.25 * (measured - old);
  }

  #march(distance: number): void {
    this.#at.length = 0;
    this.#x.length = 0;
    this.#y.length = 0;
    this.#heading.length = 0;
    this.#bin.length = 0;
    const count = this.#binCount();
    let bin = Math.floor(distance / BIN_M);
    let x = 0;
    let y = 0;
    let heading = 0;
    let at = 0;
    let left = (bin + 1) * BIN_M - distance;
    while (at < MARCH_M) {
      const index = this.#wrap(bin);
      if (index === count - 1) left = Math.max(0.01, left - (count * BIN_M - this.lapLengthM!));
      this.#at.push(at);
      this.#x.push(x);
      this.#y.push(y);
      this.#heading.push(heading);
      this.#bin.push(index);
      const turn = this.#curvature[index]! * left;
      x += left * Math.cos(heading + turn / 2);
      y += left * Math.sin(heading + turn / 2);
      heading += turn;
      at += left;
      left = BIN_M;
      bin++;
    }
    this.#at.push(at);
    this.#x.push(x);
    this.#y.push(y);
    this.#heading.push(heading);
  }

  #correct(hit: Hit): void {
    const last = this.#bin.length;
    let node = 0;
    while (node + 1 <= last && this.#along(hit, node + 1) >= 0) node++;
    if (node >= last) return;
    const along = this.#along(hit, node);
    const turn = this.#curvature[this.#bin[node]!]! * along;
    const heading = this.#heading[node]! + turn;
    const px = this.#x[node]! + along * Math.cos(this.#heading[node]! + turn / 2);
    const py = this.#y[node]! + along * Math.sin(this.#heading[node]! + turn / 2);
    const cos = Math.cos(heading);
    const sin = Math.sin(heading);
    const lateral = -sin * (hit.x - px) + cos * (hit.y - py);
    const noise = (0.05 + 0.004 * hit.distance) ** 2;
    let total = noise;
    let moved = 0;
    for (let k = 0; k <= node; k++) {
      const lever = this.#lever(k, node, along, hit, cos, sin);
      moved += lever * this.#change[k]!;
      total += this.#variance[this.#bin[k]!]! * lever * lever;
    }
    const place = lateral - moved;
    const side = hit.side !== 0 ? hit.side : Math.sign(place);
    let error = place - (side * this.widthM) / 2;
    // A finder that met nothing says that its end lies on the road.
    if (hit.free && error * side < 0) return;
    if (Math.abs(error) > 25) error = 25 * Math.sign(error);
    for (let k = 0; k <= node; k++) {
      const bin = this.#bin[k]!;
      const lever = this.#lever(k, node, along, hit, cos, sin);
      const gain = (this.#variance[bin]! * lever) / total;
      const before = this.#curvature[bin]!;
      const after = Math.max(-0.15, Math.min(0.15, before + gain * error));
      this.#curvature[bin] = after;
      this.#change[k]! += after - before;
      this.#variance[bin] = Math.max(LEAST_VARIANCE, this.#variance[bin]! * (1 - gain * lever));
    }
  }

  #along(hit: Hit, node: number): number {
    const heading = this.#heading[node]!;
    return (hit.x - this.#x[node]!) * Math.cos(heading) + (hit.y - this.#y[node]!) * Math.sin(heading);
  }

  /** How far the edge at the hit moves sideways per unit of curvature of the march's bin `k`, m². */
  #lever(k: number, node: number, along: number, hit: Hit, cos: number, sin: number): number {
    const length = k === node ? along : this.#at[k + 1]! - this.#at[k]!;
    const dx = hit.x - this.#x[k]!;
    const dy = hit.y - this.#y[k]!;
    return length * Math.max(0, dx * cos + dy * sin - length / 2);
  }
}
