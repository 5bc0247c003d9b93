import { InvalidArgumentError } from '../../../torcs-client/errors.ts';
import type { CameraFormat } from '../../../torcs-client/simulator.ts';
import type { Track } from '../track/model.ts';
import { Canvas, mix } from './canvas.ts';
import { paintCar } from './car-painter.ts';
import { CAR_COLORS, GRASS, SKY_HORIZON, SKY_TOP } from './colors.ts';
import { Projector } from './projector.ts';
import { POINTS, Slices } from './slices.ts';
import { FAR_M, fog, TrackPainter } from './track-painter.ts';
import { type CarPose, Eye, VIEWS } from './view.ts';

/** What a picture shows: all cars, and from which of them it is seen. */
export interface Scene {
  readonly cars: readonly CarPose[];
  readonly cameraCar: number;
}

/** Width of a ring of distance, m; what lies in a farther ring is painted first. */
const RING_M = 4;
const RINGS = Math.ceil(FAR_M / RING_M) + 2;
/** Slices are painted in twos and fours beyond these distances, m. */
const PAIRS_FROM_M = 110;
const FOURS_FROM_M = 240;
const BACKDROP_STEPS = 512;

/**
 * Pictures of a track and its cars, drawn on the CPU: the same scene gives the same bytes. Far things are painted
 * first. Unlike the game's, the cameras behind the car turn with it at once: a picture depends on its instant alone.
 */
export class CameraRenderer {
  readonly format: CameraFormat;
  readonly #slices: Slices;
  readonly #canvas: Canvas;
  readonly #eye = new Eye();
  readonly #projector: Projector;
  readonly #painter: TrackPainter;
  readonly #heads = new Int32Array(RINGS);
  readonly #next: Int32Array;
  readonly #spans: Uint8Array;
  readonly #distances: Float64Array;
  readonly #backdrop = new Uint32Array(BACKDROP_STEPS);

  /** @throws InvalidArgumentError for a size that is no whole number from 1 to 4096, or with panels */
  constructor(track: Track, format: CameraFormat) {
    for (const [name, value] of [
      ['width', format.width],
      ['height', format.height],
    ] as const) {
      if (!Number.isInteger(value) || value < 1 || value > 4096) {
        throw new InvalidArgumentError(`Expected camera ${name} to be a whole number from 1 to 4096, got ${value}`);
      }
    }
    if (format.panels)
      throw new InvalidArgumentError('Expected `panels` to be false, got true: only real TORCS has them');
    const view = VIEWS[format.view];
    this.format = format;
    this.#slices = new Slices(track);
    this.#canvas = new Canvas(format.width, format.height);
    this.#projector = new Projector(this.#canvas, this.#eye, view.fovyDegrees, view.near);
    this.#painter = new TrackPainter(this.#slices, this.#projector);
    this.#next = new Int32Array(this.#slices.count);
    this.#spans = new Uint8Array(this.#slices.count);
    this.#distances = new Float64Array(this.#slices.count);
    for (let i = 0; i < BACKDROP_STEPS; i++) {
      const slope = i / (BACKDROP_STEPS / 2) - 1;
      this.#backdrop[i] =
        slope >= 0
          ? mix(SKY_HORIZON, SKY_TOP, Math.min(256, slope * 512) | 0)
          : fog(GRASS, Math.min(FAR_M * 0.75, 1 / -slope));
    }
  }

