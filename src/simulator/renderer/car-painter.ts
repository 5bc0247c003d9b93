import { mix, rgb } from './canvas.ts';
import type { Projector } from './projector.ts';
import { fog } from './track-painter.ts';
import { type CarPose, CENTRE_OF_GRAVITY_HEIGHT_M, toWorld } from './view.ts';

const GLASS = rgb(40, 48, 58);
/** Half length, half width, bottom and top over the ground, m: the outside of car1-trb1 (4.52 × 1.94 m), and its cabin. */
const BODY = [2.26, 0.97, 0.15, 0.72] as const;
const CABIN = [0.95, 0.75, 0.72, 1.15] as const;
/** Corners of each face (bit 0: front, bit 1: left, bit 2: top), its outward normal and how much darker it is, of 256. */
const FACES = [
  { corners: [4, 5, 7, 6], normal: [0, 0, 1], shade: 0 },
  { corners: [1, 3, 7, 5], normal: [1, 0, 0], shade: 60 },
  { corners: [0, 2, 6, 4], normal: [-1, 0, 0], shade: 90 },
  { corners: [2, 3, 7, 6], normal: [0, 1, 0], shade: 40 },
  { corners: [0, 1, 5, 4], normal: [0, -1, 0], shade: 75 },
] as const;
const point = new Float64Array(3);
const tip = new Float64Array(3);

/** Paints a car as two shaded boxes; from inside (`cabin` false) only its body. */
export function paintCar(
  projector: Projector,
  eye: Float64Array,
  pose: CarPose,
  color: number,
  distance: number,
  cabin: boolean,
): void {
  paintBox(projector, eye, pose, BODY, color, distance);
  if (cabin) paintBox(projector, eye, pose, CABIN, GLASS, distance);
}

function paintBox(
  projector: Projector,
  eye: Float64Array,
  pose: CarPose,
  [length, width, bottom, top]: readonly [number, number, number, number],
  color: number,
  distance: number,
): void {
  const ground = CENTRE_OF_GRAVITY_HEIGHT_M;
  for (const { corners, normal, shade } of FACES) {
    const middle = (bottom + top) / 2 - ground;
    const half = (top - bottom) / 2;
    const [nx, ny, nz] = normal;
    toWorld(pose, nx * length, ny * width, middle + nz * half, point);
    toWorld(pose, nx * (length + 1), ny * (width + 1), middle + nz * (half + 1), tip);
    let facing = 0;
    for (let i = 0; i < 3; i++) facing += (tip[i]! - point[i]!) * (eye[i]! - point[i]!);
    if (facing <= 0) continue;
    for (let i = 0; i < 4; i++) {
      const bits = corners[i]!;
      toWorld(
        pose,
        (bits & 1) === 1 ? length : -length,
        (bits & 2) === 2 ? width : -width,
        ((bits & 4) === 4 ? top : bottom) - ground,
        point,
      );
      projector.corner(i, point[0]!, point[1]!, point[2]!);
    }
    projector.fill(fog(mix(color, 0, shade), distance));
  }
}
