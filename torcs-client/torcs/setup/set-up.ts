import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  buildFingerprint,
  cacheLayout,
  ROBOT_DEFINITION_FILE,
  ROBOT_FILE,
  RUNNER_FILE,
  removeProof,
  type TorcsBuild,
  type TorcsProof,
  writeBuildManifest,
  writeProof,
} from '../build/build-store.ts';
import { compileRobotAndRunner } from '../build/compile.ts';
import { readRobotSources } from '../build/robot-sources.ts';
import {
  TorcsDiskFullError,
  TorcsNotReadyError,
  TorcsUnsupportedSystemError,
  TorcsVersionError,
} from '../installation/errors.ts';
import { findInstallation, WITHOUT_LOCAL_TORCS } from '../installation/installation.ts';
import { type InstalledPackage, isSupportedVersion, SUPPORTED_TORCS_VERSION } from '../installation/packages.ts';
import { type FindTorcsOptions, findBuild, surveyTorcs, type TorcsSurvey } from '../status/status.ts';
import { fetchHeaders } from './fetch-headers.ts';
import { installPackages } from './install-packages.ts';
import { acquireSetupLock } from './lock.ts';

/** Drives one lap with a build, and tells of it. Whatever it throws ends the setup. */
export type ProveTorcs = (build: TorcsBuild) => Promise<Omit<TorcsProof, 'provedAt'>>;

export interface SetUpTorcsOptions extends FindTorcsOptions {
  /** Takes one line of progress at a time. */
  readonly log: (line: string) => void;
  readonly prove: ProveTorcs;
  /** Wall-clock date, for the records. Default: the system's. */
  readonly date?: (() => Date) | undefined;
  /** Ends the setup; run again, it goes on where it was. */
  readonly signal?: AbortSignal | undefined;
}

/** What a setup came to. */
export interface TorcsSetup {
  readonly build: TorcsBuild;
  readonly proof: TorcsProof;
  /** What this run did; what was there already is left out. */
  readonly done: readonly ('packages' | 'headers' | 'programs' | 'proof')[];
}

/**
 * Sets a local TORCS up: packages, headers, robot and runner, and one lap that proves them. What is there already and
 * whole is left as it is; killed at any moment, it goes on where it was when it is run again; two at once do not meet.
 *
 * @throws TorcsUnsupportedSystemError on a system without apt: says what to do instead
 * @throws TorcsPackagesMissingError when packages are missing and this user is not root: has the command to run
 * @throws TorcsVersionError for a TORCS of another version
 * @throws TorcsSetupRunningError while another setup runs for the same cache folder
 * @throws TorcsCommandError when apt, tar or the compiler fails
 * @throws TorcsDiskFullError when there is no room
 */
