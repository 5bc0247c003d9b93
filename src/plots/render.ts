import type { TopLevelSpec } from 'vega-lite';
import { plotConfig } from './style.ts';
import { textWidth } from './text-width.ts';

/** A plot, or a part of one, as Vega-Lite describes it. */
export type Plot = Readonly<Record<string, unknown>>;

/** Vega exports it so, but does not declare it. */
interface TextMetrics {
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number };
}

/** Font size where none is set, as Vega has it. */
const DEFAULT_FONT_SIZE = 11;

/** Draws a plot as an SVG file's text. The library is loaded at the first call. */
export async function renderSvg(plot: Plot): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { textMetrics } = vega as unknown as TextMetrics;
  textMetrics.width = ({ fontSize = DEFAULT_FONT_SIZE }, text) => textWidth(String(text ?? ''), fontSize);
  const { spec } = compile(plot as unknown as TopLevelSpec, { config: plotConfig });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
