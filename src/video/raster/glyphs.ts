import sharp from 'sharp';
import { GLYPHS } from '../../core/stroke-font.ts';
import { svgText, textWidth } from '../../core/svg-text.ts';
import type { Picture, Rgb } from './picture.ts';
import { textBearing } from './text-bearing.ts';

/** Not in the typeface: shows as its box for unknown characters. */
const UNKNOWN = '\uFFFD';
const CHARACTERS = [...Object.keys(GLYPHS), UNKNOWN];
const PER_ROW = 12;
/** Height of a capital over a text's size; what hangs below the baseline; both as in `svg-text.ts`. */
const CAPITAL = 0.73;
const DESCENT = 0.24;

/** Where a text's box is; it is set in the middle of its height, by its capitals. */
export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The typeface at one size, drawn once: text costs a few hundred pixels a letter from then on. */
export class GlyphSet {
  readonly size: number;
  readonly #cell: number;
  readonly #cellHeight: number;
  readonly #baseline: number;
  readonly #sheetWidth: number;
  readonly #sheet: Uint8Array;
  readonly #places = new Map<string, { readonly at: number; readonly advance: number }>();

  private constructor(size: number, geometry: ReturnType<typeof geometryOf>, sheet: Uint8Array) {
    this.size = size;
    this.#cell = geometry.cell;
    this.#cellHeight = geometry.cellHeight;
    this.#baseline = geometry.baseline;
    this.#sheetWidth = geometry.width;
    this.#sheet = sheet;
    const spacing = textWidth('00', size) - 2 * textWidth('0', size);
    for (const [i, character] of CHARACTERS.entries()) {
      const { x, y } = cellAt(geometry, i);
      this.#places.set(character, { at: y * geometry.width + x, advance: textWidth(character, size) + spacing });
    }
  }

  /** @param size pixels, as CSS counts a font's size */
  static async create(size: number, bold: boolean): Promise<GlyphSet> {
    const geometry = geometryOf(size);
    const letters = CHARACTERS.map((character, i) => {
      const { x, y } = cellAt(geometry, i);
      return svgText({ x: x + geometry.pad, y: y + geometry.baseline, size, fill: '#fff', bold }, character);
    });
    const { width, height } = geometry;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${letters.join('')}</svg>`;
    const sheet = await sharp(Buffer.from(svg)).ensureAlpha().extractChannel(3).raw().toBuffer();
    return new GlyphSet(size, geometry, sheet);
  }

  /** Draws a line of text in its box, cut with an ellipsis where it is longer. */
  draw(picture: Picture, place: TextPlace, text: string, color: Rgb, anchor: 'start' | 'middle' | 'end' = 'start') {
    const bearing = textBearing(this.size);
    const room = place.width - 2 * bearing;
    const plain = this.#fit(plainText(text), room);
    const free = room - textWidth(plain, this.size);
    let x = place.x + bearing + free * { start: 0, middle: 0.5, end: 1 }[anchor];
    const top = place.y + Math.round((place.height + CAPITAL * this.size) / 2) - this.#baseline;
    for (const character of plain) {
      const { at, advance } = this.#places.get(character) ?? this.#places.get(UNKNOWN)!;
      this.#stamp(picture, at, Math.round(x) - (this.#baseline - Math.ceil(CAPITAL * this.size)), top, color);
      x += advance;
    }
  }

  /** The first of several wordings that is no wider; the last where none is. */
  choose(words: readonly string[], width: number): string {
    const room = width - 2 * textBearing(this.size);
    return words.find((text) => textWidth(text, this.size) <= room) ?? words.at(-1) ?? '';
  }

  #fit(text: string, width: number): string {
    if (textWidth(text, this.size) <= width) return text;
    let kept = text;
    while (kept !== '' && textWidth(`${kept}…`, this.size) > width) kept = kept.slice(0, -1);
    return kept === '' ? '' : `${kept.trimEnd()}…`;
  }

  #stamp(picture: Picture, at: number, left: number, top: number, [red, green, blue]: Rgb): void {
    const { width, height, data } = picture;
    const sheet = this.#sheet;
    for (let row = 0; row < this.#cellHeight; row++) {
      const y = top + row;
      if (y < 0 || y >= height) continue;
      const from = at + row * this.#sheetWidth;
      for (let column = 0; column < this.#cell; column++) {
        const cover = sheet[from + column]!;
        const x = left + column;
        if (cover === 0 || x < 0 || x >= width) continue;
        const to = (y * width + x) * 3;
        const rest = 255 - cover;
        data[to] = ((data[to]! * rest + red * cover) * 257 + 32_768) >> 16;
        data[to + 1] = ((data[to + 1]! * rest + green * cover) * 257 + 32_768) >> 16;
        data[to + 2] = ((data[to + 2]! * rest + blue * cover) * 257 + 32_768) >> 16;
      }
    }
  }
}

/** Letters without their accents, which the typeface does not have. */
function plainText(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{Mark}/gu, '');
}

function geometryOf(size: number) {
  const pad = Math.max(2, Math.ceil(size * 0.09));
  const widest = Math.max(...CHARACTERS.map((character) => textWidth(character, size)));
  const cell = Math.ceil(widest) + 2 * pad;
  const baseline = Math.ceil(CAPITAL * size) + pad;
  const cellHeight = baseline + Math.ceil(DESCENT * size) + pad;
  return {
    pad,
    cell,
    cellHeight,
    baseline,
    width: cell * PER_ROW,
    height: cellHeight * Math.ceil(CHARACTERS.length / PER_ROW),
  };
}

function cellAt({ cell, cellHeight }: { readonly cell: number; readonly cellHeight: number }, i: number) {
  return { x: (i % PER_ROW) * cell, y: Math.floor(i / PER_ROW) * cellHeight };
}
