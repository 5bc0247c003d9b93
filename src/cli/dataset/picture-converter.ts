import { sizeOf } from '../../core/box.ts';
import type { CameraFrame, PixelPipeline } from '../../core/index.ts';
import { createPreprocessor } from '../../frames/index.ts';
import type { RecordedCamera } from '../../recordings/index.ts';
import type { DrivingSettings } from '../compose/environment-settings.ts';
import { makePipeline } from '../compose/pixel-pipeline.ts';

type Pixels = NonNullable<DrivingSettings['pixels']>;
type Camera = NonNullable<DrivingSettings['camera']>;

/** Turns recorded pictures into single ones of the learner's, through the pipeline that it sees through online. */
export class PictureConverter {
  /** Bytes of a picture. */
  readonly size: number;
  readonly #pipeline: PixelPipeline;
  readonly #shrink: ((frame: CameraFrame) => Promise<CameraFrame>) | undefined;

  constructor(pixels: Pixels, camera: Camera, recorded: RecordedCamera) {
    // Stacks are made where they are used: a third of what is handed over.
    this.#pipeline = makePipeline({ ...pixels, stack: 1 }, camera);
    this.size = sizeOf(this.#pipeline.outputShape);
    if (recorded.width !== camera.width) this.#shrink = shrinker(recorded, camera);
  }

  async convert(frame: CameraFrame): Promise<Uint8Array> {
    const coloured = frame.data.length === frame.width * frame.height ? colour(frame) : frame;
    return this.#pipeline.reset(this.#shrink === undefined ? coloured : await this.#shrink(coloured));
  }
}

function shrinker(recorded: RecordedCamera, { width, height }: Camera): (frame: CameraFrame) => Promise<CameraFrame> {
  const { process } = createPreprocessor({ inputWidth: recorded.width, inputHeight: recorded.height, width, height });
  return async (frame) => {
    const data = new Uint8Array(width * height * 3);
    await process(frame, data, 0);
    return { width, height, data, tick: frame.tick };
  };
}

/** Grey as colours, for a learner that makes grey of them again. */
function colour({ data, ...rest }: CameraFrame): CameraFrame {
  const colours = new Uint8Array(data.length * 3);
  for (let i = 0, to = 0; i < data.length; i++) {
    const level = data[i]!;
    colours[to++] = level;
    colours[to++] = level;
    colours[to++] = level;
  }
  return { ...rest, data: colours };
}
