import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  buildFingerprint,
  cacheLayout,
  ROBOT_DEFINITION_FILE,
  ROBOT_FILE,
  RUNNER_FILE,
  readBuild,
  readProof,
  type TorcsBuild,
  type TorcsProof,
} from '../build/build-store.ts';
import { defaultRobotFolder, readRobotSources } from '../build/robot-sources.ts';
import { TorcsNotReadyError } from '../installation/errors.ts';
import { defaultCacheFolder, systemHost, type TorcsHost } from '../installation/host.ts';
import { findInstallation, type TorcsInstallation, WITHOUT_LOCAL_TORCS } from '../installation/installation.ts';
import { isSupportedVersion, SUPPORTED_TORCS_VERSION } from '../installation/packages.ts';

export interface FindTorcsOptions {
  /** Default: see `defaultCacheFolder`. */
  readonly cacheFolder?: string | undefined;
  /** Folder of the C++ sources. Default: the one in this package. */
  readonly robotFolder?: string | undefined;
  /** The machine to look at. Default: this one. */
  readonly host?: TorcsHost | undefined;
}

/** One thing that a local TORCS takes. */
export interface TorcsPiece {
  /** Stable name, for programs. */
  readonly name: 'system' | 'game' | 'libraries' | 'data' | 'build-tools' | 'headers' | 'programs';
  /** Needed to drive, or only when something has to be built. */
  readonly neededTo: 'drive' | 'build';
  readonly ok: boolean;
  /** What is there, or what is missing; for people. */
  readonly found: string;
}

/** What of a local TORCS is there. */
export interface TorcsStatus {
  /** A lap can be driven at once. */
  readonly ready: boolean;
  readonly pieces: readonly TorcsPiece[];
  readonly cacheFolder: string;
  /** Version of the installed package, such as `1.3.7+dfsg-5+b2`. */
  readonly packageVersion: string | undefined;
  /** Present when `ready`. */
  readonly build: TorcsBuild | undefined;
  /** The lap that proved the build, when one did. */
  readonly proof: TorcsProof | undefined;
}

/** What the setup and the status both look at. */
export interface TorcsSurvey {
  readonly host: TorcsHost;
  readonly cacheFolder: string;
  readonly robotFolder: string;
  readonly installation: TorcsInstallation;
}

/** Looks at the machine. Only reads. */
export async function surveyTorcs(options: FindTorcsOptions = {}): Promise<TorcsSurvey> {
  const host = options.host ?? systemHost();
  return {
    host,
    // Links of overlays and the linker's paths need it whole.
    cacheFolder: resolve(options.cacheFolder ?? defaultCacheFolder(host.environment)),
    robotFolder: options.robotFolder ?? defaultRobotFolder(),
    installation: await findInstallation(host),
  };
}

/** The build that fits the installed game and our sources, or undefined when it is not there. Only reads. */
export function findBuild(survey: TorcsSurvey): TorcsBuild | undefined {
  const { installation, cacheFolder, host } = survey;
  const game = installation.packages.get('torcs');
  const { libraryFolder, dataFolder } = installation;
  if (game === undefined || libraryFolder === undefined || dataFolder === undefined) return undefined;
  const fingerprint = buildFingerprint({
    sources: readRobotSources(survey.robotFolder),
    packageVersion: game.version,
    upstreamVersion: game.upstreamVersion,
    architecture: host.architecture,
  });
  const folder = cacheLayout(cacheFolder).build(fingerprint);
  if (readBuild(folder, fingerprint) === undefined) return undefined;
  return {
    runnerPath: join(folder, RUNNER_FILE),
    robotPath: join(folder, ROBOT_FILE),
    robotDefinitionPath: join(folder, ROBOT_DEFINITION_FILE),
    libraryFolder,
    dataFolder,
    packageVersion: game.version,
    fingerprint,
    cacheFolder,
  };
}

