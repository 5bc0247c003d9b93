import path from 'node:path';
import sharp from 'sharp';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG } from '../../../torcs-client/sensors.ts';
import type { CameraFormat } from '../../../torcs-client/simulator.ts';
import { type CameraFrame, type Clock, InvalidFileError, TorcsPilotError } from '../../core/index.ts';
import { LapTimer } from '../../environments/driving/lap-timer.ts';
import { DrivingEnvironment } from '../../environments/index.ts';
import type { RecordedTransition } from '../../recordings/index.ts';
import type { FilmMoment, SeenPixels, TrackOutline } from '../../video/index.ts';
import { Cleanup } from '../cleanup.ts';
import type { SimulatorName } from '../compose/environment-settings.ts';
import { composeSimulator, composeTrackLibrary } from '../compose/simulator.ts';
import { EpisodeMoments } from './episode-moments.ts';
import type { FilmDrive } from './film-drive.ts';
import { FilmedSimulator } from './filmed-simulator.ts';
import { commandsOf, type EpisodeRows, readEpisode } from './recorded-episode.ts';
import { actionsOf, findReenactment, type Reenactment, recordedPolicy } from './reenactment.ts';
import { outlineOf } from './track-outline.ts';

export interface RecordedDriveOptions {
  readonly folder: string;
  readonly episode: number;
  /** The film's. */
  readonly camera: CameraFormat;
  /** Show the recorded pictures even where the drive can be driven again. */
  readonly recordedFrames: boolean;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** What a recorded drive has in common, however it is shown. */
type Facts = Omit<FilmDrive, 'moments' | 'close'>;

/**
 * An episode of a recording. Where its actions give its sensors again, it is driven anew in front of the film's camera;
 * else the recorded pictures are shown, enlarged.
 *
 * @throws InvalidFileError for a damaged recording, one that holds no driving, or one that can be shown in neither way
 */
export async function openRecordedDrive(options: RecordedDriveOptions): Promise<FilmDrive> {
  const { folder, camera, recordedFrames, log } = options;
  const rows = await readEpisode(folder, options.episode);
  const outline = await outlineNamed(rows.episode.track);
  const plan = recordedFrames ? undefined : await planReenactment(rows, log);
  if (plan !== undefined) {
    log('the recorded actions give the recorded drive again: it is filmed anew');
    return reenact(rows, plan, outline, options);
  }
  if (rows.camera === undefined) {
    throw new InvalidFileError(
      `Expected a recording with pictures in ${folder}, or a drive that its actions give again here, got neither; record it with --camera`,
    );
  }
  log('the recorded pictures are filmed');
  const fromGrid = rows.sensors[0]!.distFromStart > 0.9 * lapLength(rows, outline);
  return {
    ...factsOf(rows, outline, fromGrid),
    moments: () => pictureMoments(rows, fromGrid, camera),
    close: async () => {},
  };
}

async function outlineNamed(track: string): Promise<TrackOutline | undefined> {
  try {
    return outlineOf((await composeTrackLibrary()).get(track));
  } catch (error) {
    // A track that this machine does not have is driven on without a map.
    if (error instanceof TorcsPilotError) return undefined;
    throw error;
  }
}

async function planReenactment(rows: EpisodeRows, log: (line: string) => void): Promise<Reenactment | undefined> {
  const { simulator: kind, track } = rows.episode;
  if ((kind !== 'embedded' && kind !== 'torcs') || actionsOf(rows) === undefined) return undefined;
  try {
    const simulator = await composeSimulator({ choice: { kind }, track });
    try {
      return await findReenactment(rows, simulator);
    } finally {
      await simulator.close();
    }
  } catch (error) {
    // A game, or a track, that is not there: the recorded pictures need neither.
    if (!(error instanceof TorcsPilotError)) throw error;
    log(`cannot drive it again: ${error.message}`);
    return undefined;
  }
}

async function reenact(
  rows: EpisodeRows,
  { options, startDistanceM }: Reenactment,
  outline: TrackOutline | undefined,
  { camera, episode, signal, clock }: RecordedDriveOptions,
): Promise<FilmDrive> {
  const { simulator: kind, track, outcome } = rows.episode;
  const facts = factsOf(rows, outline, startDistanceM === null);
  const cleanup = new Cleanup();
  const filmed = await composeSimulator({ choice: { kind: kind as SimulatorName }, track, camera });
  cleanup.add(() => filmed.close());
  const moments = new EpisodeMoments();
  const simulator = new FilmedSimulator(filmed, filmed, moments.onTick);
  const rangeFinderAnglesDeg = [...facts.rangeFinderAnglesDeg];
  const environment = new DrivingEnvironment({ simulator, options: { ...options, rangeFinderAnglesDeg } });
  const pictures = rows.camera === undefined ? undefined : rows.recording.transitions({ episode });
  cleanup.add(async () => {
    await pictures?.return(undefined);
  });
  let seen: SeenPixels | undefined;
  return {
    ...facts,
    moments: () =>
      moments.run(
        {
          environment,
          policy: recordedPolicy(rows),
          resetOptions: { seed: rows.episode.seed ?? 0 },
          maxSteps: rows.actions.length,
          outcome,
          reward: (step) => rows.rewards[step]!,
          seen: async () => {
            const next = await pictures?.next();
            // There is none of the state after the last action.
            if (next !== undefined && next.done !== true) seen = await seenOf(next.value, rows);
            return seen;
          },
          signal,
          clock,
        },
        simulator,
      ),
    close: () => cleanup.run(),
  };
}

function factsOf(rows: EpisodeRows, outline: TrackOutline | undefined, fromGrid: boolean): Facts {
  const { episode, camera, recording } = rows;
  return {
    driver: episode.driver,
    alias: path.basename(path.resolve(recording.dir)),
    simulator: episode.simulator,
    track: episode.track,
    outline,
    lapLengthM: lapLength(rows, outline),
    fromGrid,
    hasSaliency: false,
    hasValue: false,
    laps: episode.outcome === 'laps-done' ? episode.lapTimesS.length : undefined,
    rangeFinderAnglesDeg: recording.rangeFinderAnglesDeg ?? DEFAULT_RANGE_FINDER_ANGLES_DEG,
    seen:
      camera === undefined
        ? { kind: 'range-finders' }
        : { kind: 'pixels', shape: { ...camera, count: 1 }, label: 'RECORDED' },
  };
}

/** As long as the lap is known to be, where the track is not: as far as the car got. */
function lapLength({ sensors }: EpisodeRows, outline: TrackOutline | undefined): number {
  return outline?.lengthM ?? sensors.reduce((most, { distFromStart }) => Math.max(most, distFromStart), 1);
}

/** The drive as it was recorded, picture by picture. */
async function* pictureMoments(rows: EpisodeRows, fromGrid: boolean, camera: CameraFormat): AsyncGenerator<FilmMoment> {
  const { recording, episode, actionNames } = rows;
  const timer = new LapTimer(rows.sensors[0]!, fromGrid);
  const startM = rows.sensors[0]!.distRaced;
  let returnSum = 0;
  for await (const row of recording.transitions({ episode: episode.episode })) {
    const sensors = rows.sensors[row.frame]!;
    if (row.frame > 0) timer.observe(sensors);
    const commands = commandsOf(actionNames, row.action);
    const reward = row.frame === 0 ? undefined : rows.rewards[row.frame - 1]!;
    returnSum += reward ?? 0;
    const seen = await seenOf(row, rows);
    yield {
      timeS: row.tickTimeS,
      sensors,
      distanceM: sensors.distRaced - startM,
      lapTimesS: timer.lapTimesS,
      ...(commands === undefined ? {} : { commands }),
      ...(reward === undefined ? {} : { reward, returnSum }),
      ...(seen === undefined ? {} : { seen }),
      ...(row.frame === episode.frames - 1 ? { outcome: episode.outcome } : {}),
      render: async (into) => {
        if (row.picture !== undefined) await enlarge(await row.picture.decode(), camera, into);
      },
    };
  }
}

async function seenOf({ picture }: RecordedTransition, { camera }: EpisodeRows): Promise<SeenPixels | undefined> {
  if (picture === undefined || camera === undefined) return undefined;
  return { ...camera, count: 1, data: (await picture.decode()).data };
}

/** In the middle, as large as fits: what was not recorded stays dark. */
async function enlarge(picture: CameraFrame, { width, height }: CameraFormat, into: Uint8Array): Promise<void> {
  const channels = picture.data.length === picture.width * picture.height ? 1 : 3;
  const raw = { width: picture.width, height: picture.height, channels } as const;
  const pixels = await sharp(picture.data, { raw })
    .resize(width, height, { fit: 'contain', kernel: 'cubic', background: '#0b0f14' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  into.set(pixels);
}
