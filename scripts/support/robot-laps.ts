import { readFileSync } from 'node:fs';

interface RobotLaps {
  readonly provenance: string;
  readonly tracks: Readonly<Record<string, { readonly robot: string; readonly bestLapS: number }>>;
}

/** The best lap of the game's own robots on each of its tracks, on our car. */
export const robotLaps = JSON.parse(
  readFileSync(new URL('../stock-robot-lap-times.json', import.meta.url), 'utf8'),
) as RobotLaps;

/** A lap as a multiple of the best robot's; undefined: there is no such lap, or no robot's. */
export function ratioToRobot(track: string, lapS: number | null | undefined): number | undefined {
  const robot = robotLaps.tracks[track];
  return lapS == null || robot === undefined ? undefined : lapS / robot.bestLapS;
}