  /**
   * @param into width × height × 3 bytes, RGB, top row first
   * @throws InvalidArgumentError for a buffer of another size or a camera car that is not there
   */
  render(scene: Scene, into: Uint8Array): void {
    const { width, height, view } = this.format;
    if (into.length !== width * height * 3) {
      throw new InvalidArgumentError(`Expected a buffer of ${width * height * 3} bytes, got ${into.length}`);
    }
    const pose = scene.cars[scene.cameraCar];
    if (pose === undefined) {
      throw new InvalidArgumentError(
        `Expected \`cameraCar\` to be one of ${scene.cars.length} cars, got ${scene.cameraCar}`,
      );
    }
    const { behind, ownCar } = VIEWS[view];
    const x = pose.x - behind * Math.cos(pose.yaw);
    const y = pose.y - behind * Math.sin(pose.yaw);
    this.#eye.place(view, pose, behind === 0 ? 0 : this.#groundAt(x, y));
    this.#paintBackdrop();
    this.#sortTrack();
    const rings = scene.cars.map((car) => Math.max(0, Math.floor(this.#distanceTo(car.x, car.y) / RING_M) - 1));
    for (let ring = RINGS - 1; ring >= 0; ring--) {
      for (let i = this.#heads[ring]!; i >= 0; i = this.#next[i]!) {
        this.#painter.paint(i, this.#spans[i]!, this.#distances[i]!);
      }
      for (let car = 0; car < rings.length; car++) {
        if (rings[car] === ring && car !== scene.cameraCar) this.#paintCar(scene, car, true);
      }
    }
    if (ownCar) this.#paintCar(scene, scene.cameraCar, behind > 0);
    this.#canvas.copyTo(into);
  }

  #paintCar(scene: Scene, car: number, cabin: boolean): void {
    const pose = scene.cars[car]!;
    const color = CAR_COLORS[car % CAR_COLORS.length]!;
    paintCar(this.#projector, this.#eye.position, pose, color, this.#distanceTo(pose.x, pose.y), cabin);
  }

  #distanceTo(x: number, y: number): number {
    return Math.hypot(x - this.#eye.position[0]!, y - this.#eye.position[1]!);
  }

  /** Sky above, grass below: colour by the slope of each pixel's ray. */
  #paintBackdrop(): void {
    const { width, height, pixels } = this.#canvas;
    const { focal } = this.#projector;
    const across = this.#eye.right[2]! / focal;
    const down = -this.#eye.up[2]! / focal;
    const half = BACKDROP_STEPS / 2;
    let at = 0;
    for (let row = 0; row < height; row++) {
      let slope = this.#eye.forward[2]! + (row + 0.5 - height / 2) * down + (0.5 - width / 2) * across;
      for (let column = 0; column < width; column++, slope += across) {
        const step = Math.floor(half + slope * half);
        pixels[at++] = this.#backdrop[step < 0 ? 0 : step >= BACKDROP_STEPS ? BACKDROP_STEPS - 1 : step]!;
      }
    }
  }

  /** Puts what the camera may see into rings of distance. */
  #sortTrack(): void {
    this.#heads.fill(-1);
    const count = this.#slices.count;
    for (let i = 0; i < count; i += 4) {
      const distance = this.#measure(i);
      if (distance > FAR_M) continue;
      if (distance > FOURS_FROM_M) this.#put(i, 4, distance);
      else if (distance > PAIRS_FROM_M) {
        this.#put(i, 2, distance);
        this.#put(i + 2, 2, this.#measure(i + 2));
      } else for (let k = i; k < i + 4; k++) this.#put(k, 1, this.#measure(k));
    }
  }

  #measure(index: number): number {
    const at = index * POINTS * 3 + 9;
    const p = this.#slices.points;
    return this.#distanceTo((p[at]! + p[at + 3]!) / 2, (p[at + 1]! + p[at + 4]!) / 2);
  }

  #put(index: number, span: number, distance: number): void {
    if (distance > 40) {
      const at = index * POINTS * 3 + 9;
      const p = this.#slices.points;
      const dx = p[at]! - this.#eye.position[0]!;
      const dy = p[at + 1]! - this.#eye.position[1]!;
      const { forward, right } = this.#eye;
      const ahead = dx * forward[0]! + dy * forward[1]!;
      const aside = Math.abs(dx * right[0]! + dy * right[1]!);
      // Sections are at most some 50 m wide.
      if (ahead < -30 || aside > (Math.max(0, ahead) * this.#canvas.width) / 2 / this.#projector.focal + 60) return;
    }
    const ring = Math.min(RINGS - 1, Math.floor(distance / RING_M));
    this.#next[index] = this.#heads[ring]!;
    this.#heads[ring] = index;
    this.#spans[index] = span;
    this.#distances[index] = distance;
  }

  /** Height of the road nearest to a place. */
  #groundAt(x: number, y: number): number {
    const p = this.#slices.points;
    let nearest = Infinity;
    let z = 0;
    for (let at = 9; at < p.length; at += POINTS * 3) {
      const dx = (p[at]! + p[at + 3]!) / 2 - x;
      const dy = (p[at + 1]! + p[at + 4]!) / 2 - y;
      const square = dx * dx + dy * dy;
      if (square < nearest) {
        nearest = square;
        z = (p[at + 2]! + p[at + 5]!) / 2;
      }
    }
    return z;
  }
}
