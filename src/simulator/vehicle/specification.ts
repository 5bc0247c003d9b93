/** One axle's wheels, suspension and brakes; both sides are alike. */
export interface AxleSpecification {
  /** Distance ahead of the file's origin, m, negative behind. */
  readonly x: number;
  /** Distance of each wheel from the middle, m. */
  readonly halfTrackM: number;
  readonly axleInertia: number;
  readonly rollCenterM: number;
  readonly rimDiameterM: number;
  readonly tyreWidthM: number;
  /** Height of the tyre's wall over its width. */
  readonly tyreAspect: number;
  readonly wheelInertia: number;
  readonly wheelMassKg: number;
  readonly rideHeightM: number;
  readonly camberRad: number;
  readonly toeRad: number;
  readonly tyreMu: number;
  readonly tyreStiffness: number;
  readonly tyreDynamicFriction: number;
  readonly tyreElasticity: number;
  readonly loadFactorMax: number;
  readonly loadFactorMin: number;
  /** Spring, N/m; dampers, N·s/m below and above the threshold, m/s. */
  readonly spring: number;
  readonly bellcrank: number;
  readonly courseM: number;
  readonly packersM: number;
  readonly slowBump: number;
  readonly slowRebound: number;
  readonly fastBump: number;
  readonly fastRebound: number;
  readonly damperThreshold: number;
  /** Anti-roll bar, N/m. */
  readonly antiRollSpring: number;
  readonly brakeDiscDiameterM: number;
  readonly brakePistonAreaM2: number;
  readonly brakeMu: number;
}

export interface GearSpecification {
  readonly ratio: number;
  readonly inertia: number;
  readonly efficiency: number;
}

export interface WingSpecification {
  readonly areaM2: number;
  readonly angleRad: number;
  readonly x: number;
  readonly z: number;
}

/** A rear-driven car as simuv2 knows it, in SI units. */
export interface CarSpecification {
  readonly name: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly massKg: number;
  readonly centerOfGravityHeightM: number;
  /** Share of the weight on the front axle. */
  readonly frontShare: number;
  readonly massRepartition: number;
  readonly tankL: number;
  readonly initialFuelL: number;
  readonly fuelConsumption: number;
  /** Engine speeds in rad/s and torques in N·m, by rising speed. */
  readonly torqueCurve: readonly (readonly [number, number])[];
  readonly limiter: number;
  readonly maxEngineSpeed: number;
  readonly tickover: number;
  readonly engineInertia: number;
  readonly engineBrake: number;
  readonly shiftTimeS: number;
  /** Reverse, neutral, first, second, … */
  readonly gears: readonly GearSpecification[];
  readonly finalRatio: number;
  readonly slipBias: number;
  readonly lockingTorque: number;
  readonly lockingBrakeTorque: number;
  readonly steerLockRad: number;
  readonly steerSpeed: number;
  readonly brakePressure: number;
  readonly brakeFrontShare: number;
  readonly dragCoefficient: number;
  readonly frontAreaM2: number;
  readonly frontLift: number;
  readonly rearLift: number;
  readonly frontWing: WingSpecification;
  readonly rearWing: WingSpecification;
  readonly front: AxleSpecification;
  readonly rear: AxleSpecification;
}
