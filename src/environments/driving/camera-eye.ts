import type { Simulator } from '../../../torcs-client/simulator.ts';
import type { Box } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { CameraFrame, FramePreprocessor } from '../../core/frame.ts';

export interface EyeOptions {
  readonly preprocessor: FramePreprocessor | undefined;
  readonly frameStack: number;
  readonly rawFrames: boolean;
}

/** What the camera gave at one instant. */
export interface Glance {
  /** Stacked pictures, oldest first, height × width × (channels × stack); a fresh array. */
  readonly pixels?: Uint8Array;
  /** The camera's own picture; a buffer of its own. */
  readonly frame?: CameraFrame;
}

/** Takes pictures of a simulator, processes and stacks them. */
export class CameraEye {
  readonly space: Box | undefined;
  readonly #simulator: Simulator;
  readonly #options: EyeOptions;
  /** Processed pictures of the stack, oldest first. */
  #stack: Uint8Array[] = [];
  #scratch: Uint8Array | undefined;

  /** @throws InvalidArgumentError when pictures are wanted of a simulator without a camera */
  constructor(simulator: Simulator, options: EyeOptions) {
    this.#simulator = simulator;
    this.#options = options;
    const { preprocessor, frameStack, rawFrames } = options;
    if ((preprocessor !== undefined || rawFrames) && simulator.camera === undefined) {
      throw new InvalidArgumentError(
        `Expected a simulator with a camera, because pictures are asked for; ${simulator.name} has none: give it a camera format`,
      );
    }
    if (preprocessor !== undefined) {
      const [height, width, channels] = preprocessor.outputShape;
      this.space = { shape: [height, width, channels * frameStack], low: 0, high: 255, dtype: 'uint8' };
    }
  }

  /** @param start the first picture of an episode: fills the whole stack */
  async look(start: boolean): Promise<Glance> {
    const { preprocessor, rawFrames } = this.#options;
    const camera = this.#simulator.camera;
    if (camera === undefined || (preprocessor === undefined && !rawFrames)) return {};
    const size = camera.width * camera.height * 3;
    if (this.#scratch?.length !== size) this.#scratch = new Uint8Array(size);
    const data = rawFrames ? new Uint8Array(size) : this.#scratch;
    const frame: CameraFrame = { ...(await this.#simulator.renderCamera(data)), data };
    const kept = rawFrames ? { frame } : {};
    return preprocessor === undefined ? kept : { ...kept, pixels: await this.#push(preprocessor, frame, start) };
  }

  async #push(preprocessor: FramePreprocessor, frame: CameraFrame, start: boolean): Promise<Uint8Array> {
    const [height, width, channels] = preprocessor.outputShape;
    const picture = new Uint8Array(height * width * channels);
    await preprocessor.process(frame, picture, 0);
    const depth = this.#options.frameStack;
    this.#stack = start ? Array.from({ length: depth }, () => picture) : [...this.#stack.slice(1), picture];
    return depth === 1 ? picture.slice() : interleave(this.#stack, height * width, channels);
  }
}

function interleave(pictures: readonly Uint8Array[], pixelCount: number, channels: number): Uint8Array {
  const stride = channels * pictures.length;
  const result = new Uint8Array(pixelCount * stride);
  pictures.forEach((picture, depth) => {
    for (let pixel = 0; pixel < pixelCount; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        result[pixel * stride + depth * channels + channel] = picture[pixel * channels + channel]!;
      }
    }
  });
  return result;
}
