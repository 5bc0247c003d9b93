import { GLYPHS, MISSING } from './stroke-font.ts';

export interface TextStyle {
  /** Where the baseline starts, ends or has its middle, pixels. */
  readonly x: number;
  readonly y: number;
  /** Pixels, as CSS counts a font's size: a capital is 0.73 of it high. */
  readonly size: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

const UNITS_PER_SIZE = 14 / 0.73;
const SPACING = 2.6;

/** Letters without their accents; a character that is not known shows as a box. */
function glyphsOf(text: string): (readonly [number, string])[] {
  return [...text.normalize('NFD').replaceAll(/\p{Mark}/gu, '')].map((character) => GLYPHS[character] ?? MISSING);
}

/** Width of a line of text, pixels. */
export function textWidth(text: string, size: number): number {
  const glyphs = glyphsOf(text);
  const units = glyphs.reduce((sum, [width]) => sum + width + SPACING, glyphs.length === 0 ? 0 : -SPACING);
  return (units * size) / UNITS_PER_SIZE;
}

/** The wanted size, or the largest at which the text is no wider than `width`. */
export function fittingSize(text: string, wanted: number, width: number): number {
  return Math.min(wanted, (wanted * width) / Math.max(1, textWidth(text, wanted)));
}

/** SVG elements of one line of text, as strokes: it needs no installed font. */
export function svgText(style: TextStyle, text: string): string {
  const { x, y, size, fill, anchor = 'start', bold = false } = style;
  const scale = size / UNITS_PER_SIZE;
  const left = x - textWidth(text, size) * { start: 0, middle: 0.5, end: 1 }[anchor];
  // Below a pixel, strokes turn grey: small text is drawn a little heavier.
  const stroke = Math.max(bold ? 2.3 : 1.5, 0.95 / scale);
  let at = 0;
  const paths = glyphsOf(text).map(([width, path]) => {
    const glyph = path === '' ? '' : `<path transform="translate(${at.toFixed(1)})" d="${path}"/>`;
    at += width + SPACING;
    return glyph;
  });
  const place = `translate(${left.toFixed(2)},${y.toFixed(2)}) scale(${scale.toFixed(4)})`;
  return `<g transform="${place}" fill="none" stroke="${fill}" stroke-width="${stroke.toFixed(2)}" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</g>`;
}
