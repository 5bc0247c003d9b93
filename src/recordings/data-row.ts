import * as format from './format.ts';
import type { FrameRecord } from './frame-record.ts';
import type { Row } from './parquet.ts';
import { isPlainValue } from './tables.ts';

/** Where a frame stands in the dataset. */
export interface FramePlace {
  readonly episode: number;
  /** Within the episode. */
  readonly frame: number;
  /** Within the dataset. */
  readonly index: number;
  readonly taskIndex: number;
}

/** The numbers of a row by feature; truth values are 0 and 1. */
export type RowValues = Readonly<Record<string, ArrayLike<number>>>;

export function rowValues(frame: FrameRecord, place: FramePlace, fps: number): RowValues {
  return {
    [format.STATE_KEY]: frame.state,
    [format.SENSORS_KEY]: frame.sensors,
    [format.ACTION_KEY]: frame.action,
    [format.EXPERT_ACTION_KEY]: frame.expertAction,
    [format.REWARD_KEY]: [frame.reward],
    [format.DONE_KEY]: [frame.terminated || frame.truncated ? 1 : 0],
    [format.TERMINATED_KEY]: [frame.terminated ? 1 : 0],
    [format.TRUNCATED_KEY]: [frame.truncated ? 1 : 0],
    [format.TICK_KEY]: [frame.tick],
    [format.TICK_TIME_KEY]: [frame.tickTimeS],
    // LeRobot's rule: the frame's number over the rate, whatever the clock said.
    timestamp: [place.frame / fps],
    frame_index: [place.frame],
    episode_index: [place.episode],
    index: [place.index],
    task_index: [place.taskIndex],
  };
}

/** The row of the data table: a cell per feature that is no video, in the features' order. */
export function dataRow(features: format.Features, values: RowValues, png: Uint8Array, frame: number): Row {
  return Object.entries(features)
    .filter(([, { dtype }]) => dtype !== 'video')
    .map(([key, feature]) =>
      feature.dtype === 'image' ? pictureCell(png, frame) : numberCell(feature, values[key] ?? []),
    );
}

function numberCell(feature: format.Feature, values: ArrayLike<number>): unknown {
  if (!isPlainValue(feature)) return Array.from(values);
  const first = values[0] as number;
  if (feature.dtype === 'int64') return BigInt(first);
  return feature.dtype === 'bool' ? first !== 0 : first;
}

/** The picture as `datasets.Image` embeds it; the payload's memory is the journal reader's, so it is copied. */
function pictureCell(png: Uint8Array, frame: number): { bytes: Uint8Array; path: string } {
  return { bytes: Uint8Array.from(png), path: `frame-${String(frame).padStart(6, '0')}.png` };
}
