import type { FilmFile, FilmFormat } from './film-file.ts';
import { GapMeter } from './gap-meter.ts';
import type { FilmMoment } from './moment.ts';
import { Pane, type PaneOptions } from './pane.ts';
import { copyInto, fillBox, type Picture } from './raster/picture.ts';

export interface FilmOptions extends FilmFormat {
  /** One drive, or two side by side: the left one first; each gets half of the width. */
  readonly drives: readonly [PaneOptions] | readonly [PaneOptions, PaneOptions];
  /** Takes the pictures; it is neither finished nor abandoned here. */
  readonly file: Pick<FilmFile, 'write'>;
  /** How long the last picture stays, s. Default 2: time to read how it ended. */
  readonly closingS?: number;
  /** Ends the film after the picture under way. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each picture. */
  readonly onPicture?: (frames: number, timeS: number) => void;
}

export interface FilmSummary {
  /** Pictures in the film, those at its end that stand still among them. */
  readonly frames: number;
  readonly durationS: number;
  readonly drives: readonly {
    /** The last moment that was shown. */
    readonly last: FilmMoment | undefined;
    /** Moments of the drive. */
    readonly moments: number;
  }[];
  /** Seconds that the first drive was ahead at the end. */
  readonly gapS: number | undefined;
}

/**
 * Films drives at a constant rate of their simulated time: picture k shows the first moment at or after k / fps seconds,
 * whatever the wall clock does. Two drives run by the same clock, and the one that ends first stands still.
 */
export async function shootFilm(options: FilmOptions): Promise<FilmSummary> {
  const { width, height, fps, drives, file, closingS = 2, signal, onPicture } = options;
  const meter = drives.length === 2 ? new GapMeter() : undefined;
  const paneWidth = width / drives.length;
  const panes = drives.map((drive, i) => {
    let startM: number | undefined;
    const onMoment = (moment: FilmMoment) => {
      startM ??= startOf(moment, drive);
      meter?.observe(i as 0 | 1, { distanceM: startM + moment.distanceM, timeS: moment.timeS });
      drive.onMoment?.(moment);
    };
    return new Pane({ ...drive, onMoment }, paneWidth, height);
  });
  const paneSize = paneWidth * height * 3;
  const panePictures = panes.map((): Picture => ({ width: paneWidth, height, data: new Uint8Array(paneSize) }));
  // One is drawn while the other is on its way to the encoder.
  const frames = [0, 1].map((): Picture => ({ width, height, data: new Uint8Array(width * height * 3) }));
  let current = frames[0]!;
  let count = 0;
  const write = async () => {
    await file.write(current.data);
    count++;
  };
  try {
    while (signal?.aborted !== true) {
      const timeS = count / fps;
      const news = await Promise.all(panes.map((pane) => pane.advance(timeS)));
      if (news.includes(true)) {
        current = current === frames[0] ? frames[1]! : frames[0]!;
        await drawPanes(panes, panePictures, current, meter?.gapS());
      }
      await write();
      onPicture?.(count, timeS);
      if (panes.every((pane) => pane.isOver)) break;
    }
    const closing = signal?.aborted === true ? 0 : Math.round(closingS * fps);
    for (let i = 0; i < closing; i++) await write();
    return {
      frames: count,
      durationS: count / fps,
      drives: panes.map(({ moment: last, moments }) => ({ last, moments })),
      gapS: meter?.gapS(),
    };
  } finally {
    await Promise.all(panes.map((pane) => pane.close()));
  }
}

/** Where a drive begins, m from the start line; before the line, as on the grid, below 0. */
function startOf({ sensors, distanceM }: FilmMoment, { fromGrid, lapLengthM }: PaneOptions): number {
  const { distFromStart } = sensors;
  const isBehind = fromGrid && distFromStart > lapLengthM / 2;
  return (isBehind ? distFromStart - lapLengthM : distFromStart) - distanceM;
}

async function drawPanes(
  panes: readonly Pane[],
  pictures: readonly Picture[],
  frame: Picture,
  gapS: number | undefined,
): Promise<void> {
  if (panes.length === 1) {
    await panes[0]!.draw(frame);
    return;
  }
  for (const [i, pane] of panes.entries()) {
    const sensors = panes[1 - i]!.moment?.sensors;
    const other = sensors && { distFromStartM: sensors.distFromStart, trackPos: sensors.trackPos };
    await pane.draw(pictures[i]!, { gapS: i === 0 || gapS === undefined ? gapS : -gapS, other });
    copyInto(frame, pictures[i]!, i * pictures[i]!.width, 0);
  }
  fillBox(frame, { x: frame.width / 2 - 1, y: 0, width: 2, height: frame.height }, [11, 15, 20]);
}
