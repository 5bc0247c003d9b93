import path from 'node:path';
import { writeFileAtomic } from '../../core/files.ts';
import { type Plot, renderPng, renderSvg } from '../../plots/index.ts';

/** Draws a plot into an SVG or PNG file, by the file's name; whole or not at all. */
export async function writePlot(plot: Plot, file: string): Promise<{ readonly out: string; readonly bytes: number }> {
  const svg = await renderSvg(plot);
  const isPng = path.extname(file).toLowerCase() === '.png';
  const { bytes } = writeFileAtomic(file, isPng ? await renderPng(svg) : svg);
  return { out: file, bytes };
}
