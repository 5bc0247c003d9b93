import type { EpisodeSummary } from '../../core/index.ts';
import type { DrivingInfo } from '../../environments/index.ts';
import type { Start } from './protocol.ts';
import { meanOf } from './statistics.ts';

/** What came of one episode. */
export interface DrivingEpisode {
  /** Distance from the start line, m; null: on the starting grid. */
  readonly startDistanceM: number | null;
  /** Why it ended: `laps-done` when two laps were driven; else as the environment says. */
  readonly outcome: string;
  readonly lapTimesS: readonly number[];
  readonly distanceM: number;
  readonly damage: number;
  readonly return: number;
}

/** What came of a track's episodes. */
export interface TrackReport {
  readonly track: string;
  readonly episodes: number;
  /** Episodes in which at least one whole lap was driven. */
  readonly lapped: number;
  /** s; null: no lap. */
  readonly bestLapS: number | null;
  readonly meanReturn: number;
  readonly meanDistanceM: number;
  /** How many episodes ended so. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly starts: readonly DrivingEpisode[];
}

/** @param summaries of the first episodes of `starts`, in order */
export function reportTracks(starts: readonly Start[], summaries: readonly EpisodeSummary[]): readonly TrackReport[] {
  const tracks = [...new Set(starts.map(({ track }) => track))];
  return tracks.flatMap((track) => {
    const episodes = summaries.filter((_, i) => starts[i]!.track === track).map(episodeOf);
    return episodes.length === 0 ? [] : [reportTrack(track, episodes)];
  });
}

export function episodeOf({ info, returnSum }: EpisodeSummary): DrivingEpisode {
  const { startDistanceM, reason, lapTimesS, distanceM, damage } = info as DrivingInfo;
  return {
    startDistanceM,
    outcome: reason ?? 'interrupted',
    // The game's clock counts in steps of 2 ms; sums of them carry more digits than that.
    lapTimesS: lapTimesS.map((lapTimeS) => Math.round(lapTimeS * 1000) / 1000),
    distanceM,
    damage,
    return: returnSum,
  };
}

function reportTrack(track: string, starts: readonly DrivingEpisode[]): TrackReport {
  const laps = starts.flatMap(({ lapTimesS }) => lapTimesS);
  const outcomes: Record<string, number> = {};
  for (const { outcome } of starts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    track,
    episodes: starts.length,
    lapped: starts.filter(({ lapTimesS }) => lapTimesS.length > 0).length,
    bestLapS: laps.length === 0 ? null : Math.min(...laps),
    meanReturn: meanOf(starts.map((episode) => episode.return)),
    meanDistanceM: meanOf(starts.map(({ distanceM }) => distanceM)),
    outcomes,
    starts,
  };
}
