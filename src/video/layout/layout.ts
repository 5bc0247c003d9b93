import { textWidth } from '../../core/svg-text.ts';
import type { Box } from '../raster/picture.ts';
import { textBearing } from '../raster/text-bearing.ts';
import { instrumentBlocks, type LayoutContent, timingBlocks } from './blocks.ts';
import { arrange, column, type Flow, type Label, type Leaf, type LeafName, label, measure, shape } from './flow.ts';
import { fitSeen, type SeenFit, type SeenShape } from './seen-size.ts';

/** What is shown of how a driver perceives: a network's pictures, or the range finders of one that sees none. */
export type SeenContent =
  | {
      readonly kind: 'pixels';
      readonly shape: SeenShape;
      /** What they are. Default `POLICY SEES`. */
      readonly label?: string;
    }
  | { readonly kind: 'range-finders' };

export interface LayoutOptions extends LayoutContent {
  /** Pixels, 160 and more by 180 and more. */
  readonly width: number;
  readonly height: number;
  /** Who drives, and where: its line is as long as that, where there is room. */
  readonly title: string;
  readonly seen: SeenContent | undefined;
  /** Width over height of the track's map; undefined: there is none. */
  readonly mapAspect: number | undefined;
}

/** Where everything stands. Nothing overlaps, and all is inside. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** About the height of a line of text, pixels. */
  readonly unit: number;
  /** Dark grounds under what is to be read. */
  readonly panels: readonly Box[];
  readonly leaves: ReadonlyMap<LeafName, Leaf>;
  readonly labels: readonly Label[];
  readonly seen: SeenFit | undefined;
}

/** Text of a unit below this is not legible: smaller pictures show less instead. */
const LEAST_UNIT = 9;
/** Most that the pictures of a network, and the map, take of the whole picture. */
const MOST_SEEN = { width: 0.42, height: 0.46 };
const MOST_MAP = { width: 0.22, height: 0.3 };
/** Most of the width that a long title may take. */
const MOST_TITLE = 0.5;
/** Smaller than this, in units, a map or a view says nothing. */
const LEAST_MAP = 3.5;

/**
 * The layout of a film: timing top left, map top right, what the driver perceives bottom left, instruments bottom right,
 * a band in the middle for announcements. Each part takes the richest form that fits into its share of the picture, and is
 * left out where not even its smallest does.
 */
