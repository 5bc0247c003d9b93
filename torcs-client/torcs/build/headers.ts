import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The part of TORCS' source that robot and runner are compiled against, as patterns for tar. */
export const HEADER_PATTERNS = [
  '*/src/interfaces/*.h',
  '*/src/libs/*/*.h',
  '*/src/linux/*.h',
  // Not a header: the start-up code that the game keeps in its own program, which the runner links.
  '*/src/linux/linuxspec.cpp',
] as const;

const manifestSchema = z.strictObject({ upstreamVersion: z.string(), digest: z.string() });

/** Headers of a TORCS in the cache: `<folder>/src/…`. */
export interface TorcsHeaders {
  readonly folder: string;
  readonly upstreamVersion: string;
  /** SHA-256 over names and contents. */
  readonly digest: string;
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names) {
    const path = join(folder, 'src', name);
    if (!statSync(path).isFile()) continue;
    hash.update(`${name}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Seals headers that were just unpacked into `folder`. */
export function sealHeaders(folder: string, upstreamVersion: string): void {
  const manifest = { upstreamVersion, digest: digestOf(folder) };
  writeFileSync(join(folder, 'headers.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The headers in a folder, or undefined when they are missing, of another version, or altered. */
export function readHeaders(folder: string, upstreamVersion: string): TorcsHeaders | undefined {
  const file = join(folder, 'headers.json');
  if (!existsSync(file) || !existsSync(join(folder, 'src'))) return undefined;
  let manifest: z.infer<typeof manifestSchema>;
  try {
    manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
  if (manifest.upstreamVersion !== upstreamVersion || manifest.digest !== digestOf(folder)) return undefined;
  return { folder, upstreamVersion, digest: manifest.digest };
}
