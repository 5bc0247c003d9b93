import { systemClock } from '../../core/index.ts';
import {
  FilmFile,
  FilmOverlay,
  type FilmPane,
  type FilmSummary,
  layOutFilm,
  makeMovingPicture,
  shootFilm,
  TrackMap,
} from '../../video/index.ts';
import { Cleanup } from '../cleanup.ts';
import { InterruptedError } from '../failure.ts';
import type { FilmDrive } from './film-drive.ts';
import { type OpenOptions, openDrives, type ReplaySubject } from './open-drives.ts';

const PROGRESS_INTERVAL_MS = 2000;

export interface ReplayOptions extends OpenOptions {
  readonly subject: ReplaySubject;
  /** Another one, beside it. */
  readonly compare?: ReplaySubject | undefined;
  /** The film, an MP4 file. */
  readonly video: string;
  /** Also as a moving picture, .gif or .webp. */
  readonly gif?: { readonly out: string; readonly fromS?: number | undefined; readonly durationS?: number | undefined };
  /** Pixels, even. Default 1280 × 720. */
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  /** Pictures per simulated second. Default 50. */
  readonly fps?: number | undefined;
  /** Film the bare picture. Default false. */
  readonly bare?: boolean;
}

/** What is told of one drive. */
export interface FilmedDrive {
  readonly driver: string;
  readonly simulator: string;
  readonly track: string;
  /** `laps-done`, or why it ended; `interrupted` when the film was stopped. */
  readonly outcome: string;
  readonly lapTimesS: readonly number[];
  readonly distanceM: number;
  /** Control ticks of the drive, its start among them; of recorded pictures: rows. */
  readonly ticks: number;
}

/** What `replay --json` prints. */
export interface ReplayResult extends FilmedDrive, Record<string, unknown> {
  readonly ok: boolean;
  readonly video: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  readonly durationS: number;
  readonly wallS: number;
  /** Seconds of film per second of work. */
  readonly realTimeFactor: number;
  readonly seed: number;
  /** The other drive, and how far the first was ahead of it at the end, s. */
  readonly compare?: FilmedDrive & { readonly gapS: number | null };
  readonly gif?: string;
}

/** Films a drive, or two side by side. Everything that was started is ended, whatever happens. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { subject, compare, video, gif, log, seed, signal, clock = systemClock } = options;
  const { size = { width: 1280, height: 720 }, fps = 50 } = options;
  const paneWidth = compare === undefined ? size.width : size.width / 2;
  const cleanup = new Cleanup();
  try {
    const subjects = compare === undefined ? [subject] : [subject, compare];
    const drives = await openDrives(subjects, options, { width: paneWidth, height: size.height }, cleanup);
    const panes = await Promise.all(
      drives.map((drive, i) => paneOf(drive, drives[1 - i], options, { width: paneWidth, height: size.height })),
    );
    const file = await FilmFile.create(video, { ...size, fps });
    for (const { driver, track, simulator } of drives)
      log(`filming ${driver} on ${track} in the ${simulator} simulator`);
    const started = clock.now();
    const summary = await shoot(file, panes, { ...options, ...size, fps });
    const wallS = (clock.now() - started) / 1000;
    const [first, other] = drives.map((drive, i) => describe(drive, summary.drives[i]!));
    if (gif !== undefined && signal?.aborted !== true) {
      log(`making ${gif.out}`);
      const { out, fromS, durationS } = gif;
      await makeMovingPicture({
        film: video,
        out,
        ...(fromS === undefined ? {} : { fromS }),
        ...(durationS === undefined ? {} : { durationS }),
      });
    }
    return {
      ok: signal?.aborted !== true,
      video,
      ...size,
      fps,
      frames: summary.frames,
      durationS: summary.durationS,
      ...first!,
      wallS,
      realTimeFactor: summary.durationS / wallS,
      seed,
      ...(other === undefined ? {} : { compare: { ...other, gapS: rounded(summary.gapS) } }),
      ...(gif === undefined ? {} : { gif: gif.out }),
    };
  } finally {
    await cleanup.run();
  }
}

async function shoot(
  file: FilmFile,
  drives: readonly FilmPane[],
  options: ReplayOptions & { readonly width: number; readonly height: number; readonly fps: number },
): Promise<FilmSummary> {
  const { width, height, fps, signal, log, clock = systemClock } = options;
  const started = clock.now();
  let nextMs = started + PROGRESS_INTERVAL_MS;
  try {
    const summary = await shootFilm({
      width,
      height,
      fps,
      drives: drives as readonly [FilmPane],
      file,
      signal,
      onPicture: (frames, timeS) => {
        if (clock.now() < nextMs) return;
        nextMs += PROGRESS_INTERVAL_MS;
        const factor = timeS / ((clock.now() - started) / 1000);
        log(`  ${timeS.toFixed(1)} s of the drive, ${frames} pictures, ${factor.toFixed(1)} × real time`);
      },
    });
    // Ctrl-C came before anything was filmed.
    if (summary.frames === 0) throw new InterruptedError({ expected: 'a picture to film' });
    await file.finish();
    return summary;
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

type Size = Readonly<{ width: number; height: number }>;

/** @param other the drive beside it */
async function paneOf(
  drive: FilmDrive,
  other: FilmDrive | undefined,
  { bare = false }: ReplayOptions,
  size: Size,
): Promise<FilmPane> {
  const { driver, alias, track, outline, lapLengthM, fromGrid, laps, rangeFinderAnglesDeg, seen, hasValue } = drive;
  const pane = { moments: drive.moments(), lapLengthM, fromGrid };
  if (bare) return pane;
  const map = outline === undefined ? undefined : new TrackMap(outline);
  const title = `${other?.driver === driver ? alias : driver} · ${track}`;
  const gap = other !== undefined;
  const layout = layOutFilm({ ...size, title, seen, mapAspect: map?.aspect, gap, reward: true, value: hasValue });
  return { ...pane, overlay: await FilmOverlay.create({ layout, title, map, laps, rangeFinderAnglesDeg }) };
}

function describe(
  { driver, simulator, track }: FilmDrive,
  { last, moments: ticks }: FilmSummary['drives'][number],
): FilmedDrive {
  return {
    driver,
    simulator,
    track,
    outcome: last?.outcome ?? 'interrupted',
    // The game's clock counts in steps of 2 ms; sums of them carry more digits than that.
    lapTimesS: (last?.lapTimesS ?? []).map((time) => Math.round(time * 1000) / 1000),
    distanceM: last?.distanceM ?? 0,
    ticks,
  };
}

function rounded(gapS: number | undefined): number | null {
  return gapS === undefined ? null : Math.round(gapS * 1000) / 1000;
}
