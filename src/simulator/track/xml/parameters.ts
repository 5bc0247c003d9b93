import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import { InvalidFileError } from '../../../core/errors.ts';
import { unitFactor } from './units.ts';

/** The game's largest track file has 205 kB, its largest shared file 110 kB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_ENTRIES = 500_000;
const MAX_INCLUDES = 8;
/** Stand around an entity's name in the text that saxes hands out, for what is to be included there. */
const MARK_START = '\u{E000}';
const MARK_END = '\u{E001}';

/** One section of a parameter file: strings, numbers in SI units, and sections in the file's order. */
export interface ParameterSection {
  readonly strings: Map<string, string>;
  readonly numbers: Map<string, number>;
  readonly sections: Map<string, ParameterSection>;
}

export interface ParameterFileOptions {
  /**
   * Files that entities may include, by base name; whatever path an entity gives, only these are opened. Null: known,
   * but of no interest, and left out.
   */
  readonly includes: ReadonlyMap<string, string | null>;
}

/**
 * Reads a parameter file of the game (`<params>`, `<section>`, `<attnum>`, `<attstr>`). External entities include the
 * files that the caller allows and nothing else, and other entities are refused: none can grow.
 *
 * @throws InvalidFileError naming file and place when the file is too large, broken, or asks for something else
 */
export function readParameterFile(path: string, options: ParameterFileOptions): ParameterSection {
  const root = emptySection();
  const budget = { entries: 0, includes: 0 };
  parseInto(root, path, options.includes, budget, false);
  return root;
}

interface Budget {
  entries: number;
  includes: number;
}

function parseInto(
  root: ParameterSection,
  path: string,
  includes: ReadonlyMap<string, string | null>,
  budget: Budget,
  fragment: boolean,
): void {
  const parser = new SaxesParser({ fragment, position: true });
  const fail = (message: string): never => {
    throw new InvalidFileError(`${path}:${parser.line}:${parser.columnIndex + 1}: ${message}`);
  };
  const stack: ParameterSection[] = [root];
  const elements: string[] = [];
  const current = () => stack[stack.length - 1] as ParameterSection;
  parser.on('error', (error) => fail(`Expected well-formed XML, got: ${error.message.replace(/^\d+:\d+: /, '')}`));
  // The game's e-track-4 uses this one without declaring it, which its own parser passes over.
  parser.ENTITIES['default-objects'] = '';
  parser.on('doctype', (doctype) => {
    if (fragment) fail('Expected an included file without a DOCTYPE, got one');
    for (const name of declaredIncludes(doctype, includes, fail)) {
      parser.ENTITIES[name.entity] = includes.get(name.file) === null ? '' : `${MARK_START}${name.file}${MARK_END}`;
    }
  });
  parser.on('text', (text) => {
    for (const match of text.matchAll(new RegExp(`${MARK_START}(.*?)${MARK_END}`, 'gu'))) {
      budget.includes++;
      if (budget.includes > MAX_INCLUDES) fail(`Expected at most ${MAX_INCLUDES} included files, got more`);
      const file = includes.get(match[1] as string);
      if (file === undefined || file === null) return fail(`Expected an included file that is known, got ${match[1]}`);
      parseInto(current(), file, new Map(), budget, true);
    }
  });
  parser.on('opentag', (tag) => {
    elements.push(tag.name);
    budget.entries++;
    if (budget.entries > MAX_ENTRIES) fail(`Expected at most ${MAX_ENTRIES} entries, got more`);
    if (elements.length > MAX_DEPTH) fail(`Expected sections at most ${MAX_DEPTH} deep, got deeper ones`);
    const attributes = tag.attributes as Record<string, SaxesAttributePlain['value']>;
    const name = attributes['name'];
    if (elements.length === 1 && !fragment) {
      if (tag.name !== 'params') fail(`Expected the root element \`params\`, got \`${tag.name}\``);
      return;
    }
    if (tag.name !== 'section' && tag.name !== 'attnum' && tag.name !== 'attstr') return;
    if (name === undefined) return fail(`Expected \`name\` on \`${tag.name}\`, got none`);
    if (tag.name === 'section') {
      const section = emptySection();
      if (current().sections.has(name)) fail(`Expected each section once, got \`${name}\` again`);
      current().sections.set(name, section);
      stack.push(section);
      return;
    }
    const value = attributes['val'];
    if (value === undefined) return fail(`Expected \`val\` on \`${name}\`, got none`);
    if (tag.name === 'attstr') current().strings.set(name, value);
    else current().numbers.set(name, readNumber(value, attributes['unit'], name, fail));
  });
  parser.on('closetag', (tag) => {
    elements.pop();
    if (tag.name === 'section') stack.pop();
  });
  const text = readText(path);
  // An included file may begin with a declaration of its own, which saxes expects in whole documents only.
  parser.write(fragment ? text.replace(/^\uFEFF?<\?xml[^>]*\?>/, '') : text).close();
}

/** The external entities of a DOCTYPE; an internal one could hide anything and is refused. */
function declaredIncludes(
  doctype: string,
  includes: ReadonlyMap<string, string | null>,
  fail: (message: string) => never,
): { entity: string; file: string }[] {
  const withoutComments = doctype.replace(/<!--[\s\S]*?-->/g, '');
  const declarations = withoutComments.match(/<!ENTITY/g)?.length ?? 0;
  const found = [...withoutComments.matchAll(/<!ENTITY\s+([\w.-]+)\s+SYSTEM\s+(?:"([^"]*)"|'([^']*)')\s*>/g)];
  if (found.length !== declarations) {
    fail('Expected entities that include a shared file (<!ENTITY name SYSTEM "…">), got another kind');
  }
  return found.map((match) => {
    const file = basename((match[2] ?? match[3] ?? '').replaceAll('\\', '/'));
    if (!includes.has(file)) {
      const known = [...includes.keys()].join(', ');
      fail(`Expected entity \`${match[1]}\` to include one of ${known || 'no files'}, got ${match[2] ?? match[3]}`);
    }
    return { entity: match[1] as string, file };
  });
}

/** The game reads the number at the text's beginning (`getValNumFromStr` in params.cpp). */
function readNumber(text: string, unit: string | undefined, name: string, fail: (message: string) => never): number {
  const value = /^0x/.test(text) ? Number.parseInt(text, 16) : text === '' ? 0 : Number.parseFloat(text);
  const inSi = value * (unit === undefined ? 1 : unitFactor(unit));
  if (!Number.isFinite(inSi)) fail(`Expected \`${name}\` to be a number, got ${JSON.stringify(text.slice(0, 40))}`);
  return inSi;
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) {
      throw new InvalidFileError(`${path}: Expected at most ${MAX_FILE_BYTES} bytes, got ${size}`);
    }
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof InvalidFileError) throw error;
    throw new InvalidFileError(`${path}: Expected a readable file: ${(error as Error).message}`, { cause: error });
  }
  const declared = /^(?:\xEF\xBB\xBF)?<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    bytes.toString('latin1', 0, 200),
  );
  const encoding = (declared?.[1] ?? 'utf-8').toLowerCase();
  if (encoding === 'iso-8859-1' || encoding === 'latin1') return bytes.toString('latin1');
  if (encoding !== 'utf-8' && encoding !== 'utf8' && encoding !== 'us-ascii') {
    throw new InvalidFileError(`${path}: Expected encoding UTF-8 or ISO-8859-1, got ${encoding}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InvalidFileError(`${path}: Expected UTF-8 text, got other bytes`, { cause: error });
  }
}

function emptySection(): ParameterSection {
  return { strings: new Map(), numbers: new Map(), sections: new Map() };
}
