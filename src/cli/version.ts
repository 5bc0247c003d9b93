import { readFileSync } from 'node:fs';
import { packageFile } from '../core/package-file.ts';

/** The program's own version, from its `package.json`. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return version;
}
