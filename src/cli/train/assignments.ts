import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InvalidFileError, systemCode, UsageError } from '../../core/index.ts';
import { quote } from '../command.ts';
import type { Overrides } from './override.ts';

export interface Assignment {
  readonly name: string;
  readonly value: unknown;
}

/** Words that need no quotes, such as the `huber` of `loss=huber`. */
const PLAIN_WORD = /^[A-Za-z][A-Za-z0-9-]*$/;

/** `NAME=VALUE`, its value in JSON or a plain word; a list, as the flag may be repeated. */
export const assignmentsSchema = z.array(
  z.string().transform((text, context): Assignment => {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0));
    const value = readValue(text.slice(at + 1));
    if (/^[A-Za-z]\w*$/.test(name) && value !== undefined) return { name, value };
    context.addIssue({
      code: 'custom',
      message: 'NAME=VALUE with a value in JSON, such as learningRate=3e-4 or netArch=[256,256]',
    });
    return z.NEVER;
  }),
);

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return PLAIN_WORD.test(text) ? text : undefined;
  }
}

/**
 * The settings of `--settings FILE` and of `--set`, which goes before it.
 *
 * @throws InvalidFileError when the file is missing or holds no object; UsageError when a name is set twice
 */
export function readOverrides(file: string | undefined, assignments: readonly Assignment[]): Overrides {
  const twice = assignments.find(({ name }, i) => assignments.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new UsageError(`Expected --set ${twice.name} once, got it twice`);
  return {
    ...(file === undefined ? {} : readSettingsFile(file)),
    ...Object.fromEntries(assignments.map(({ name, value }) => [name, value])),
  };
}

function readSettingsFile(file: string): Overrides {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidFileError(`Expected --settings to be a readable file, got ${file}: ${systemCode(error)}`, {
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidFileError(`Expected JSON in ${file}, got ${quote(text.trim())}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Overrides;
  throw new InvalidFileError(
    `Expected an object of settings in ${file}, such as {"learningRate": 3e-4}, got ${quote(text.trim())}`,
  );
}
