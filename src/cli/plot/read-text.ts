import fs from 'node:fs';
import { InvalidFileError, systemCode } from '../../core/index.ts';

/** @throws InvalidFileError when the file cannot be read */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidFileError(`Expected a readable file ${file}, got ${systemCode(error) ?? 'an error'}`, {
      cause: error,
    });
  }
}

/** Whole lines of a file that may be written at present: a last line without its end is left out. */
export function readLines(file: string): readonly string[] {
  return readText(file).split('\n').slice(0, -1);
}
