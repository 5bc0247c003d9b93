import { InvalidFileError } from '../../core/index.ts';
import { ACTION_SPACES, StateEncoder } from '../../environments/driving/index.ts';
import { openRecording } from '../../recordings/index.ts';
import type { Chunk, ChunkContent } from './chunk.ts';
import type { CheckedDatasetOptions } from './options.ts';
import { PictureConverter } from './picture-converter.ts';
import { placeOf, planRecording, type RecordingPlan } from './plan.ts';

interface Source {
  readonly plan: RecordingPlan;
  readonly converter: PictureConverter | undefined;
}

/** Reads chunks from the disk, and makes of them what the learner eats. */
export class ChunkReader {
  readonly #sources: readonly Source[];
  readonly #stateSize: number;
  readonly #actionSize: number;

  private constructor(sources: readonly Source[], { environment: { options } }: CheckedDatasetOptions) {
    this.#sources = sources;
    this.#stateSize = new StateEncoder(options.state).space.shape[0]!;
    this.#actionSize = ACTION_SPACES[options.actions].shape[0]!;
  }

  /** @throws whatever opening and planning a recording throws */
  static async open(options: CheckedDatasetOptions): Promise<ChunkReader> {
    const { pixels, camera } = options.environment;
    const sources: Source[] = [];
    for (const folder of options.folders) {
      const recording = await openRecording(folder);
      const plan = planRecording(recording, options);
      const seen = pixels && camera && recording.camera;
      sources.push({ plan, converter: seen && new PictureConverter(pixels!, camera!, seen) });
    }
    return new ChunkReader(sources, options);
  }

  /** @throws InvalidFileError for a picture or a file that is damaged */
  async read({ folder, episode, phase, from, transitions }: Chunk): Promise<ChunkContent> {
    const { plan, converter } = this.#sources[folder]!;
    const { recording, stride, rewardFactor } = plan;
    const [stateSize, actionSize] = [this.#stateSize, this.#actionSize];
    const pictureSize = converter?.size ?? 0;
    const states = new Float32Array((transitions + 1) * stateSize);
    const pictures = converter && new Uint8Array((transitions + 1) * pictureSize);
    const actions = new Float32Array(transitions * actionSize);
    const rewards = new Float64Array(transitions);
    const first = phase + from * stride;
    const rows = { episode, from: first, to: first + transitions * stride + 1, pictures: converter !== undefined };
    let seen = 0;
    for await (const row of recording.transitions(rows)) {
      const step = Math.floor((row.frame - first) / stride);
      if (step < transitions) rewards[step]! += row.reward * rewardFactor;
      if ((row.frame - first) % stride !== 0) continue;
      if (step < transitions) actions.set(plan.action(row), step * actionSize);
      states.set(plan.state(row), step * stateSize);
      if (converter !== undefined && pictures !== undefined) {
        if (row.picture === undefined)
          throw new InvalidFileError(`Expected a picture in ${placeOf(recording, row)}, got none`);
        pictures.set(await converter.convert(await row.picture.decode()), step * pictureSize);
      }
      seen++;
    }
    if (seen < transitions) {
      throw new InvalidFileError(
        `Expected ${transitions} steps from frame ${first} on in episode ${episode} of ${recording.dir}, got ${seen}; verify it`,
      );
    }
    if (seen === transitions) {
      // The task ended with the last row: what came after it counts for nothing, and is not recorded.
      states.copyWithin(transitions * stateSize, (transitions - 1) * stateSize, transitions * stateSize);
      pictures?.copyWithin(transitions * pictureSize, (transitions - 1) * pictureSize, transitions * pictureSize);
    }
    return { states, pictures, actions, rewards };
  }
}
