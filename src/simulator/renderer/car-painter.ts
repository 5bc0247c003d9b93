import { mix, rgb } from './canvas.ts';
import { WHITE } from './colors.ts';
import { fog } from './fog.ts';
import type { Projector } from './projector.ts';
import { type CarPose, toWorld } from './view.ts';

const GLASS = rgb(46, 50, 60);
const TYRE = rgb(30, 30, 32);
const LIGHT = rgb(190, 40, 40);
const PLATE = rgb(206, 206, 206);
const SHADOW = rgb(38, 38, 40);
const BODY = -1;
/** Stations from the tail to the nose: place, half width, lower and upper edge, m: car1-trb1, 4.5 × 1.94 m. */
const HULL = [
  [-2.2, 0.78, 0.3, 0.82],
  [-1.5, 0.95, 0.16, 0.86],
  [0.6, 0.95, 0.16, 0.78],
  [1.6, 0.93, 0.16, 0.63],
  [2.25, 0.72, 0.2, 0.41],
] as const;
/** The cabin's foot and roof: rear, front, half width, height, m. */
const CABIN = { foot: [-1.7, 1.15, 0.78, 0.8], roof: [-0.75, 0.25, 0.55, 1.14] } as const;

type Corner = readonly [number, number, number];
interface Face {
  /** Clockwise as seen from outside. */
  readonly corners: readonly Corner[];
  readonly color: number;
  /** How much darker than the paint, of 256; negative: lighter. */
  readonly shade: number;
}

function buildFaces(): Face[] {
  const faces: Face[] = [];
  const add = (color: number, shade: number, ...corners: Corner[]) => faces.push({ corners, color, shade });
  const box = (rear: number, front: number, left: number, right: number, low: number, high: number, color: number) => {
    add(color, 60, [rear, left, high], [rear, right, high], [rear, right, low], [rear, left, low]);
    add(color, 30, [front, right, high], [front, left, high], [front, left, low], [front, right, low]);
    add(color, 45, [front, left, high], [rear, left, high], [rear, left, low], [front, left, low]);
    add(color, 45, [rear, right, high], [front, right, high], [front, right, low], [rear, right, low]);
    add(color, 0, [front, left, high], [front, right, high], [rear, right, high], [rear, left, high]);
  };
  for (const x of [-1.42, 1.22]) for (const y of [0.94, -0.68]) box(x - 0.32, x + 0.32, y, y - 0.26, 0, 0.6, TYRE);
  for (let i = 1; i < HULL.length; i++) {
    const [x0, w0, l0, h0] = HULL[i - 1]!;
    const [x1, w1, l1, h1] = HULL[i]!;
    add(BODY, -70, [x1, w1, h1], [x1, -w1, h1], [x0, -w0, h0], [x0, w0, h0]);
    add(BODY, 50, [x1, w1, h1], [x0, w0, h0], [x0, w0, l0], [x1, w1, l1]);
    add(BODY, 50, [x0, -w0, h0], [x1, -w1, h1], [x1, -w1, l1], [x0, -w0, l0]);
  }
  const [tail, tailWidth, tailLow, tailHigh] = HULL[0];
  add(
    BODY,
    40,
    [tail, tailWidth, tailHigh],
    [tail, -tailWidth, tailHigh],
    [tail, -tailWidth, tailLow],
    [tail, tailWidth, tailLow],
  );
  for (const y of [0.7, -0.42])
    add(
      LIGHT,
      0,
      [tail - 0.15, y, 0.68],
      [tail - 0.15, y - 0.28, 0.68],
      [tail - 0.15, y - 0.28, 0.54],
      [tail - 0.15, y, 0.54],
    );
  // Number plate and the dark of the exhausts.
  add(PLATE, 0, [tail - 0.15, 0.3, 0.5], [tail - 0.15, -0.3, 0.5], [tail - 0.15, -0.3, 0.4], [tail - 0.15, 0.3, 0.4]);
  add(
    TYRE,
    0,
    [tail - 0.15, 0.68, 0.36],
    [tail - 0.15, -0.68, 0.36],
    [tail - 0.15, -0.68, 0.28],
    [tail - 0.15, 0.68, 0.28],
  );
  const [nose, noseWidth, noseLow, noseHigh] = HULL[4];
  add(
    BODY,
    30,
    [nose, -noseWidth, noseHigh],
    [nose, noseWidth, noseHigh],
    [nose, noseWidth, noseLow],
    [nose, -noseWidth, noseLow],
  );
  const [rear, front, width, low] = CABIN.foot;
  const [roofRear, roofFront, roofWidth, high] = CABIN.roof;
  add(GLASS, 0, [roofRear, roofWidth, high], [roofRear, -roofWidth, high], [rear, -width, low], [rear, width, low]);
  add(GLASS, 0, [roofFront, -roofWidth, high], [roofFront, roofWidth, high], [front, width, low], [front, -width, low]);
  add(GLASS, 30, [roofFront, roofWidth, high], [roofRear, roofWidth, high], [rear, width, low], [front, width, low]);
  add(
    GLASS,
    30,
    [roofRear, -roofWidth, high],
    [roofFront, -roofWidth, high],
    [front, -width, low],
    [rear, -width, low],
  );
  add(
    BODY,
    0,
    [roofFront, roofWidth, high],
    [roofFront, -roofWidth, high],
    [roofRear, -roofWidth, high],
    [roofRear, roofWidth, high],
  );
  box(-2.25, -1.95, 0.9, -0.9, 0.98, 1.03, BODY);
  return faces;
}

const FACES = buildFaces();
const SHADOW_CORNERS: readonly Corner[] = [
  [2.3, 1, 0.01],
  [2.3, -1, 0.01],
  [-2.3, -1, 0.01],
  [-2.3, 1, 0.01],
];
const order = FACES.map((_, index) => index);
const depths = new Float64Array(FACES.length);
const point = new Float64Array(3);

/** Paints a car from outside: its shadow, then its faces from the farthest to the nearest. */
export function paintCar(projector: Projector, pose: CarPose, color: number, distance: number): void {
  corners(projector, pose, SHADOW_CORNERS);
  projector.fillCorners(4, fog(SHADOW, distance), false);
  const { position } = projector.eye;
  for (const [index, face] of FACES.entries()) {
    let square = 0;
    for (let axis = 0; axis < 3; axis++) point[axis] = 0;
    let x = 0;
    let y = 0;
    let z = 0;
    for (const [cx, cy, cz] of face.corners) {
      x += cx / face.corners.length;
      y += cy / face.corners.length;
      z += cz / face.corners.length;
    }
    toWorld(pose, x, y, z, point);
    for (let axis = 0; axis < 3; axis++) square += (point[axis]! - position[axis]!) ** 2;
    depths[index] = square;
  }
  order.sort((a, b) => depths[b]! - depths[a]!);
  for (const index of order) {
    const face = FACES[index]!;
    corners(projector, pose, face.corners);
    const paint = face.color === BODY ? color : face.color;
    projector.fillCorners(
      face.corners.length,
      fog(face.shade < 0 ? mix(paint, WHITE, -face.shade) : mix(paint, 0, face.shade), distance),
      false,
    );
  }
}

function corners(projector: Projector, pose: CarPose, list: readonly Corner[]): void {
  for (let i = 0; i < list.length; i++) {
    const [x, y, z] = list[i]!;
    toWorld(pose, x, y, z, point);
    projector.corner(i, point[0]!, point[1]!, point[2]!);
  }
}
