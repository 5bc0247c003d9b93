import { type Box, type Clock, InvalidArgumentError, type ObservationSpace, parseOptions } from '../../core/index.ts';
import { ACTION_SPACES, StateEncoder } from '../../environments/driving/index.ts';
import { openRecording } from '../../recordings/index.ts';
import { makePipeline } from '../compose/pixel-pipeline.ts';
import { type Chunk, episodeChunks } from './chunk.ts';
import { LoadedChunk } from './loaded-chunk.ts';
import { type CheckedDatasetOptions, type DatasetOptions, datasetOptionsSchema } from './options.ts';
import { planRecording, type RecordingPlan } from './plan.ts';
import { type ScannedEpisode, scanRecording } from './scan.ts';
import { ChunkStream, makeReaders, type StreamOptions, type StreamStatistics, streamOptionsSchema } from './stream.ts';

/** Transitions of a chunk where nobody says otherwise: a minute and a half at ten frames a second. */
const LONGEST_CHUNK = 1000;

/** Chunks as they are read; iterate it once. */
export interface DatasetStream extends AsyncIterable<LoadedChunk> {
  readonly statistics: StreamStatistics;
  /** Ends the reading, for who does not iterate to the end. Safe to call twice. */
  close(): Promise<void>;
}

export interface LoadOptions extends StreamOptions {
  /** Most transitions of a chunk, 1 to 1000000; longer episodes come in several. Default 1000. */
  readonly longestChunk?: number;
}

interface Source {
  readonly plan: RecordingPlan;
  readonly episodes: readonly ScannedEpisode[];
}

/** Recordings as a learner eats them. Nothing is held open; memory does not grow with the dataset. */
export class Dataset {
  /** The spaces of the learner's environment. */
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  /** What was taken for granted, a line each, for people. */
  readonly notes: readonly string[];
  readonly #options: CheckedDatasetOptions;
  readonly #sources: readonly Source[];

  /** Made by {@link openDataset}. */
  constructor(options: CheckedDatasetOptions, sources: readonly Source[]) {
    this.#options = options;
    this.#sources = sources;
    this.notes = sources.flatMap(({ plan }) => plan.notes);
    const { pixels, camera, options: driving } = options.environment;
    const state = new StateEncoder(driving.state).space;
    this.actionSpace = ACTION_SPACES[driving.actions];
    this.observationSpace =
      pixels === undefined || camera === undefined
        ? { state }
        : { state, pixels: { shape: makePipeline(pixels, camera).outputShape, low: 0, high: 255, dtype: 'uint8' } };
  }

  /** Recorded frames in all folders. */
  get frames(): number {
    return this.#sources.reduce((sum, { plan }) => sum + plan.recording.info.total_frames, 0);
  }

  /** Transitions that one round of all chunks gives. */
  get transitions(): number {
    return this.chunks().reduce((sum, chunk) => sum + chunk.transitions, 0);
  }

  /** All chunks in the order of the recordings. @param longest most transitions of each */
  chunks(longest = LONGEST_CHUNK): readonly Chunk[] {
    const { phases } = this.#options;
    return this.#sources.flatMap(({ plan: { stride }, episodes }, folder) =>
      episodes.flatMap((episode) =>
        Array.from({ length: phases === 'all' ? stride : 1 }, (_, phase) =>
          episodeChunks(episode, { folder, phase, stride, longest }),
        ).flat(),
      ),
    );
  }

  /**
   * Reads ahead in threads of its own while the consumer works.
   *
   * @throws InvalidArgumentError for options out of range; while it is iterated, InvalidFileError for what was damaged
   *   since the dataset was opened
   */
  load({ longestChunk = LONGEST_CHUNK, ...rest }: LoadOptions = {}, clock?: Clock): DatasetStream {
    const options = parseOptions(streamOptionsSchema, rest, "options of a dataset's stream");
    if (!Number.isInteger(longestChunk) || longestChunk < 1 || longestChunk > 1_000_000) {
      throw new InvalidArgumentError(`Expected \`longestChunk\` from 1 to 1000000, got ${longestChunk}`);
    }
    const chunks = this.chunks(longestChunk);
    const longest = chunks.reduce((most, { transitions }) => Math.max(most, transitions), 0);
    const stream = new ChunkStream(chunks, options, {
      readers: makeReaders(options, this.#options),
      chunkBytes: (longest + 1) * this.#bytesOfTransition(),
      ...(clock === undefined ? {} : { clock }),
    });
    const toLoaded = (chunk: Chunk, index: number, content: LoadedChunkContent): LoadedChunk => {
      const { recording } = this.#sources[chunk.folder]!.plan;
      const { track, driver } = recording.episodes[chunk.episode]!;
      const place = { index, folder: recording.dir, track, driver };
      return new LoadedChunk(place, chunk, content, this.observationSpace, this.#stack);
    };
    return {
      get statistics() {
        return stream.statistics;
      },
      close: () => stream.close(),
      async *[Symbol.asyncIterator]() {
        for await (const { chunk, index, content } of stream) yield toLoaded(chunk, index, content);
      },
    };
  }

  get #stack(): number {
    return this.#options.environment.pixels?.stack ?? 1;
  }

  #bytesOfTransition(): number {
    const { state, pixels } = this.observationSpace;
    const picture = (pixels?.shape.reduce((product, side) => product * side, 1) ?? 0) / this.#stack;
    return picture + 4 * (state.shape[0]! + this.actionSpace.shape[0]!) + 8;
  }
}

type LoadedChunkContent = ConstructorParameters<typeof LoadedChunk>[2];

/**
 * Opens recordings for a learner, and refuses here, before anything is learnt, whatever does not fit it or is not sound:
 * every file is held against its checksum, and every number is read.
 *
 * Pictures of another size but the same shape are shrunk to the learner's camera, then go through its own pipeline. The
 * state is the recorded one where it has the learner's entries, else it is made of the recorded sensors. Actions are said
 * in the learner's where that is exact ({@link actionConverter}). A recording of k times the learner's rate gives k
 * thinned episodes; their rewards are summed up.
 *
 * @throws DatasetMismatchError (`ERR_DATASET_MISMATCH`) naming what the learner needs and what the recording has;
 *   NotFiniteError naming folder, episode, frame and field; InvalidFileError for a folder that is no sound recording;
 *   InvalidArgumentError for options out of range, or too few frames for a single transition
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const checked = parseOptions(datasetOptionsSchema, options, 'dataset options');
  const { pixels, camera } = checked.environment;
  if (pixels !== undefined && camera === undefined) {
    throw new InvalidArgumentError('Expected a `camera`, because the learner has `pixels`, got none');
  }
  // What costs nothing is judged for all folders before anything is read.
  const plans: RecordingPlan[] = [];
  for (const folder of checked.folders) plans.push(planRecording(await openRecording(folder), checked));
  const sources: Source[] = [];
  for (const plan of plans) sources.push({ plan, episodes: await scanRecording(plan) });
  const dataset = new Dataset(checked, sources);
  if (dataset.transitions === 0) {
    throw new InvalidArgumentError(
      `Expected at least one transition in ${checked.folders.join(', ')}, got ${dataset.frames} frames that make none`,
    );
  }
  return dataset;
}