/** What is there of a local TORCS, piece by piece. Only reads, and throws for nothing that is missing. */
export async function findTorcs(options: FindTorcsOptions = {}): Promise<TorcsStatus> {
  const survey = await surveyTorcs(options);
  const { installation, cacheFolder } = survey;
  const { system, missingGamePackages, missingBuildPackages, libraryFolder, dataFolder } = installation;
  const game = installation.packages.get('torcs');
  const supported = game !== undefined && isSupportedVersion(game.upstreamVersion);
  const build = supported ? findBuild(survey) : undefined;
  const proof = build && readProof(cacheLayout(cacheFolder).build(build.fingerprint));
  const layout = cacheLayout(cacheFolder);
  const hasHeaders = game !== undefined && existsSync(join(layout.headers(game.upstreamVersion), 'headers.json'));

  type Name = TorcsPiece['name'];
  const drive = (name: Name, ok: boolean, found: string): TorcsPiece => ({ name, neededTo: 'drive', ok, found });
  const buildPiece = (name: Name, ok: boolean, found: string): TorcsPiece => ({ name, neededTo: 'build', ok, found });
  const pieces = [
    drive('system', system.hasApt, system.hasApt ? system.label : `${system.label}: neither Debian nor Ubuntu`),
    drive('game', supported && missingGamePackages.length === 0, describeGame(installation)),
    drive(
      'libraries',
      libraryFolder !== undefined,
      libraryFolder ?? "no folder of the game's libraries under /usr/lib",
    ),
    drive('data', dataFolder !== undefined, dataFolder ?? 'no /usr/share/games/torcs'),
    buildPiece(
      'build-tools',
      missingBuildPackages.length === 0,
      missingBuildPackages.length === 0 ? 'compiler and libraries' : `missing: ${missingBuildPackages.join(' ')}`,
    ),
    buildPiece('headers', hasHeaders, hasHeaders ? 'in the cache' : 'not fetched'),
    drive('programs', build !== undefined, build?.runnerPath ?? describeMissingBuild(layout.builds)),
  ];
  const ready = build !== undefined && pieces.every((piece) => piece.ok || piece.neededTo === 'build');
  const readyBuild = ready ? build : undefined;
  return { ready, pieces, cacheFolder, packageVersion: game?.version, build: readyBuild, proof };
}

function describeGame(installation: TorcsInstallation): string {
  const game = installation.packages.get('torcs');
  if (game === undefined) return `missing packages: ${installation.missingGamePackages.join(' ')}`;
  if (!isSupportedVersion(game.upstreamVersion)) {
    return `TORCS ${game.version} is installed, and torcs-pilot knows version ${SUPPORTED_TORCS_VERSION} only`;
  }
  if (installation.missingGamePackages.length > 0) {
    return `TORCS ${game.version}, but missing packages: ${installation.missingGamePackages.join(' ')}`;
  }
  return `TORCS ${game.version}`;
}

function describeMissingBuild(builds: string): string {
  return existsSync(builds)
    ? 'robot and runner were built for another TORCS or from other sources, or are damaged'
    : 'robot and runner are not built';
}

/**
 * The TORCS that can be started.
 * @throws TorcsNotReadyError (`ERR_TORCS_NOT_READY`) when anything is missing or stale: names each piece, and what to run
 */
export async function requireTorcs(options: FindTorcsOptions = {}): Promise<TorcsBuild> {
  const status = await findTorcs(options);
  if (status.build !== undefined) return status.build;
  const lacks = status.pieces.filter((piece) => !piece.ok && piece.neededTo === 'drive');
  const system = lacks.find((piece) => piece.name === 'system');
  throw new TorcsNotReadyError(
    system === undefined
      ? `Expected a TORCS on this machine that is set up, got: ${lacks.map((piece) => piece.found).join('; ')}. ` +
          'Run `npx torcs-pilot torcs setup` once.'
      : `Expected a TORCS on this machine, and it cannot be set up here (${system.found}). ${WITHOUT_LOCAL_TORCS}`,
  );
}
