import type { AxleSpecification, CarSpecification } from './specification.ts';

/** Degrees and revolutions per minute as the game converts them (TORCS 1.3.7, src/libs/tgf/params.cpp). */
const DEGREE = Math.PI / 180;
const RPM = 0.104719755;
/** lbs/in as the game converts it: no gravity in it. */
const POUND_PER_INCH = 0.45359237 / 0.0254;
const INCH = 0.0254;

const axle: Omit<
  AxleSpecification,
  | 'x'
  | 'halfTrackM'
  | 'axleInertia'
  | 'rollCenterM'
  | 'tyreWidthM'
  | 'tyreAspect'
  | 'rideHeightM'
  | 'camberRad'
  | 'slowBump'
  | 'slowRebound'
  | 'brakeDiscDiameterM'
  | 'brakePistonAreaM2'
> = {
  rimDiameterM: 18 * INCH,
  wheelInertia: 1.22,
  wheelMassKg: 20,
  toeRad: 0,
  tyreMu: 1.6,
  tyreStiffness: 20,
  tyreDynamicFriction: 0.8,
  tyreElasticity: 0.7,
  loadFactorMax: 1.6,
  loadFactorMin: 0.8,
  spring: 5500 * POUND_PER_INCH,
  bellcrank: 1.1,
  courseM: 0.2,
  packersM: 0,
  fastBump: 60 * POUND_PER_INCH,
  fastRebound: 60 * POUND_PER_INCH,
  damperThreshold: 0.5,
  antiRollSpring: 0,
  brakeMu: 0.4,
};

/**
 * The car that every SCR driver gets. Source: TORCS 1.3.7's data, cars/car1-trb1/car1-trb1.xml merged with
 * categories/trb1.xml, and simuv2's defaults for what neither file names.
 */
export const CAR1_TRB1: CarSpecification = {
  name: 'car1-trb1',
  lengthM: 4.52,
  widthM: 1.94,
  heightM: 1.1,
  massKg: 1150,
  centerOfGravityHeightM: 0.25,
  frontShare: 0.52,
  massRepartition: 0.62,
  tankL: 94,
  initialFuelL: 94,
  fuelConsumption: 1.19,
  torqueCurve: [
    [0, 100],
    [1000 * RPM, 160],
    [2000 * RPM, 190],
    [3000 * RPM, 280],
    [4000 * RPM, 350],
    [5000 * RPM, 405],
    [6000 * RPM, 443],
    [7000 * RPM, 465],
    [8000 * RPM, 483],
    [9000 * RPM, 415],
    [10000 * RPM, 360],
  ],
  limiter: 9152 * RPM,
  maxEngineSpeed: 10000 * RPM,
  tickover: 900 * RPM,
  engineInertia: 0.2,
  engineBrake: 0.33,
  shiftTimeS: 0.15,
  gears: [
    { ratio: -4, inertia: 0.0037, efficiency: 0.957 },
    { ratio: 0, inertia: 0, efficiency: 1 },
    { ratio: 3, inertia: 0.003, efficiency: 0.955 },
    { ratio: 1.9, inertia: 0.0037, efficiency: 0.957 },
    { ratio: 1.4, inertia: 0.0048, efficiency: 0.95 },
    { ratio: 1.1, inertia: 0.0064, efficiency: 0.983 },
    { ratio: 0.9, inertia: 0.0107, efficiency: 0.948 },
    { ratio: 0.77, inertia: 0.015, efficiency: 0.94 },
  ],
  finalRatio: 4.5,
  slipBias: 0.03,
  lockingTorque: 5000,
  lockingBrakeTorque: 1500,
  steerLockRad: 21 * DEGREE,
  steerSpeed: 360 * DEGREE,
  brakePressure: 29_000_000,
  brakeFrontShare: 0.54,
  dragCoefficient: 0.35,
  frontAreaM2: 1.92,
  frontLift: 0.69,
  rearLift: 0.7,
  frontWing: { areaM2: 0.25, angleRad: 6 * DEGREE, x: 2.2, z: 0.04 },
  rearWing: { areaM2: 0.7, angleRad: 14 * DEGREE, x: -2.01, z: 0.99 },
  front: {
    ...axle,
    x: 1.22,
    halfTrackM: 0.84,
    axleInertia: 0.0056,
    rollCenterM: 0.07,
    tyreWidthM: 0.255,
    tyreAspect: 0.4,
    rideHeightM: 0.09,
    camberRad: -4 * DEGREE,
    slowBump: 400 * POUND_PER_INCH,
    slowRebound: 300 * POUND_PER_INCH,
    brakeDiscDiameterM: 0.38,
    brakePistonAreaM2: 50e-4,
  },
  rear: {
    ...axle,
    x: -1.42,
    halfTrackM: 0.8,
    axleInertia: 0.008,
    rollCenterM: 0.09,
    tyreWidthM: 0.33,
    tyreAspect: 0.3,
    rideHeightM: 0.105,
    camberRad: -3 * DEGREE,
    slowBump: 300 * POUND_PER_INCH,
    slowRebound: 400 * POUND_PER_INCH,
    brakeDiscDiameterM: 0.33,
    brakePistonAreaM2: 25e-4,
  },
};