export async function setUpTorcs(options: SetUpTorcsOptions): Promise<TorcsSetup> {
  const survey = await surveyTorcs(options);
  const { system } = survey.installation;
  if (!system.hasApt) {
    throw new TorcsUnsupportedSystemError(
      `Expected Debian or Ubuntu to set TORCS up on, got ${system.label}. ${WITHOUT_LOCAL_TORCS}`,
    );
  }
  try {
    return await setUpLocked(survey, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new TorcsDiskFullError(
      `Expected room for the setup of TORCS in ${survey.cacheFolder}, but the disk is full. Make room, or name another ` +
        'folder with TORCS_PILOT_CACHE; then run the setup again.',
      { cause: error },
    );
  }
}

async function setUpLocked(survey: TorcsSurvey, options: SetUpTorcsOptions): Promise<TorcsSetup> {
  mkdirSync(survey.cacheFolder, { recursive: true });
  const lock = await acquireSetupLock(survey.cacheFolder);
  const { work } = cacheLayout(survey.cacheFolder);
  // Nobody else works here: whatever lies here is what a killed setup left.
  rmSync(work, { recursive: true, force: true });
  try {
    return await setUpAlone(survey, options);
  } finally {
    rmSync(work, { recursive: true, force: true });
    await lock.release();
  }
}

async function setUpAlone(first: TorcsSurvey, options: SetUpTorcsOptions): Promise<TorcsSetup> {
  const { log, signal } = options;
  const done: TorcsSetup['done'][number][] = [];
  const layout = cacheLayout(first.cacheFolder);
  const { survey, installed } = await requirePackages(first, options);
  if (installed) done.push('packages');
  const game = survey.installation.packages.get('torcs');
  const { libraryFolder, dataFolder } = survey.installation;
  if (game === undefined || libraryFolder === undefined || dataFolder === undefined) {
    throw new TorcsNotReadyError(
      'Expected the packages torcs and torcs-data to bring /usr/lib/TRIPLET/torcs and /usr/share/games/torcs, but ' +
        `${libraryFolder === undefined ? 'the libraries' : 'the data'} are not there. Run: ` +
        'sudo apt-get install --reinstall torcs torcs-data',
    );
  }
  log(`game: TORCS ${game.version}`);

  const { workFolder, headersFolder } = {
    workFolder: layout.work,
    headersFolder: layout.headers(game.upstreamVersion),
  };
  if (findBuild(survey) === undefined) {
    const hadHeaders = existsSync(join(headersFolder, 'headers.json'));
    const headers = await fetchHeaders({ host: survey.host, game, headersFolder, workFolder, log, signal });
    if (!hadHeaders) done.push('headers');
    await buildPrograms(survey, { game, libraryFolder, headers, options });
    done.push('programs');
  }
  const build = findBuild(survey);
  if (build === undefined) {
    throw new TorcsNotReadyError(
      `Expected robot and runner in ${layout.builds} after they were built. Did something delete or change them? ` +
        'Run the setup again.',
    );
  }
  log(`programs: ${build.runnerPath}`);

  log('proving them with one lap');
  const provedAt = (options.date?.() ?? new Date()).toISOString();
  const buildFolder = layout.build(build.fingerprint);
  // A lap of an earlier day proves nothing if this one fails.
  removeProof(buildFolder);
  const lap = await options.prove(build);
  if (!(lap.lapTimeS > 0)) {
    throw new TorcsNotReadyError(
      `Expected TORCS to drive a lap on ${lap.track}, got a lap time of ${lap.lapTimeS}. Run the setup again, and ` +
        'report it if it fails the same way.',
    );
  }
  const proof: TorcsProof = { track: lap.track, lapTimeS: lap.lapTimeS, ticks: lap.ticks, provedAt };
  writeProof(buildFolder, proof);
  done.push('proof');
  log(`proved: ${proof.track} in ${proof.lapTimeS.toFixed(2)} s`);
  return { build, proof, done };
}

/** Checks the game's version, and installs what is missing. */
async function requirePackages(
  survey: TorcsSurvey,
  options: SetUpTorcsOptions,
): Promise<{ survey: TorcsSurvey; installed: boolean }> {
  const { missingGamePackages, missingBuildPackages, packages } = survey.installation;
  requireSupported(packages.get('torcs'));
  const missing = [...missingGamePackages, ...missingBuildPackages];
  if (missing.length === 0) {
    options.log('packages: all there');
    return { survey, installed: false };
  }
  await installPackages({ host: survey.host, packages: missing, log: options.log, signal: options.signal });
  const installation = await findInstallation(survey.host);
  requireSupported(installation.packages.get('torcs'));
  return { survey: { ...survey, installation }, installed: true };
}

function requireSupported(game: InstalledPackage | undefined): void {
  if (game === undefined || isSupportedVersion(game.upstreamVersion)) return;
  throw new TorcsVersionError(
    `Expected TORCS ${SUPPORTED_TORCS_VERSION}, got ${game.version}, which is installed here and is left as it is. Its ` +
      `libraries do not fit our robot. Install ${SUPPORTED_TORCS_VERSION} instead, or start that TORCS with its SCR ` +
      'server and drive it with `--simulator scr://localhost:3001`.',
  );
}

interface BuildParts {
  readonly game: InstalledPackage;
  readonly libraryFolder: string;
  readonly headers: Awaited<ReturnType<typeof fetchHeaders>>;
  readonly options: SetUpTorcsOptions;
}

/** Compiles into a folder aside, and moves it to its place when it is whole: nobody ever sees half a build. */
async function buildPrograms(survey: TorcsSurvey, parts: BuildParts): Promise<void> {
  const { host } = survey;
  const { game, libraryFolder, headers, options } = parts;
  const layout = cacheLayout(survey.cacheFolder);
  const sources = readRobotSources(survey.robotFolder);
  mkdirSync(layout.work, { recursive: true });
  const work = mkdtempSync(join(layout.work, 'build-'));
  const result = join(work, 'result');
  mkdirSync(result);
  const workFolder = join(work, 'objects');
  mkdirSync(workFolder);
  options.log('compiling robot and runner');
  const warnings = await compileRobotAndRunner({
    ...{ host, sources, headers, libraryFolder, workFolder, signal: options.signal },
    robotPath: join(result, ROBOT_FILE),
    runnerPath: join(result, RUNNER_FILE),
  });
  if (warnings !== '') options.log(warnings);
  copyFileSync(join(sources.folder, sources.robotDefinition), join(result, ROBOT_DEFINITION_FILE));
  const fingerprint = buildFingerprint({
    sources,
    packageVersion: game.version,
    upstreamVersion: game.upstreamVersion,
    architecture: host.architecture,
  });
  const builtAt = (options.date?.() ?? new Date()).toISOString();
  writeBuildManifest(result, {
    ...{ fingerprint, builtAt },
    packageVersion: game.version,
    headersDigest: headers.digest,
  });
  const place = layout.build(fingerprint);
  mkdirSync(dirname(place), { recursive: true });
  // Something damaged may be in the place; a game that runs from it keeps its files open.
  if (existsSync(place)) renameSync(place, join(work, 'damaged'));
  renameSync(result, place);
}
