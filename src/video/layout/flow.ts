import { textWidth } from '../../core/svg-text.ts';
import type { Box } from '../raster/picture.ts';
import { textBearing } from '../raster/text-bearing.ts';

/** Names of what moves in a film: each has a place of its own. */
export type LeafName =
  | 'driver'
  | 'lap'
  | 'lapTime'
  | 'sector1'
  | 'sector2'
  | 'sector3'
  | 'lastLap'
  | 'bestLap'
  | 'gap'
  | 'revs'
  | 'gear'
  | 'speed'
  | 'accelerate'
  | 'brake'
  | 'steer'
  | 'reward'
  | 'return'
  | 'value'
  | 'seen'
  | 'map'
  | 'banner';

/** A place for something that moves. */
export interface Leaf {
  readonly box: Box;
  /** Of its text, pixels; 0 where there is none. */
  readonly size: number;
}

/** A word that stays. */
export interface Label extends Leaf {
  readonly text: string;
}

/** What a layout is made of: places beside and under each other, so that none can overlap. */
export type Flow =
  | {
      readonly kind: 'leaf';
      readonly name: LeafName;
      readonly width: number;
      readonly height: number;
      readonly size: number;
      readonly grow: boolean;
    }
  | {
      readonly kind: 'label';
      readonly text: string;
      readonly width: number;
      readonly height: number;
      readonly size: number;
    }
  | { readonly kind: 'row' | 'column'; readonly gap: number; readonly children: readonly Flow[] };

/** A place for a bar or a drawing. @param grow whether it takes the room that is left in its row */
export function shape(name: LeafName, width: number, height: number, grow = false): Flow {
  return { kind: 'leaf', name, width: Math.round(width), height: Math.round(height), size: 0, grow };
}

/** A place for text as wide as `sample`, the longest that is expected. */
export function text(name: LeafName, sample: string, size: number, grow = false): Flow {
  return { kind: 'leaf', name, size, grow, ...textBox(sample, size) };
}

export function label(word: string, size: number): Flow {
  return { kind: 'label', text: word, size, ...textBox(word, size) };
}

export function row(gap: number, ...children: readonly Flow[]): Flow {
  return { kind: 'row', gap: Math.round(gap), children };
}

export function column(gap: number, ...children: readonly Flow[]): Flow {
  return { kind: 'column', gap: Math.round(gap), children };
}

/** Capitals are 0.73 of a size high, and the typeface hangs 0.21 below its baseline. */
function textBox(sample: string, size: number): { readonly width: number; readonly height: number } {
  return {
    width: Math.ceil(textWidth(sample, size)) + 2 * textBearing(size),
    height: Math.ceil(size * (/[a-z]/.test(sample) ? 1.2 : 0.9)),
  };
}

/** The room that it needs, pixels. */
export function measure(flow: Flow): { readonly width: number; readonly height: number } {
  if (flow.kind === 'leaf' || flow.kind === 'label') return flow;
  const sizes = flow.children.map(measure);
  const gaps = flow.gap * Math.max(0, sizes.length - 1);
  const widths = sizes.map(({ width }) => width);
  const heights = sizes.map(({ height }) => height);
  return flow.kind === 'row'
    ? { width: sum(widths) + gaps, height: Math.max(0, ...heights) }
    : { width: Math.max(0, ...widths), height: sum(heights) + gaps };
}

/** Gives everything its place in a box that is at least as large as {@link measure} says. */
export function arrange(flow: Flow, box: Box, leaves: Map<LeafName, Leaf>, labels: Label[]): void {
  if (flow.kind === 'label') {
    labels.push({ text: flow.text, box, size: flow.size });
    return;
  }
  if (flow.kind === 'leaf') {
    leaves.set(flow.name, { box, size: flow.size });
    return;
  }
  const sizes = flow.children.map(measure);
  let { x, y } = box;
  if (flow.kind === 'column') {
    for (const [i, child] of flow.children.entries()) {
      const { height } = sizes[i]!;
      arrange(child, { x, y, width: box.width, height }, leaves, labels);
      y += height + flow.gap;
    }
    return;
  }
  let spare = box.width - measure(flow).width;
  let growing = flow.children.filter(grows).length;
  for (const [i, child] of flow.children.entries()) {
    let { width } = sizes[i]!;
    if (grows(child)) {
      const share = Math.floor(spare / growing);
      width += share;
      spare -= share;
      growing--;
    }
    arrange(child, { x, y, width, height: box.height }, leaves, labels);
    x += width + flow.gap;
  }
}

/** A column takes the room that is left in its row where something in it would. */
function grows(flow: Flow): boolean {
  if (flow.kind === 'leaf') return flow.grow;
  return flow.kind !== 'label' && flow.children.some(grows);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
