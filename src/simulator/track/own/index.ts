import type { OwnTrack } from './design.ts';
import { dirtTracks } from './dirt.ts';
import { ovals } from './ovals.ts';
import { roadCourses } from './road.ts';

export type { OwnTrack, TrackSplit } from './design.ts';

/** The tracks that come with torcs-pilot. */
export const ownTracks: readonly OwnTrack[] = [...ovals, ...roadCourses, ...dirtTracks];

/** An easy wide oval: what is driven when nobody names a track. */
export const DEFAULT_TRACK_NAME = 'harbour-oval';
