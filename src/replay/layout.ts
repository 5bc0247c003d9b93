import type { CheckedOptions, PixelOptions } from './options.ts';

/**
 * A buffer's memory is cut into about this many segments; when it is full, parts of two are all that is not used.
 * Fewer are found faster, and where there are no pictures there is little to lose.
 */
const SEGMENTS = { pixels: 128, state: 32 } as const;
/** Fewer rows would be more management than content. */
const FEWEST_ROWS = 16;
/** A segment is written to a file of its own in one go; more would keep the event loop waiting. */
const LARGEST_SEGMENT_BYTES = 64 * 2 ** 20;

/** Words of a row's record before its action and its state: two links, the place, the reward. */
export const HEADER_WORDS = 4;

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
  /** Words of 4 bytes of all that belongs to a row and is no picture. */
  readonly recordWords: number;
  /** Rows of one segment. */
  readonly segmentRows: number;
}

export function layoutOf(options: CheckedOptions): Layout {
  const { capacity, state, action, sources, pixels } = options;
  const pictureBytes = pixels === undefined ? 0 : pixels.height * pixels.width * pixels.channels;
  const recordWords = HEADER_WORDS + action + state;
  const rowBytes = pictureBytes + 4 * recordWords;
  const segments = pixels === undefined ? SEGMENTS.state : SEGMENTS.pixels;
  const segmentRows = Math.max(
    1,
    Math.min(Math.max(FEWEST_ROWS, Math.ceil(capacity / segments)), Math.floor(LARGEST_SEGMENT_BYTES / rowBytes)),
  );
  const stack = pixels?.stack ?? 1;
  return { capacity, state, action, sources, pixels, pictureBytes, stack, recordWords, segmentRows };
}
