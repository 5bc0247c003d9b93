import sharp from 'sharp';
import { withoutFonts } from './fontless.ts';

export interface RasterOptions {
  /** Pixels of the picture for each of the plot. Default 2. */
  readonly scale?: number;
  /** Whether the machine has fonts. Default: found out. */
  readonly hasFonts?: boolean;
}

/** Pixels of an SVG file's unit are counted at this density. */
const UNIT_DENSITY = 72;

/** An SVG plot as the bytes of a PNG file; on machines without a font, its texts are drawn as strokes. */
export async function renderPng(svg: string, { scale = 2, hasFonts }: RasterOptions = {}): Promise<Buffer> {
  const drawn = (hasFonts ?? (await machineHasFonts())) ? svg : withoutFonts(svg);
  return sharp(Buffer.from(drawn), { density: UNIT_DENSITY * scale })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** Without a font every character is the same box. */
async function machineHasFonts(): Promise<boolean> {
  const draw = (letter: string) => {
    const text = `<text x="4" y="24" font-size="20" font-family="sans-serif">${letter}</text>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">${text}</svg>`;
    return sharp(Buffer.from(svg)).raw().toBuffer();
  };
  const [wide, narrow] = await Promise.all([draw('W'), draw('i')]);
  return !wide.equals(narrow);
}
