import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HEADER_PATTERNS, readHeaders, sealHeaders, type TorcsHeaders } from '../build/headers.ts';
import { TorcsCommandError, TorcsDiskFullError, TorcsVersionError } from '../installation/errors.ts';
import { runOrThrow, type TorcsHost } from '../installation/host.ts';
import type { InstalledPackage } from '../installation/packages.ts';
import { readSystemSources, sourcesOfPackage } from './apt-sources.ts';

export interface FetchHeadersOptions {
  readonly host: TorcsHost;
  /** The installed package `torcs`. */
  readonly game: InstalledPackage;
  /** Where the headers end up. */
  readonly headersFolder: string;
  /** Where the work is done; on the same disk. The caller empties it afterwards. */
  readonly workFolder: string;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const NETWORK_HINT = 'Check the network, the proxy and /etc/apt, then run `npx torcs-pilot torcs setup` again.';
/** What apt's lists and the unpacked headers take besides the archive, bytes. */
const ROOM_BESIDES = 100e6;
const PROGRESS_INTERVAL_MS = 5000;
const MEGABYTE = 1e6;

/** Apt with lists and caches of its own, and source packages instead of binary ones; works as an ordinary user. */
function privateApt(host: TorcsHost, folder: string, policy: string): string[] {
  const parts = join(folder, 'sources.d');
  for (const name of [parts, join(folder, 'lists/partial'), join(folder, 'cache/archives/partial')]) {
    mkdirSync(name, { recursive: true });
  }
  const sources = sourcesOfPackage(readSystemSources(host.fileRoot), policy);
  for (const [index, source] of sources.entries()) {
    writeFileSync(join(parts, `${index}.${source.format}`), source.text);
  }
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': parts,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'Acquire::Retries': '3',
    // Else apt takes an archive out of reach for a warning, and goes on without it (apt 2.1 and later).
    'APT::Update::Error-Mode': 'any',
    // Run by root, apt would download as a user who may not enter root's cache folder.
    ...(host.userId === 0 ? { 'APT::Sandbox::User': 'root' } : {}),
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

interface SourceArchive {
  readonly request: string;
  readonly file: string;
  readonly upstreamVersion: string;
  /** Of all files of the source package, bytes. */
  readonly bytes: number;
}

/** Finds the archive of the installed version, or of a later revision of the same upstream version. */
async function findArchive(host: TorcsHost, apt: readonly string[], game: InstalledPackage): Promise<SourceArchive> {
  const found: string[] = [];
  for (const request of [`torcs=${game.sourceVersion}`, 'torcs']) {
    const { stdout } = await host.run('apt-get', [...apt, '--print-uris', 'source', request]);
    const files = [...stdout.matchAll(/^'.*' (\S+) (\d+) /gm)].map(([, name = '', size]) => ({
      name,
      size: Number(size),
    }));
    for (const { name } of files) {
      const upstreamVersion = /^torcs_(.+)\.orig\.tar\.\w+$/.exec(name)?.[1];
      if (upstreamVersion === undefined) continue;
      found.push(upstreamVersion);
      if (upstreamVersion !== game.upstreamVersion) continue;
      const bytes = files.reduce((sum, file) => sum + file.size, 0);
      return { request, file: name, upstreamVersion, bytes };
    }
  }
  if (found.length > 0) {
    throw new TorcsVersionError(
      `Expected the source of TORCS ${game.upstreamVersion}, the installed version, but the archive has ` +
        `${found.join(', ')}. Update the installed one: sudo apt-get update && sudo apt-get install torcs torcs-data`,
    );
  }
  throw new TorcsCommandError(
    "Expected the source package of TORCS, with the headers that the binary packages lack, in the system's archives, " +
      `but apt finds none in: ${listSources(apt)}. Add the archive that torcs came from to /etc/apt, then run the setup again.`,
  );
}

function listSources(apt: readonly string[]): string {
  const parts = apt.find((word) => word.startsWith('Dir::Etc::sourceparts='))?.split('=')[1] ?? '';
  return readdirSync(parts).length === 0 ? '/etc/apt (which names no archive)' : '/etc/apt';
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes + ROOM_BESIDES) return;
  const megabytes = (count: number) => Math.ceil(count / MEGABYTE);
  throw new TorcsDiskFullError(
    `Expected ${megabytes(bytes + ROOM_BESIDES)} MB free in ${folder} for the source of TORCS, got ${megabytes(free)} MB. ` +
      'Make room, or name another folder with TORCS_PILOT_CACHE. All but a megabyte is freed again.',
  );
}

/** Tells how much of a file has arrived, every few seconds. */
function watchDownload(file: string, bytes: number, log: (line: string) => void): { stop(): void } {
  const timer = setInterval(() => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    log(`  ${Math.round(size / MEGABYTE)} of ${Math.round(bytes / MEGABYTE)} MB`);
  }, PROGRESS_INTERVAL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/**
 * The headers of the installed game, from its source package: Debian's binary packages have none. The source is
 * checked by apt against the archive's signatures, only what is needed is unpacked, and the rest is deleted.
 * Debian's patches do not touch these files (1.3.7+dfsg-5: compared file by file), so they are not applied.
 *
 * @throws TorcsVersionError when the archive holds another version only
 * @throws TorcsDiskFullError when there is no room for the archive
 * @throws TorcsCommandError when apt or tar fails
 */
export async function fetchHeaders(options: FetchHeadersOptions): Promise<TorcsHeaders> {
  const { host, game, headersFolder, log, signal } = options;
  const present = readHeaders(headersFolder, game.upstreamVersion);
  if (present !== undefined) return present;

  mkdirSync(options.workFolder, { recursive: true });
  const work = mkdtempSync(join(options.workFolder, 'headers-'));
  const run = (command: string, args: readonly string[], purpose: string, workingFolder = work) =>
    runOrThrow(host, command, args, { purpose, whatToDo: NETWORK_HINT, workingFolder, signal });
  const policy = await host.run('apt-cache', ['policy', 'torcs']);
  const apt = privateApt(host, work, policy.stdout);
  log('fetching the lists of source packages');
  await run('apt-get', [...apt, 'update'], 'fetch the lists of source packages');
  const archive = await findArchive(host, apt, game);
  requireRoom(options.workFolder, archive.bytes);

  log(
    `fetching ${archive.file}, ${Math.round(archive.bytes / MEGABYTE)} MB, for its headers; it is deleted afterwards`,
  );
  const watch = watchDownload(join(work, archive.file), archive.bytes, log);
  try {
    await run('apt-get', [...apt, '--download-only', 'source', archive.request], 'fetch the source of TORCS');
  } finally {
    watch.stop();
  }
  log('unpacking the headers');
  const unpacked = join(work, 'unpacked');
  mkdirSync(unpacked);
  await run(
    'tar',
    ['-xf', archive.file, '-C', unpacked, '--strip-components=1', '--wildcards', ...HEADER_PATTERNS],
    'unpack the headers of TORCS',
  );
  sealHeaders(unpacked, game.upstreamVersion);
  mkdirSync(dirname(headersFolder), { recursive: true });
  rmSync(headersFolder, { recursive: true, force: true });
  renameSync(unpacked, headersFolder);
  rmSync(work, { recursive: true, force: true });
  const headers = readHeaders(headersFolder, game.upstreamVersion);
  if (headers !== undefined) return headers;
  throw new TorcsCommandError(`Expected the headers of TORCS in ${headersFolder} to be whole. Run the setup again.`);
}
