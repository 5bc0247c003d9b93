import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from '../../errors.ts';
import { nearestNames } from '../../nearest.ts';
import {
  formatParameterFile,
  type ParameterFile,
  parameterText,
  parseParameterFile,
  sectionAt,
  setParameters,
} from './parameter-file.ts';

/** Where the game lies: the two folders of a `TorcsBuild` that matter here. */
export interface GameFolders {
  readonly libraryFolder: string;
  readonly dataFolder: string;
}

/** One driver of a robot module. */
export interface RobotDriver {
  /** Its index within the module, as a race's XML names it. */
  readonly index: number;
  readonly name: string;
  readonly car: string;
}

/** A robot that came with the game. */
export interface TorcsRobot {
  readonly module: string;
  readonly drivers: readonly RobotDriver[];
}

/** The file by which the game knows a robot's drivers. */
function definitionFile(dataFolder: string, module: string): string {
  return join(dataFolder, 'drivers', module, `${module}.xml`);
}

function readDefinition(file: string): ParameterFile {
  return parseParameterFile(readFileSync(file, 'latin1'), file);
}

/** The drivers that a robot's XML lists. */
function driversOf(definition: ParameterFile): RobotDriver[] {
  return [...sectionAt(definition, 'Robots/index').sections]
    .filter(([, section]) => (parameterText(section, 'type') ?? 'robot') === 'robot')
    .map(([index, section]) => ({
      index: Number(index),
      name: parameterText(section, 'name') ?? '',
      car: parameterText(section, 'car name') ?? '',
    }));
}

/** Modules of the game's own robots that drive by themselves: `human` is none of them. */
function robotModules(game: GameFolders): string[] {
  return readdirSync(join(game.libraryFolder, 'drivers'))
    .sort()
    .filter((module) => module !== 'human' && existsSync(definitionFile(game.dataFolder, module)))
    .filter((module) => existsSync(join(game.libraryFolder, 'drivers', module, `${module}.so`)));
}

function readRobot(game: GameFolders, module: string): TorcsRobot {
  return { module, drivers: driversOf(readDefinition(definitionFile(game.dataFolder, module))) };
}

/** The game's own robots that drive by themselves, with their drivers. */
export function listTorcsRobots(game: GameFolders): readonly TorcsRobot[] {
  return robotModules(game).map((module) => readRobot(game, module));
}

/**
 * The robot of that name.
 * @throws InvalidArgumentError when the game has none, naming all
 */
export function findTorcsRobot(game: GameFolders, module: string): TorcsRobot {
  const modules = robotModules(game);
  if (modules.includes(module)) return readRobot(game, module);
  throw new InvalidArgumentError(
    `Expected an opponent to be one of the game's robots (${modules.join(', ')}), got ${JSON.stringify(module)}.`,
  );
}

/**
 * Checks that the game has a car.
 * @throws InvalidArgumentError when it has not, naming the nearest
 */
export function requireCar(dataFolder: string, car: string): void {
  const cars = readdirSync(join(dataFolder, 'cars')).filter((name) =>
    existsSync(join(dataFolder, 'cars', name, `${name}.xml`)),
  );
  if (cars.includes(car)) return;
  throw new InvalidArgumentError(
    `Expected a car to be one of the game's ${cars.length}, got ${JSON.stringify(car)}. ` +
      `Nearest: ${nearestNames(car, cars).join(', ')}.`,
  );
}

/** The text of a robot's XML with all of its drivers put on one car. */
export function robotDefinition(file: string, car: string): string {
  const definition = readDefinition(file);
  for (const driver of sectionAt(definition, 'Robots/index').sections.values()) {
    setParameters(driver, { 'car name': car });
  }
  return formatParameterFile(definition);
}

/** Name of the first driver of a robot's XML. */
export function firstDriverName(file: string): string {
  return driversOf(readDefinition(file))[0]?.name ?? '';
}
