import { type Corner, layOut, type RunOff } from '../layout.ts';
import { standardMaterials } from '../materials.ts';
import type { TrackSpecification } from '../specification.ts';

/** Which part of our own tracks a track belongs to, once and for all: nothing is tuned on `test`. */
export type TrackSplit = 'train' | 'validation' | 'test';

export interface OwnTrack {
  readonly split: TrackSplit;
  readonly specification: TrackSpecification;
}

export interface OwnDesign {
  readonly name: string;
  readonly title: string;
  readonly category: 'road' | 'oval' | 'dirt';
  readonly split: TrackSplit;
  readonly description: string;
  /** m. */
  readonly width: number;
  readonly runOff: RunOff;
  /** Width of the kerbs, m. Default 1; on dirt there are none. */
  readonly borderWidth?: number;
  readonly startAt?: number;
  readonly barrier?: 'fence' | 'wall';
  /** Drive the drawing's mirror image: drawings turn left, which makes this one turn right. Default false. */
  readonly mirrored?: boolean;
  readonly corners: readonly Corner[];
}

/** Makes a specification of a drawing. */
export function ownTrack(design: OwnDesign): OwnTrack {
  const dirt = design.category === 'dirt';
  const barrier = (design.barrier ?? 'wall') === 'wall';
  const side = {
    banking: 'tangent' as const,
    barrier: barrier
      ? ({ style: 'wall', width: 0.4, height: 0.9, surface: 'wall' } as const)
      : ({ style: 'fence', height: 1, surface: 'barrier' } as const),
  };
  const drawn = design.mirrored === true ? design.corners.map(mirror) : design.corners;
  const corners = dirt ? drawn.map((corner) => ({ ...corner, kerbs: false })) : drawn;
  return {
    split: design.split,
    specification: {
      name: design.name,
      title: design.title,
      category: design.category,
      author: 'torcs-pilot',
      description: design.description,
      width: design.width,
      surface: dirt ? 'dirt' : 'asphalt',
      stepLength: 10,
      materials: { ...standardMaterials },
      left: side,
      right: side,
      segments: layOut(corners, {
        startAt: design.startAt ?? 0.5,
        runOff: design.runOff,
        borderWidth: dirt ? 0 : (design.borderWidth ?? 1),
        borderSurface: 'grass',
      }),
    },
  };
}

function mirror({ left, right, ...corner }: Corner): Corner {
  return {
    ...corner,
    y: -corner.y,
    ...(right === undefined ? {} : { left: right }),
    ...(left === undefined ? {} : { right: left }),
  };
}
