import type { OwnTrack } from './design.ts';
import { ovals } from './ovals.ts';

export type { OwnTrack, TrackSplit } from './design.ts';

/** The tracks that come with torcs-pilot. */
export const ownTracks: readonly OwnTrack[] = [...ovals];
