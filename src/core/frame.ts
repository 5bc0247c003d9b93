/** A picture, RGB, one byte each, top row first: height × width × 3. */
export interface CameraFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Control ticks since the race started at the instant that the picture shows. */
  readonly tick: number;
}

/** Turns camera pictures into what a network sees. */
export interface FramePreprocessor {
  /** height, width, channels of one processed picture. */
  readonly outputShape: readonly [number, number, number];
  /** Writes the processed picture into `into` at byte `offset`. */
  process(frame: CameraFrame, into: Uint8Array, offset: number): Promise<void>;
}

/** Camera pictures made into an observation's pixels: processed, and stacked with those before. One per environment. */
export interface PixelPipeline {
  /** height, width, channels × pictures of what comes out, the oldest picture's channels first. */
  readonly outputShape: readonly [number, number, number];
  /** The first picture of an episode: it fills the whole stack. Returns a fresh array. */
  reset(frame: CameraFrame): Promise<Uint8Array>;
  /** The next picture. Returns a fresh array. */
  push(frame: CameraFrame): Promise<Uint8Array>;
}
