import type { TorcsHost } from './host.ts';

/** The version of TORCS that robot and runner are written for; Debian 11 to 13 and Ubuntu 20.04 to 24.04 ship it. */
export const SUPPORTED_TORCS_VERSION = '1.3.7';

/** What driving needs. */
export const GAME_PACKAGES = ['torcs', 'torcs-data'] as const;

/** What building robot and runner needs besides: the compiler, the libraries' headers, and the unpacker of the source. */
export const BUILD_PACKAGES = [
  'g++',
  'libplib-dev',
  'freeglut3-dev',
  'libgl1-mesa-dev',
  'libglu1-mesa-dev',
  'libegl1-mesa-dev',
  'libpng-dev',
  'libxrandr-dev',
  'xz-utils',
] as const;

/** One installed package. */
export interface InstalledPackage {
  readonly name: string;
  /** Such as `1.3.7+dfsg-5+b2`. */
  readonly version: string;
  /** Version of the source package that it was built from, such as `1.3.7+dfsg-5`. */
  readonly sourceVersion: string;
  /** The upstream part of that, such as `1.3.7+dfsg`. */
  readonly upstreamVersion: string;
}

const FIELDS = ['binary:Package', 'Version', 'source:Version', 'source:Upstream-Version', 'db:Status-Status'];
const FORMAT = `${FIELDS.map((field) => `\${${field}}`).join('\\t')}\\n`;

/** Asks dpkg for packages, by name; those that are not installed are left out. Empty where there is no dpkg. */
export async function queryPackages(
  host: TorcsHost,
  names: readonly string[],
): Promise<ReadonlyMap<string, InstalledPackage>> {
  // dpkg-query exits with 1 when it does not know a name, and prints the others all the same.
  const { stdout } = await host.run('dpkg-query', ['--show', `--showformat=${FORMAT}`, ...names]);
  const installed = new Map<string, InstalledPackage>();
  for (const line of stdout.split('\n')) {
    const [qualified, version, sourceVersion, upstreamVersion, status] = line.split('\t');
    if (status !== 'installed' || !qualified || !version || !sourceVersion || !upstreamVersion) continue;
    const name = qualified.split(':')[0]!;
    installed.set(name, { name, version, sourceVersion, upstreamVersion });
  }
  return installed;
}

/** Whether a Debian version's upstream part (`1.3.7+dfsg`) is of the TORCS that we know. */
export function isSupportedVersion(upstreamVersion: string): boolean {
  return new RegExp(`^${SUPPORTED_TORCS_VERSION.replaceAll('.', '\\.')}(?![\\d.])`).test(upstreamVersion);
}

/** The command that a person types to bring packages in. */
export function installCommand(packages: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
