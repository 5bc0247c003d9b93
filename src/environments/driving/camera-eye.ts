import type { Simulator } from '../../../torcs-client/simulator.ts';
import type { Box } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { CameraFrame, PixelPipeline } from '../../core/frame.ts';

export interface EyeOptions {
  readonly pixels: PixelPipeline | undefined;
  readonly rawFrames: boolean;
}

/** What the camera gave at one instant. */
export interface Glance {
  /** What the pipeline made of the picture; a fresh array. */
  readonly pixels?: Uint8Array;
  /** The camera's own picture; a buffer of its own. */
  readonly frame?: CameraFrame;
}

/** Takes pictures of a simulator, where somebody wants them. */
export class CameraEye {
  readonly space: Box | undefined;
  readonly #simulator: Simulator;
  readonly #options: EyeOptions;
  #scratch: Uint8Array | undefined;

  /** @throws InvalidArgumentError when pictures are wanted of a simulator without a camera */
  constructor(simulator: Simulator, options: EyeOptions) {
    this.#simulator = simulator;
    this.#options = options;
    const { pixels, rawFrames } = options;
    if ((pixels !== undefined || rawFrames) && simulator.camera === undefined) {
      throw new InvalidArgumentError(
        `Expected a simulator with a camera, because pictures are asked for; ${simulator.name} has none: give it a camera format`,
      );
    }
    if (pixels !== undefined) this.space = { shape: pixels.outputShape, low: 0, high: 255, dtype: 'uint8' };
  }

  /** @param start the first picture of an episode */
  async look(start: boolean): Promise<Glance> {
    const { pixels, rawFrames } = this.#options;
    const camera = this.#simulator.camera;
    if (camera === undefined || (pixels === undefined && !rawFrames)) return {};
    const size = camera.width * camera.height * 3;
    if (this.#scratch?.length !== size) this.#scratch = new Uint8Array(size);
    const data = rawFrames ? new Uint8Array(size) : this.#scratch;
    const frame: CameraFrame = { ...(await this.#simulator.renderCamera(data)), data };
    const kept = rawFrames ? { frame } : {};
    if (pixels === undefined) return kept;
    return { ...kept, pixels: await (start ? pixels.reset(frame) : pixels.push(frame)) };
  }
}
