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
