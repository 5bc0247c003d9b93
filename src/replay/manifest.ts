import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidFileError } from '../core/errors.ts';
import { readJson, writeJsonAtomic } from '../core/files.ts';
import type { Layout } from './layout.ts';

/** Names in a checkpoint's own folder. */
export const MANIFEST = 'replay.json';
export const OPEN_SEGMENT = 'open-segment.bin';
export const STARTS = 'episode-starts.bin';
export const PRIORITIES = 'priorities.bin';

const count = z.int().min(0);
const rowOrNone = z.int().min(-1);
const mark = { sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: count };

const layoutSchema = z.strictObject({
  capacity: count,
  state: count,
  action: count,
  sources: count,
  pixels: z.strictObject({ height: count, width: count, channels: count, stack: count }).nullable(),
  segmentRows: count,
});

/**
 * What `replay.json` of a checkpoint says, beside `sha256`, the SHA-256 of the rest as JSON without white space. All `.bin` files are bare little-endian arrays, one after the other:
 * a segment: pictures (rows × C × H × W uint8), records (rows × [0, 0, source << 16 | age << 8 | end (0 goes on,
 * 1 terminated, 2 truncated): uint32; reward, action, state: float32]; reward and action are those that led there);
 * episode starts: for each source that is `staged`, in order, state and picture; priorities: float64 for each place.
 */
const manifestSchema = z.strictObject({
  format: z.literal('torcs-pilot-replay-1'),
  layout: layoutSchema,
  /** Rows and transitions that ever came; transitions that can be drawn. */
  rows: count,
  transitions: count,
  size: count,
  sources: z.array(
    z.strictObject({ tail: rowOrNone, last: rowOrNone, open: z.boolean(), staged: z.boolean(), steps: count }),
  ),
  /** Whole segments, in the shared folder. */
  segments: z.array(z.strictObject({ index: count, file: z.string().regex(/^segment-\d+(\.\d+)?\.bin$/), ...mark })),
  /** The segment that is being filled. */
  openSegment: z.strictObject({ index: count, rows: z.int().min(1), ...mark }).nullable(),
  starts: z.strictObject(mark).nullable(),
  priorities: z.strictObject({ alpha: z.number(), maximum: z.number(), batches: count, ...mark }).nullable(),
  /** Transitions of the buffer of demonstrations, which is not saved. */
  demonstrations: count.nullable(),
});

export type Manifest = z.infer<typeof manifestSchema>;

export function describeLayout({ capacity, state, action, sources, pixels, segmentRows }: Layout): Manifest['layout'] {
  return { capacity, state, action, sources, pixels: pixels ?? null, segmentRows };
}

/** What the object that loads a checkpoint is like. */
export interface Expected {
  readonly layout: Layout;
  /** Undefined: not prioritised. */
  readonly alpha: number | undefined;
  readonly demonstrations: number | undefined;
}

export function writeManifest(file: string, manifest: Manifest): void {
  writeJsonAtomic(file, { ...manifest, sha256: digest(manifest) });
}

/** @throws {@link InvalidFileError} when it is no manifest, damaged, or of a buffer of other sizes */
export function readManifest(file: string, expected: Expected): Manifest {
  const content = readJson(file);
  const { sha256, ...rest } =
    typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
  const result = manifestSchema.safeParse(rest);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new InvalidFileError(
      `Expected a replay buffer's checkpoint in ${file}, got \`${issue.path.join('.')}\`: ${issue.message}`,
    );
  }
  if (sha256 !== digest(rest)) {
    throw new InvalidFileError(
      `Expected ${file} to have the SHA-256 that it names, got ${digest(rest)}: it is damaged`,
    );
  }
  const manifest = result.data;
  for (const [name, saved, own] of [
    ['sizes', manifest.layout, describeLayout(expected.layout)],
    ['prioritized.alpha', manifest.priorities?.alpha ?? null, expected.alpha ?? null],
    ['transitions of demonstrations', manifest.demonstrations, expected.demonstrations ?? null],
    ['number of sources', manifest.sources.length, expected.layout.sources],
  ] as const) {
    const [savedText, ownText] = [JSON.stringify(saved), JSON.stringify(own)];
    if (savedText === ownText) continue;
    throw new InvalidFileError(
      `Expected a checkpoint of a replay buffer whose ${name} are ${ownText}, got ${savedText} in ${file}; ` +
        'load it with the settings that it was saved with',
    );
  }
  return manifest;
}

function digest(manifest: object): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}
