import type { LapSample } from '../../plots/index.ts';
import type { DriveStep } from './read-drive.ts';

const MS_PER_KMH = 1 / 3.6;

/** A whole lap, from the start line to the start line. */
export interface DrivenLap {
  readonly timeS: number;
  readonly samples: readonly LapSample[];
}

/** The whole laps of a drive, timed from line to line; the crossings lie between steps and are interpolated. */
export function lapsOf(steps: readonly DriveStep[], lengthM: number): readonly DrivenLap[] {
  const laps: DrivenLap[] = [];
  let begin: { readonly at: number; readonly timeS: number } | undefined;
  for (let at = 1; at < steps.length; at++) {
    const [before, after] = [steps[at - 1]!, steps[at]!];
    if (before.distFromStart - after.distFromStart <= lengthM / 2) continue;
    const left = lengthM - before.distFromStart;
    const timeS = before.timeS + (left / (left + after.distFromStart)) * (after.timeS - before.timeS);
    if (begin !== undefined) laps.push(lapOf(steps.slice(begin.at, at), begin.timeS, timeS));
    begin = { at, timeS };
  }
  if (begin === undefined) return laps;
  const timeS = finishTimeS(steps, lengthM);
  return timeS === undefined ? laps : [...laps, lapOf(steps.slice(begin.at), begin.timeS, timeS)];
}

/** A drive that ends with a lap has no step behind the line: the last one is within a step of it. */
function finishTimeS(steps: readonly DriveStep[], lengthM: number): number | undefined {
  const [before, last] = [steps.at(-2)!, steps.at(-1)!];
  const leftM = lengthM - last.distFromStart;
  const leftS = leftM / Math.max(1, last.speedKmh * MS_PER_KMH);
  return leftS <= 1.5 * (last.timeS - before.timeS) ? last.timeS + leftS : undefined;
}

function lapOf(steps: readonly DriveStep[], beginS: number, endS: number): DrivenLap {
  const samples = steps.map(({ distFromStart, timeS, speedKmh, steer, accelerate, brake }) => ({
    distanceM: distFromStart,
    timeS: timeS - beginS,
    speedKmh,
    steer,
    accelerate,
    brake,
  }));
  return { timeS: endS - beginS, samples };
}
