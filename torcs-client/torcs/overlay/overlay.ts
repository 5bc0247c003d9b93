import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOptions } from '../../options.ts';
import { CAMERA_VIEWS, type CameraFormat } from '../../simulator.ts';
import { ROBOT_FILE, ROBOT_MODULE, type TorcsBuild } from '../build/build-store.ts';
import { TorcsDiskFullError } from '../installation/errors.ts';
import { configurationFiles } from './configuration.ts';
import { ownerPrefix, ownOwner } from './owner.ts';
import { findTorcsRobot, firstDriverName, requireCar, robotDefinition } from './robots.ts';
import { removeFolder, sweepOverlays } from './sweep.ts';

const pixels = z.int().min(1).max(4096);

const optionsSchema = z.strictObject({
  /** Size, view and panels of the pictures. Default: no camera, the game's own settings. */
  camera: z.strictObject({ width: pixels, height: pixels, view: z.enum(CAMERA_VIEWS), panels: z.boolean() }).optional(),
  /** The car that our robot drives. Default car1-trb1. */
  car: z.string().min(1).default('car1-trb1'),
  /** Modules of the game's robots that race too. Default none. */
  opponents: z.array(z.string().min(1)).default([]),
  /** Puts every driver of those robots on this car. Default: each keeps its own. */
  opponentCar: z.string().min(1).optional(),
  /** Where overlays are made. Default: `overlays` in the cache folder. */
  baseFolder: z.string().min(1).optional(),
});

export interface OverlayOptions {
  readonly camera?: CameraFormat | undefined;
  readonly car?: string | undefined;
  readonly opponents?: readonly string[] | undefined;
  readonly opponentCar?: string | undefined;
  readonly baseFolder?: string | undefined;
}

/** Folders of one instance of the game: links to the installed one, with our robot and our settings in between. */
export interface Overlay {
  /** Everything below lies in it. */
  readonly folder: string;
  /** For the game's `-L`. */
  readonly libraryFolder: string;
  /** For the game's `-D`; the process must have it as its working folder. */
  readonly dataFolder: string;
  /** For the game's `-l`: `config`, `results`, and whatever its owner writes into it. */
  readonly localFolder: string;
  /** The environment that the process needs besides its own. */
  readonly environment: Readonly<Record<'LD_LIBRARY_PATH', string>>;
  /** Deletes the folder. Safe to call twice. */
  remove(): void;
}

/** Folder of the overlays of a cache. */
export function overlaysFolder(cacheFolder: string): string {
  return join(cacheFolder, 'overlays');
}

/** Overlays of this process that were not removed yet. */
const open = new Set<string>();
/** Folders in which this process looked for overlays of dead ones: once is enough. */
const sweptBases = new Set<string>();

function removeAllAtExit(): void {
  for (const folder of open) removeFolder(folder);
}

/**
 * Makes the folders of one instance, some 60 links and files in a few milliseconds. Nothing of the installed game is
 * written to. The folder is deleted by `remove`, at the end of this process, or, where neither came to it (kill -9), by
 * the next process that makes one.
 *
 * @throws InvalidArgumentError for an unknown option, car or robot, or a camera size out of range
 * @throws TorcsDiskFullError when the disk is full
 */
export function createOverlay(build: TorcsBuild, options: OverlayOptions = {}): Overlay {
  const checked = parseOptions(optionsSchema, options, 'overlay options');
  const { camera, car, opponents, opponentCar } = checked;
  requireCar(build.dataFolder, car);
  if (opponentCar !== undefined) requireCar(build.dataFolder, opponentCar);
  for (const module of opponents) findTorcsRobot(build, module);

  const baseFolder = checked.baseFolder ?? overlaysFolder(build.cacheFolder);
  mkdirSync(baseFolder, { recursive: true, mode: 0o700 });
  if (!sweptBases.has(baseFolder)) sweepOverlays(baseFolder);
  sweptBases.add(baseFolder);
  if (!process.listeners('exit').includes(removeAllAtExit)) process.once('exit', removeAllAtExit);

  const folder = mkdtempSync(join(baseFolder, ownerPrefix(ownOwner())));
  open.add(folder);
  const remove = () => {
    removeFolder(folder);
    open.delete(folder);
  };
  try {
    const libraryFolder = fillLibraryFolder(join(folder, 'lib'), build);
    const dataFolder = fillDataFolder(join(folder, 'data'), build, car);
    const localFolder = fillLocalFolder(join(folder, 'local'), build, camera);
    if (opponentCar !== undefined) putOnCar(localFolder, build, opponents, opponentCar);
    const environment = { LD_LIBRARY_PATH: join(build.libraryFolder, 'lib') };
    return { folder, libraryFolder, dataFolder, localFolder, environment, remove };
  } catch (error) {
    remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new TorcsDiskFullError(
        `Expected room for a few kilobytes in ${baseFolder}, but the disk is full. Make room, or name another folder ` +
          'with TORCS_PILOT_CACHE.',
        { cause: error },
      );
    }
    throw error;
  }
}

/** Links every entry of a folder into another but those that are left out. */
function linkEntries(from: string, into: string, except: readonly string[] = []): void {
  for (const name of readdirSync(from)) {
    if (!except.includes(name)) symlinkSync(join(from, name), join(into, name));
  }
}

function fillLibraryFolder(folder: string, build: TorcsBuild): string {
  const drivers = join(folder, 'drivers');
  mkdirSync(join(drivers, ROBOT_MODULE), { recursive: true });
  linkEntries(build.libraryFolder, folder, ['drivers']);
  linkEntries(join(build.libraryFolder, 'drivers'), drivers, [ROBOT_MODULE]);
  symlinkSync(build.robotPath, join(drivers, ROBOT_MODULE, ROBOT_FILE));
  return folder;
}

function fillDataFolder(folder: string, build: TorcsBuild, car: string): string {
  const drivers = join(folder, 'drivers');
  mkdirSync(join(drivers, ROBOT_MODULE), { recursive: true });
  linkEntries(build.dataFolder, folder, ['drivers']);
  linkEntries(join(build.dataFolder, 'drivers'), drivers, [ROBOT_MODULE]);
  const definition = robotDefinition(build.robotDefinitionPath, car);
  writeFileSync(join(drivers, ROBOT_MODULE, `${ROBOT_MODULE}.xml`), definition);
  return folder;
}

function fillLocalFolder(folder: string, build: TorcsBuild, camera: CameraFormat | undefined): string {
  const config = join(folder, 'config');
  mkdirSync(config, { recursive: true });
  mkdirSync(join(folder, 'results'));
  const files = configurationFiles(build.dataFolder, camera, firstDriverName(build.robotDefinitionPath));
  for (const [name, text] of files) writeFileSync(join(config, name), text);
  linkEntries(join(build.dataFolder, 'config'), config, [...files.keys()]);
  return folder;
}

/** The game reads a robot's XML from the local folder first (raceinit.cpp, ReInitCars). */
function putOnCar(localFolder: string, build: TorcsBuild, opponents: readonly string[], car: string): void {
  for (const module of new Set(opponents)) {
    const folder = join(localFolder, 'drivers', module);
    mkdirSync(folder, { recursive: true });
    const installed = join(build.dataFolder, 'drivers', module, `${module}.xml`);
    writeFileSync(join(folder, `${module}.xml`), robotDefinition(installed, car));
  }
}
