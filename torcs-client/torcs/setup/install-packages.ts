import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TorcsCommandError, TorcsPackagesMissingError, TorcsVersionError } from '../installation/errors.ts';
import { commandLine, lastLines, runOrThrow, type TorcsHost } from '../installation/host.ts';
import { installCommand, isSupportedVersion, SUPPORTED_TORCS_VERSION } from '../installation/packages.ts';

const NO_QUESTIONS = { DEBIAN_FRONTEND: 'noninteractive' } as const;

/** Another apt or dpkg (unattended upgrades, say) may hold the system's lock for a while. */
const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=300'] as const;

const NETWORK_HINT =
  'Check the network, the proxy and /etc/apt (the lines above name what apt could not reach), then run the setup again.';

export interface InstallPackagesOptions {
  readonly host: TorcsHost;
  readonly packages: readonly string[];
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The version that apt would install, or undefined when it knows none. */
async function candidateVersion(host: TorcsHost, name: string): Promise<string | undefined> {
  const { stdout } = await host.run('apt-cache', ['policy', name]);
  const candidate = /^\s*Candidate: (\S+)/m.exec(stdout)?.[1];
  return candidate === '(none)' ? undefined : candidate;
}

/** The upstream part of a Debian version, deb-version(7): between the epoch and the last hyphen. */
function upstreamOf(version: string): string {
  return version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
}

function hasPackageLists(host: TorcsHost): boolean {
  const folder = join(host.fileRoot, 'var/lib/apt/lists');
  return existsSync(folder) && readdirSync(folder).some((name) => name.includes('_Packages'));
}

/**
 * Brings packages in, as root; apt's own lists are fetched when there are none, or when what they name is gone.
 *
 * @throws TorcsPackagesMissingError when this user is not root; its message holds the one command to run
 * @throws TorcsVersionError when apt would install another TORCS
 * @throws TorcsCommandError when apt fails
 */
export async function installPackages(options: InstallPackagesOptions): Promise<void> {
  const { host, packages, log, signal } = options;
  if (host.userId !== 0) {
    const command = installCommand(packages);
    throw new TorcsPackagesMissingError(
      `Expected the packages ${packages.join(', ')} to be installed, and only root may do that. Run this, then the ` +
        `setup again:\n  ${command}`,
      command,
    );
  }
  const aptGet = (args: readonly string[]) => [...WAIT_FOR_LOCK, '-q', ...args];
  const update = async () => {
    log("fetching apt's lists of packages");
    const purpose = "fetch apt's lists of packages";
    const args = aptGet(['update']);
    const result = await runOrThrow(host, 'apt-get', args, { purpose, whatToDo: NETWORK_HINT, signal });
    // An archive out of reach is only a warning to apt; it may be the one that matters.
    warnings = result.stderr;
    updated = true;
  };
  let updated = false;
  let warnings = '';
  if (!hasPackageLists(host)) await update();
  if (packages.includes('torcs') && (await candidateVersion(host, 'torcs')) === undefined && !updated) await update();
  if (packages.includes('torcs')) requireCandidate(await candidateVersion(host, 'torcs'), warnings);

  log(`installing ${packages.join(' ')}`);
  const args = aptGet(['install', '-y', '--no-install-recommends', ...packages]);
  // dpkg killed half-way leaves a system that wants repair: let it finish whatever becomes of us.
  const install = () => host.run('apt-get', args, { environment: NO_QUESTIONS, outlivesUs: true });
  let result = await install();
  if (result.code !== 0 && /dpkg --configure -a/.test(result.stderr)) {
    log('finishing an installation that was interrupted earlier');
    await host.run('dpkg', ['--configure', '-a'], { environment: NO_QUESTIONS, outlivesUs: true });
    result = await install();
  }
  if (result.code !== 0 && !updated) {
    await update();
    result = await install();
  }
  if (result.code === 0) return;
  throw new TorcsCommandError(
    `Could not install the packages: ${commandLine('apt-get', args)} exited with ${result.code}.\n` +
      `${lastLines(result)}\n${NETWORK_HINT}`,
  );
}

function requireCandidate(candidate: string | undefined, warnings: string): void {
  if (candidate === undefined && /^[WE]: /m.test(warnings)) {
    throw new TorcsCommandError(
      `Expected apt to know a package torcs, but it does not, and it could not fetch all of its lists:\n` +
        `${lastLines({ code: 0, stdout: '', stderr: warnings })}\n${NETWORK_HINT}`,
    );
  }
  if (candidate === undefined) {
    throw new TorcsVersionError(
      "Expected apt to know a package torcs, but it does not. On Debian it is in the archive's part `main`, on Ubuntu " +
        'in `universe` (`sudo add-apt-repository universe`). Then run the setup again.',
    );
  }
  if (isSupportedVersion(upstreamOf(candidate))) return;
  throw new TorcsVersionError(
    `Expected apt to offer TORCS ${SUPPORTED_TORCS_VERSION}, but it offers ${candidate}. Nothing was installed. ` +
      'Run torcs-pilot in Debian 12 or Ubuntu 22.04 or later, or drive a TORCS elsewhere with `--simulator scr://HOST:PORT`.',
  );
}
