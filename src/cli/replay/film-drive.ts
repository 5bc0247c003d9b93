import type { FilmMoment, SeenContent, TrackOutline } from '../../video/index.ts';

/** A drive that can be filmed: from a policy that drives now, or from a recording. */
export interface FilmDrive {
  /** Who drives. */
  readonly driver: string;
  /** What tells it from another of the same name: of a policy, its run's folder. */
  readonly alias: string;
  readonly simulator: string;
  readonly track: string;
  /** Undefined where the track is not known on this machine. */
  readonly outline: TrackOutline | undefined;
  /** Of a lap, m. */
  readonly lapLengthM: number;
  readonly fromGrid: boolean;
  /** Laps to drive; undefined where that is not known. */
  readonly laps: number | undefined;
  readonly rangeFinderAnglesDeg: readonly number[];
  /** How the driver perceives. */
  readonly seen: SeenContent;
  /** Whether its moments tell what moves the steering. */
  readonly hasSaliency: boolean;
  /** Whether its moments tell what a critic expects. */
  readonly hasValue: boolean;
  /** The drive, once; its last moment says how it ended. */
  moments(): AsyncGenerator<FilmMoment>;
  /** Ends everything that belongs to it. */
  close(): Promise<void>;
}
