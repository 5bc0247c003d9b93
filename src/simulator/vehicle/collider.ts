import type { TrackPosition } from '../query/track-position.ts';
import type { Body } from './body.ts';
import type { CarSpecification } from './specification.ts';
import type { Wheel } from './wheel.ts';

/** What hits need of a car. */
export interface Collider {
  readonly specification: CarSpecification;
  readonly body: Body;
  readonly wheels: readonly Wheel[];
  /** Where the centre of gravity is on the track. */
  readonly position: TrackPosition;
  /** For questions within a step. */
  readonly probe: TrackPosition;
  /** 1 when the car was pushed off something in this step already. */
  blocked: number;
  /** Adds whole points of damage; fractions are dropped. */
  addDamage(points: number): void;
}
