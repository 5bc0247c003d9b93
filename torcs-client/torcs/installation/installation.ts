import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TorcsHost } from './host.ts';
import { BUILD_PACKAGES, GAME_PACKAGES, type InstalledPackage, queryPackages } from './packages.ts';

/** The operating system, as far as the setup cares. */
export interface SystemDescription {
  /** For people, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly label: string;
  /** A Linux whose packages come by apt. */
  readonly hasApt: boolean;
}

/** What of the game and of the tools to build for it is on this machine. */
export interface TorcsInstallation {
  readonly system: SystemDescription;
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  readonly missingGamePackages: readonly string[];
  readonly missingBuildPackages: readonly string[];
  /** Holds `drivers`, `modules` and `lib`; undefined when there is none. */
  readonly libraryFolder: string | undefined;
  /** Holds `cars`, `tracks`, `drivers`, …; undefined when there is none. */
  readonly dataFolder: string | undefined;
}

/** Debian's name of the processor's libraries: the folder under /usr/lib. */
const TRIPLETS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ia32: 'i386-linux-gnu',
  ppc64: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
};

/** Reads os-release(5). */
export function describeSystem(host: TorcsHost): SystemDescription {
  if (host.platform !== 'linux') return { label: host.platform, hasApt: false };
  const file = join(host.fileRoot, 'etc/os-release');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}=["']?(.*?)["']?$`, 'm').exec(text)?.[1];
  const family = [field('ID'), ...(field('ID_LIKE') ?? '').split(' ')];
  return {
    label: field('PRETTY_NAME') ?? 'an unknown Linux',
    hasApt:
      (family.includes('debian') || family.includes('ubuntu')) && existsSync(join(host.fileRoot, 'usr/bin/apt-get')),
  };
}

function findLibraryFolder(host: TorcsHost): string | undefined {
  const root = join(host.fileRoot, 'usr/lib');
  if (!existsSync(root)) return undefined;
  const own = TRIPLETS[host.architecture];
  const names = own === undefined ? readdirSync(root).sort() : [own];
  return names
    .map((name) => join(root, name, 'torcs'))
    .find((folder) => existsSync(join(folder, 'modules')) && existsSync(join(folder, 'lib')));
}

function findDataFolder(host: TorcsHost): string | undefined {
  const folder = join(host.fileRoot, 'usr/share/games/torcs');
  return existsSync(join(folder, 'tracks')) && existsSync(join(folder, 'config')) ? folder : undefined;
}

/** Looks for the game and the tools. Only reads. */
export async function findInstallation(host: TorcsHost): Promise<TorcsInstallation> {
  const system = describeSystem(host);
  const packages: ReadonlyMap<string, InstalledPackage> = system.hasApt
    ? await queryPackages(host, [...GAME_PACKAGES, ...BUILD_PACKAGES])
    : new Map();
  const missing = (names: readonly string[]) => names.filter((name) => !packages.has(name));
  return {
    system,
    packages,
    missingGamePackages: missing(GAME_PACKAGES),
    missingBuildPackages: missing(BUILD_PACKAGES),
    libraryFolder: findLibraryFolder(host),
    dataFolder: findDataFolder(host),
  };
}

/** What a person does on a system where no TORCS can be set up. */
export const WITHOUT_LOCAL_TORCS =
  'Instead: drive the embedded simulator (`--simulator embedded`), which needs nothing installed; or start TORCS with ' +
  'its SCR server on any machine, and drive it from here with `--simulator scr://HOST:PORT`; or run torcs-pilot in ' +
  'Debian 12 or Ubuntu 22.04 or later (a container, a virtual machine, WSL on Windows).';
