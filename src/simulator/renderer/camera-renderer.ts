import { InvalidArgumentError } from '../../../torcs-client/errors.ts';
import type { CameraFormat } from '../../../torcs-client/simulator.ts';
import type { Track } from '../track/model.ts';
import { paintBackdrop } from './backdrop.ts';
import { BlockList } from './block-list.ts';
import { Canvas } from './canvas.ts';
import { paintCar } from './car-painter.ts';
import { CAR_COLORS } from './colors.ts';
import { GroundTexture } from './ground-texture.ts';
import { type TrackMesh, trackMesh } from './mesh.ts';
import { Projector } from './projector.ts';
import { roadHeightAt } from './road-height-at.ts';
import { TrackPainter } from './track-painter.ts';
import { type CarPose, Eye, toWorld, VIEWS } from './view.ts';

/** What a picture shows: all cars, and from which of them it is seen. */
export interface Scene {
  readonly cars: readonly CarPose[];
  readonly cameraCar: number;
}

/** A car is painted over the ground it stands on: it counts as nearer by this, m, and by this share. */
const CAR_LEAD_M = 4;
const CAR_LEAD_SHARE = 0.1;

/**
 * Pictures of a track and its cars, drawn on the CPU: the same scene gives the same bytes. Far things are painted
 * first. Unlike the game's, the cameras behind the car turn with it at once: a picture depends on its instant alone.
 */
export class CameraRenderer {
  readonly format: CameraFormat;
  readonly #mesh: TrackMesh;
  readonly #canvas: Canvas;
  readonly #eye = new Eye();
  readonly #projector: Projector;
  readonly #blocks: BlockList;
  readonly #painter: TrackPainter;
  readonly #texture: GroundTexture;
  readonly #normal = new Float64Array(3);
  readonly #foot = new Float64Array(3);

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
    this.#mesh = trackMesh(track);
    this.#canvas = new Canvas(format.width, format.height);
    this.#projector = new Projector(this.#canvas, this.#eye, view.fovyDegrees, view.near, this.#mesh.points);
    this.#blocks = new BlockList(this.#mesh);
    this.#painter = new TrackPainter(this.#mesh, this.#projector);
    this.#texture = new GroundTexture(this.#projector.focal);
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
    this.#eye.place(view, pose, behind === 0 ? 0 : roadHeightAt(this.#mesh.points, x, y));
    this.#projector.begin();
    paintBackdrop(this.#projector);
    this.#blocks.collect(this.#projector);
    const { levels, blocks, distances } = this.#blocks;
    const cars = scene.cars.length > 1 ? this.#carsByDistance(scene) : [];
    let nextCar = 0;
    for (let i = 0; i < this.#blocks.count; i++) {
      for (; nextCar < cars.length && cars[nextCar]!.distance > distances[i]!; nextCar++) {
        this.#paintCar(scene, cars[nextCar]!.car);
      }
      this.#painter.paint(this.#mesh.levels[levels[i]!]!, blocks[i]!, distances[i]!);
    }
    for (; nextCar < cars.length; nextCar++) this.#paintCar(scene, cars[nextCar]!.car);
    if (ownCar) this.#paintCar(scene, scene.cameraCar);
    this.#paintTexture(pose);
    this.#canvas.copyTo(into);
  }

  /** The other cars with the distances at which their turn to be painted comes, the farthest first. */
  #carsByDistance(scene: Scene): { car: number; distance: number }[] {
    return scene.cars
      .map((pose, car) => {
        const away = this.#distanceTo(pose);
        return { car, distance: away - Math.max(CAR_LEAD_M, away * CAR_LEAD_SHARE) };
      })
      .filter(({ car }) => car !== scene.cameraCar)
      .sort((a, b) => b.distance - a.distance);
  }

  #paintCar(scene: Scene, car: number): void {
    const pose = scene.cars[car]!;
    paintCar(this.#projector, pose, CAR_COLORS[car % CAR_COLORS.length]!, this.#distanceTo(pose));
  }

  #distanceTo(pose: CarPose): number {
    return Math.hypot(pose.x - this.#eye.position[0]!, pose.y - this.#eye.position[1]!);
  }

  #paintTexture(pose: CarPose): void {
    const normal = this.#normal;
    const foot = this.#foot;
    toWorld(pose, 0, 0, 0, foot);
    toWorld(pose, 0, 0, 1, normal);
    const { position } = this.#eye;
    let height = 0;
    for (let i = 0; i < 3; i++) {
      normal[i] = normal[i]! - foot[i]!;
      height += normal[i]! * (position[i]! - foot[i]!);
    }
    this.#texture.apply(this.#projector, normal, height);
  }
}