export function layoutOf(options: LayoutOptions): Layout {
  const { width, height } = options;
  const unit = Math.max(LEAST_UNIT, Math.min(width / 64, height / 45));
  const margin = Math.round(unit * 0.8);
  const padding = Math.round(unit * 0.5);
  const inside = { width: width - 2 * margin, height: height - 2 * margin };
  const panels: Box[] = [];
  const leaves = new Map<LeafName, Leaf>();
  const labels: Label[] = [];
  const put = (flow: Flow, size: Size, right: boolean, bottom: boolean): void => {
    const panel = {
      x: right ? width - margin - size.width : margin,
      y: bottom ? height - margin - size.height : margin,
      ...size,
    };
    panels.push(panel);
    const { x, y } = panel;
    const inner = { width: size.width - 2 * padding, height: size.height - 2 * padding };
    arrange(flow, { x: x + padding, y: y + padding, ...inner }, leaves, labels);
  };

  const bannerHeight = Math.round(unit * 2.4);
  const bands = inside.height - bannerHeight - 2 * margin;
  const top = Math.floor(bands * 0.42);
  const bottom = bands - top;

  const wantsMap = options.mapAspect !== undefined;
  const timing = richest(timingBlocks(unit, options), padding, inside.width * (wantsMap ? 0.66 : 1), top);
  if (timing !== undefined) {
    const size = Math.round(unit);
    const wanted = Math.ceil(textWidth(options.title, size)) + 2 * (textBearing(size) + padding);
    timing.width = Math.max(timing.width, Math.min(wanted, Math.floor(inside.width * MOST_TITLE)));
    put(timing.flow, timing, false, false);
  }
  if (options.mapAspect !== undefined) {
    const free = inside.width - (timing === undefined ? 0 : timing.width + margin);
    const room = {
      width: Math.min(free, inside.width * MOST_MAP.width),
      height: Math.min(top, height * MOST_MAP.height),
    };
    const map = mapSize(options.mapAspect, room, padding);
    if (Math.min(map.width, map.height) >= LEAST_MAP * unit) {
      put(shape('map', map.width - 2 * padding, map.height - 2 * padding), map, true, false);
    }
  }

  const wantsSeen = options.seen !== undefined;
  const instruments = richest(instrumentBlocks(unit, options), padding, inside.width * (wantsSeen ? 0.62 : 1), bottom);
  if (instruments !== undefined) put(instruments.flow, instruments, true, true);
  let fit: SeenFit | undefined;
  if (options.seen !== undefined) {
    const free = inside.width - (instruments === undefined ? 0 : instruments.width + margin) - 2 * padding;
    const room = {
      width: Math.floor(Math.min(free, Math.max(width * MOST_SEEN.width, 80))),
      height: Math.floor(Math.min(bottom, Math.max(height * MOST_SEEN.height, 80))) - 2 * padding,
    };
    const view = seenFlow(options.seen, room, unit);
    fit = view?.fit;
    if (view !== undefined) put(view.flow, padded(view.flow, padding), false, true);
  }

  leaves.set('banner', {
    box: { x: margin, y: margin + top + margin, width: inside.width, height: bannerHeight },
    size: Math.round(unit * 1.5),
  });
  return { width, height, unit, panels, leaves, labels, seen: fit };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The first that fits, with its padding. */
function richest(flows: readonly Flow[], padding: number, width: number, height: number) {
  for (const flow of flows) {
    const size = padded(flow, padding);
    if (size.width <= width && size.height <= height) return { flow, ...size };
  }
  return undefined;
}

function padded(flow: Flow, padding: number): Size {
  const { width, height } = measure(flow);
  return { width: width + 2 * padding, height: height + 2 * padding };
}

/** As large as fits, but hardly longer than twice its other side. */
function mapSize(aspect: number, room: Size, padding: number): Size {
  const shown = Math.min(2, Math.max(0.5, aspect));
  const width = Math.min(room.width - 2 * padding, (room.height - 2 * padding) * shown);
  return { width: Math.floor(width) + 2 * padding, height: Math.floor(width / shown) + 2 * padding };
}

/** What the driver perceives, with a word over it where there is room. */
function seenFlow(seen: SeenContent, room: Size, unit: number): { flow: Flow; fit: SeenFit | undefined } | undefined {
  const gap = Math.round(unit * 0.35);
  const size = Math.max(8, Math.round(unit * 0.75));
  const word = label(seen.kind === 'pixels' ? (seen.label ?? 'POLICY SEES') : 'RANGE FINDERS', size);
  const head = measure(word);
  const rest = room.height - head.height - gap;
  if (seen.kind === 'range-finders') {
    const width = Math.floor(Math.min(room.width, unit * 12, rest * 1.6));
    const height = Math.floor(width / 1.6);
    if (height < unit * 3 || head.width > width) return undefined;
    return { flow: column(gap, word, shape('seen', width, height)), fit: undefined };
  }
  const titled = fitSeen(seen.shape, room.width, rest);
  const bare = fitSeen(seen.shape, room.width, room.height);
  if (bare === undefined) return undefined;
  const view = (fit: SeenFit) => shape('seen', fit.width, fit.height);
  if (titled !== undefined && titled.scale >= 1 && titled.count >= bare.count && head.width <= titled.width) {
    return { flow: column(gap, word, view(titled)), fit: titled };
  }
  return { flow: view(bare), fit: bare };
}
