import type { CameraView } from '../../../torcs-client/simulator.ts';

/** A car's place: x, y, z of its centre of gravity, m; rotations as the game's, rad (pitch positive: nose down). */
export interface CarPose {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly roll: number;
  readonly pitch: number;
  readonly yaw: number;
}

/** Height of car1-trb1's centre of gravity over its origin, m (cars/car1-trb1/car1-trb1.xml, `GC height`). */
export const CENTRE_OF_GRAVITY_HEIGHT_M = 0.25;
/** How far it lies before the origin, m: 52 % of 1.22 and 48 % of -1.42, the axles' places (simuv2/car.cpp). */
const CENTRE_OF_GRAVITY_X_M = 0.52 * 1.22 - 0.48 * 1.42;
/** The driver's eye; car1-trb1 names no bonnet position of its own, so the bonnet cameras sit there too (`Driver`). */
const EYE = { x: 0.75, y: 0, z: 0.95 } as const;

interface ViewFacts {
  readonly fovyDegrees: number;
  readonly near: number;
  /** Distance behind the car, m; 0: in the car. */
  readonly behind: number;
  readonly ownCar: boolean;
}

/** The game's first five cameras (TORCS 1.3.7, ssggraph/grcam.cpp, grCamCreateSceneCameraList). */
export const VIEWS: Readonly<Record<CameraView, ViewFacts>> = {
  behind: { fovyDegrees: 40, near: 1, behind: 6, ownCar: true },
  'behind-far': { fovyDegrees: 40, near: 1, behind: 10, ownCar: true },
  'bonnet-fixed': { fovyDegrees: 67.5, near: 0.3, behind: 0, ownCar: true },
  bonnet: { fovyDegrees: 67.5, near: 0.1, behind: 0, ownCar: true },
  road: { fovyDegrees: 67.5, near: 0.3, behind: 0, ownCar: false },
};
/** Height over the ground of the cameras behind, m, and how far before the eye they look (cGrCarCamBehind). */
const BEHIND_HEIGHT_M = 2;
const BEHIND_AIM_M = 10;

/**
 * The game's matrix of a car (`posMat`), Rz(yaw) · Rx(roll) · Ry(pitch), applied to a point of the car; its origin is
 * the centre of gravity less that centre's place in the car, along the world's axes and not the car's: a quirk of
 * TORCS 1.3.7, src/modules/simu/simuv2/simu.cpp, SimUpdate.
 */
export function toWorld(pose: CarPose, x: number, y: number, z: number, into: Float64Array): void {
  const turnedX = x * Math.cos(pose.pitch) + z * Math.sin(pose.pitch);
  const up = -x * Math.sin(pose.pitch) + z * Math.cos(pose.pitch);
  const turnedY = y * Math.cos(pose.roll) - up * Math.sin(pose.roll);
  const cos = Math.cos(pose.yaw);
  const sin = Math.sin(pose.yaw);
  into[0] = pose.x - CENTRE_OF_GRAVITY_X_M + turnedX * cos - turnedY * sin;
  into[1] = pose.y + turnedX * sin + turnedY * cos;
  into[2] = pose.z - CENTRE_OF_GRAVITY_HEIGHT_M + y * Math.sin(pose.roll) + up * Math.cos(pose.roll);
}

/** Where the camera is and how it is turned: unit vectors to the right, up and forward. */
export class Eye {
  readonly position = new Float64Array(3);
  readonly right = new Float64Array(3);
  readonly up = new Float64Array(3);
  readonly forward = new Float64Array(3);
  readonly #aim = new Float64Array(3);

  /** @param groundZ height of the ground under the camera, for the cameras behind the car */
  place(view: CameraView, pose: CarPose, groundZ: number): void {
    const { behind } = VIEWS[view];
    const up = this.up;
    up[0] = 0;
    up[1] = 0;
    up[2] = 1;
    if (behind > 0) {
      const cos = Math.cos(pose.yaw);
      const sin = Math.sin(pose.yaw);
      this.position[0] = pose.x - behind * cos;
      this.position[1] = pose.y - behind * sin;
      this.position[2] = groundZ + BEHIND_HEIGHT_M;
      this.#aim[0] = pose.x + (BEHIND_AIM_M - behind) * cos;
      this.#aim[1] = pose.y + (BEHIND_AIM_M - behind) * sin;
      this.#aim[2] = pose.z;
    } else {
      toWorld(pose, EYE.x, EYE.y, EYE.z, this.position);
      toWorld(pose, EYE.x + 30, EYE.y, EYE.z, this.#aim);
      if (view !== 'bonnet') {
        toWorld(pose, EYE.x, EYE.y, EYE.z + 1, up);
        for (let i = 0; i < 3; i++) up[i] = up[i]! - this.position[i]!;
      }
    }
    for (let i = 0; i < 3; i++) this.forward[i] = this.#aim[i]! - this.position[i]!;
    normalize(this.forward);
    cross(this.forward, up, this.right);
    normalize(this.right);
    cross(this.right, this.forward, up);
  }
}

function normalize(vector: Float64Array): void {
  const length = Math.hypot(vector[0]!, vector[1]!, vector[2]!);
  for (let i = 0; i < 3; i++) vector[i] = vector[i]! / length;
}

function cross(a: Float64Array, b: Float64Array, into: Float64Array): void {
  const x = a[1]! * b[2]! - a[2]! * b[1]!;
  const y = a[2]! * b[0]! - a[0]! * b[2]!;
  const z = a[0]! * b[1]! - a[1]! * b[0]!;
  into[0] = x;
  into[1] = y;
  into[2] = z;
}
