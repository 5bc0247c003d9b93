import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One place that the system's apt takes packages from, turned into one of source packages. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  /** How to write it: apt tells its two formats apart by the file's name. */
  readonly format: 'sources' | 'list';
  readonly text: string;
}

const withoutSlash = (uri: string) => uri.replace(/\/+$/, '');
const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** Reads the classic one-line format: `deb [option=value …] URI suite component …` (sources.list(5)). */
export function parseListFile(text: string): AptSource[] {
  return text.split('\n').flatMap((line): AptSource[] => {
    const match = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (match === null) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const rest = `deb-src ${options}${uri} ${suite}${components.trimEnd()}\n`;
    return [{ uris: [withoutSlash(uri)], suites: [suite], format: 'list', text: rest }];
  });
}

/** Reads the deb822 format: stanzas of `Field: value`, whose values may go on over indented lines (sources.list(5)). */
export function parseSourcesFile(text: string): AptSource[] {
  const uncommented = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  return uncommented.split(/\n[ \t]*\n/).flatMap((stanza): AptSource[] => {
    const fields = stanza.match(/^[^\s:]+:.*(?:\n[ \t].*)*/gm) ?? [];
    const value = (name: string) => {
      const field = fields.find((line) => line.toLowerCase().startsWith(`${name}:`));
      return field?.slice(name.length + 1).trim();
    };
    const disabled = /^(no|false|without|off|disable)$/i.test(value('enabled') ?? 'yes');
    if (disabled || !words(value('types') ?? '').includes('deb')) return [];
    const others = fields.filter((line) => !/^(types|architectures|enabled):/i.test(line));
    return [
      {
        uris: words(value('uris') ?? '').map(withoutSlash),
        suites: words(value('suites') ?? ''),
        format: 'sources',
        text: `${['Types: deb-src', ...others].join('\n')}\n`,
      },
    ];
  });
}

/** All sources that the system's apt is set to use, of both formats. */
export function readSystemSources(fileRoot: string): AptSource[] {
  const main = join(fileRoot, 'etc/apt/sources.list');
  const parts = join(fileRoot, 'etc/apt/sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = [...(existsSync(main) ? [main] : []), ...names.map((name) => join(parts, name))];
  return files.flatMap((file) => {
    if (file.endsWith('.list')) return parseListFile(readFileSync(file, 'utf8'));
    if (file.endsWith('.sources')) return parseSourcesFile(readFileSync(file, 'utf8'));
    return [];
  });
}

/**
 * Those sources that a package comes from, so that no other archive (which may have no source packages) is asked.
 * @param policy what `apt-cache policy PACKAGE` printed
 * @returns all sources when the policy names none of them
 */
export function sourcesOfPackage(sources: readonly AptSource[], policy: string): readonly AptSource[] {
  const places = [...policy.matchAll(/^\s+-?\d+ (\S+) (\S+)\/\S+ \S+ Packages/gm)].map(([, uri = '', suite = '']) => ({
    uri: withoutSlash(uri),
    suite,
  }));
  const chosen = sources.filter((source) =>
    places.some(({ uri, suite }) => source.uris.includes(uri) && source.suites.includes(suite)),
  );
  return chosen.length > 0 ? chosen : sources;
}
