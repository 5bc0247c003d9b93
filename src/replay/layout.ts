import type { CheckedOptions, PixelOptions } from './options.ts';

/** A buffer's memory is cut into about this many segments: a part of one is all that is not used when it is full. */
const SEGMENTS = 128;
/** Fewer rows would be more management than content. */
const FEWEST_ROWS = 16;
/** A segment is written to a file of its own in one go; more would keep the event loop waiting. */
const LARGEST_SEGMENT_BYTES = 64 * 2 ** 20;

/** How observations lie in memory: sizes are entries unless the name says bytes. */
export interface Layout {
  readonly capacity: number;
  readonly state: number;
  readonly action: number;
  readonly sources: number;
  readonly pixels: PixelOptions | undefined;
  /** Of one picture; 0 without pictures. */
  readonly pictureBytes: number;
  /** Pictures in an observation's stack; 1 without pictures. */
  readonly stack: number;
  /** Rows of one segment. */
  readonly segmentRows: number;
}

export function layoutOf(options: CheckedOptions): Layout {
  const { capacity, state, action, sources, pixels } = options;
  const pictureBytes = pixels === undefined ? 0 : pixels.height * pixels.width * pixels.channels;
  const rowBytes = pictureBytes + 4 * (state + action + 4);
  const segmentRows = Math.max(
    1,
    Math.min(Math.max(FEWEST_ROWS, Math.ceil(capacity / SEGMENTS)), Math.floor(LARGEST_SEGMENT_BYTES / rowBytes)),
  );
  return { capacity, state, action, sources, pixels, pictureBytes, stack: pixels?.stack ?? 1, segmentRows };
}
