import { readFileSync } from 'node:fs';

/** The program's own version, from its `package.json`. */
export function programVersion(): string {
  const packageUrl = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json';
  const { version } = JSON.parse(readFileSync(new URL(packageUrl, import.meta.url), 'utf8')) as { version: string };
  return version;
}
