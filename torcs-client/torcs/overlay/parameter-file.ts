import { SaxesParser } from 'saxes';
import { TorcsPilotError } from '../../errors.ts';

/** A parameter as the game's XML writes it: its attributes but the name (`val`, `unit`, `min`, `max`, `in`). */
type Attributes = Readonly<Record<string, string>>;

interface Parameter {
  readonly kind: 'attnum' | 'attstr';
  readonly attributes: Attributes;
}

/** A section of one of the game's XML files: parameters and further sections, each by name, in the file's order. */
export interface ParameterSection {
  readonly parameters: Map<string, Parameter>;
  readonly sections: Map<string, ParameterSection>;
}

/** A file of parameters, the game's XML format (`params` with `section`, `attnum`, `attstr`; params.dtd). */
export interface ParameterFile extends ParameterSection {
  /** The attributes of `params`. */
  readonly attributes: Attributes;
}

function newSection(): ParameterSection {
  return { parameters: new Map(), sections: new Map() };
}

/**
 * Reads a parameter file. Its document type is passed over, so no entity is ever expanded.
 * @param text the file read as Latin-1: some of the game's files hold such letters in comments
 * @param name for messages
 * @throws TorcsPilotError ERR_INVALID_FILE when it is no such file
 */
export function parseParameterFile(text: string, name: string): ParameterFile {
  const parser = new SaxesParser({ xmlns: false });
  let root: ParameterFile | undefined;
  const open: ParameterSection[] = [];
  parser.on('opentag', (tag) => {
    const { name: key, ...attributes } = tag.attributes;
    const parent = open.at(-1);
    if (tag.name === 'params' && parent === undefined) {
      root = { attributes: { ...tag.attributes }, ...newSection() };
      open.push(root);
      return;
    }
    if (parent === undefined || key === undefined) return;
    if (tag.name === 'section') {
      const section = newSection();
      parent.sections.set(key, section);
      open.push(section);
    } else if (tag.name === 'attnum' || tag.name === 'attstr') {
      parent.parameters.set(key, { kind: tag.name, attributes });
    }
  });
  parser.on('closetag', (tag) => {
    if (tag.name === 'section' || tag.name === 'params') open.pop();
  });
  try {
    // The declared encoding is what the file says, not how it was read; the content below ASCII is the same.
    parser.write(text).close();
  } catch (error) {
    throw invalid(name, error);
  }
  if (root === undefined) throw invalid(name, new Error('no <params> in it'));
  return root;
}

function invalid(name: string, cause: unknown): TorcsPilotError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TorcsPilotError(
    'ERR_INVALID_FILE',
    `Expected ${name} to be one of the game's XML files, got: ${reason}. Reinstall the package torcs-data.`,
    { cause },
  );
}

/** The section at a path such as `Display Mode/0`, made when it is not there. */
export function sectionAt(file: ParameterSection, path: string): ParameterSection {
  let section = file;
  for (const name of path.split('/')) {
    const found = section.sections.get(name) ?? newSection();
    section.sections.set(name, found);
    section = found;
  }
  return section;
}

/** Sets parameters of a section: numbers as `attnum`, strings as `attstr`. */
export function setParameters(section: ParameterSection, values: Readonly<Record<string, number | string>>): void {
  for (const [name, value] of Object.entries(values)) {
    section.parameters.set(name, {
      kind: typeof value === 'number' ? 'attnum' : 'attstr',
      attributes: { val: String(value) },
    });
  }
}

/** The value of a parameter as text, or undefined. */
export function parameterText(section: ParameterSection, name: string): string | undefined {
  return section.parameters.get(name)?.attributes['val'];
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function attributeText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value.replace(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter)}"`)
    .join('');
}

function sectionLines(section: ParameterSection, indent: string): string[] {
  const parameters = [...section.parameters].map(
    ([name, { kind, attributes }]) => `${indent}<${kind}${attributeText({ name, ...attributes })}/>`,
  );
  const sections = [...section.sections].flatMap(([name, child]) => [
    `${indent}<section${attributeText({ name })}>`,
    ...sectionLines(child, `${indent}  `),
    `${indent}</section>`,
  ]);
  return [...parameters, ...sections];
}

/** Writes a parameter file as the game reads it. */
export function formatParameterFile(file: ParameterFile): string {
  const body = sectionLines(file, '  ').join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<params${attributeText(file.attributes)}>\n${body}\n</params>\n`;
}
