import { SaxesParser } from 'saxes';
import { svgText, type TextStyle } from '../core/svg-text.ts';

type Attributes = Readonly<Record<string, string>>;

/** Signs that the stroke typeface has in another form. */
const STAND_INS: Readonly<Record<string, string>> = { '−': '-', '–': '-', '—': '-' };

/** The same picture with every text drawn as strokes, which needs no font. Only what Vega writes is understood. */
export function withoutFonts(svg: string): string {
  const parts: string[] = [];
  let text: Attributes | undefined;
  let line = '';
  let dy = 0;
  const endLine = () => {
    if (text !== undefined && line !== '') parts.push(svgText(styleOf(text, dy), withStandIns(line)));
    line = '';
  };
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    if (name === 'tspan') {
      dy += Number.parseFloat(attributes['dy'] ?? '0');
      return;
    }
    if (name === 'text') {
      text = attributes;
      dy = 0;
    }
    parts.push(name === 'text' ? tag('g', placeOf(attributes)) : tag(name, attributes, isSelfClosing));
  });
  parser.on('text', (content) => {
    if (text === undefined) parts.push(escapeXml(content));
    else line += content;
  });
  parser.on('closetag', ({ name, isSelfClosing }) => {
    if (name === 'text' || name === 'tspan') endLine();
    if (name === 'text') text = undefined;
    if (name !== 'tspan' && !isSelfClosing) parts.push(`</${name === 'text' ? 'g' : name}>`);
  });
  parser.write(svg).close();
  return parts.join('');
}

function styleOf(attributes: Attributes, dy: number): TextStyle {
  const anchor = attributes['text-anchor'];
  return {
    x: Number(attributes['x'] ?? 0),
    y: Number(attributes['y'] ?? 0) + dy,
    size: Number.parseFloat(attributes['font-size'] ?? '11'),
    fill: attributes['fill'] ?? '#000000',
    anchor: anchor === 'middle' || anchor === 'end' ? anchor : 'start',
    bold: attributes['font-weight'] === 'bold',
  };
}

function withStandIns(line: string): string {
  return [...line].map((character) => STAND_INS[character] ?? character).join('');
}

function placeOf({ transform, opacity }: Attributes): Attributes {
  return { ...(transform === undefined ? {} : { transform }), ...(opacity === undefined ? {} : { opacity }) };
}

function tag(name: string, attributes: Attributes, isSelfClosing = false): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join('')}${isSelfClosing ? '/' : ''}>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
