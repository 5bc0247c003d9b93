import { basename, join } from 'node:path';
import { InvalidArgumentError, InvalidFileError } from '../../../core/errors.ts';
import { buildTrack } from '../build.ts';
import type { Track } from '../model.ts';
import type { MaterialSpecification, SegmentSpecification, TrackSpecification } from '../specification.ts';
import { given } from './given.ts';
import { type ParameterSection, readParameterFile } from './parameters.ts';
import { defaultsOf, SideReader } from './read-sides.ts';

/**
 * Reads one of the game's track files, version 3 or 4 (src/modules/track/track{3,4}.cpp of TORCS 1.3.7).
 *
 * @param path the track's XML file; its base name is the track's name
 * @param gameDataFolder folder that holds `data/tracks/surfaces.xml`
 * @throws InvalidFileError naming file and place
 */
export function readTrackFile(path: string, gameDataFolder: string): Track {
  const specification = readTrackSpecification(path, gameDataFolder);
  try {
    return buildTrack(specification);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidFileError(`${path}: ${error.message}`, { cause: error });
  }
}

/** As {@link readTrackFile}, without building the track. */
export function readTrackSpecification(path: string, gameDataFolder: string): TrackSpecification {
  const surfacesFile = join(gameDataFolder, 'data', 'tracks', 'surfaces.xml');
  // Objects are trees and houses: this simulator has none.
  const includes = new Map([
    ['surfaces.xml', surfacesFile],
    ['objects.xml', null],
  ]);
  const root = readParameterFile(path, { includes });
  const need = (parent: ParameterSection, name: string): ParameterSection => {
    const section = parent.sections.get(name);
    if (section === undefined) throw new InvalidFileError(`${path}: Expected a section \`${name}\`, got none`);
    return section;
  };
  const header = need(root, 'Header');
  const main = need(root, 'Main Track');
  const version = Math.trunc(header.numbers.get('version') ?? 0);
  if (version < 0 || version > 4) {
    throw new InvalidFileError(`${path}: Expected track version 3 or 4, got ${version}`);
  }
  const format = version === 4 ? 4 : 3;
  const list = need(main, format === 4 ? 'Track Segments' : 'segments');
  const surfaces = root.sections.get('Surfaces');
  const left = new SideReader(main, 'left', format);
  const right = new SideReader(main, 'right', format);
  const segments: SegmentSpecification[] = [];
  for (const [name, section] of list.sections) {
    if (!section.strings.has('type')) continue;
    segments.push({ ...readSegment(path, name, section), left: left.next(section), right: right.next(section) });
  }
  const materials = format === 4 ? surfaces : surfaces?.sections.get('List');
  const grid = root.sections.get('Starting Grid');
  return {
    name: basename(path).replace(/\.[^.]*$/, ''),
    title: header.strings.get('name') ?? 'no name',
    category: header.strings.get('category') ?? 'road',
    author: header.strings.get('author') ?? 'none',
    description: header.strings.get('description') ?? '',
    width: main.numbers.get('width') ?? 15,
    surface: main.strings.get('surface') ?? 'asphalt',
    stepLength: main.numbers.get('profil steps length') ?? 0,
    materials: readMaterials(materials, format),
    left: defaultsOf(main, 'left', format),
    right: defaultsOf(main, 'right', format),
    segments,
    ...(grid === undefined ? {} : { startingGrid: readGrid(grid) }),
  };
}

function readSegment(path: string, name: string, section: ParameterSection): SegmentSpecification {
  const type = section.strings.get('type');
  const kind = type === 'str' ? 'straight' : type === 'lft' ? 'left' : type === 'rgt' ? 'right' : undefined;
  if (kind === undefined) {
    throw new InvalidFileError(`${path}: Expected segment \`${name}\` of type str, lft or rgt, got ${type}`);
  }
  const { numbers, strings } = section;
  const steps = numbers.get('profil steps');
  const profile = strings.get('profil');
  return given<SegmentSpecification>({
    name,
    kind,
    ...(kind === 'straight'
      ? { length: numbers.get('lg') }
      : { radius: numbers.get('radius'), endRadius: numbers.get('end radius'), arc: numbers.get('arc') }),
    surface: strings.get('surface'),
    startHeight: numbers.get('z start'),
    endHeight: numbers.get('z end'),
    startHeightLeft: numbers.get('z start left'),
    startHeightRight: numbers.get('z start right'),
    endHeightLeft: numbers.get('z end left'),
    endHeightRight: numbers.get('z end right'),
    grade: numbers.get('grade'),
    startBanking: numbers.get('banking start'),
    endBanking: numbers.get('banking end'),
    profile: profile === undefined ? undefined : profile === 'spline' ? 'spline' : 'linear',
    steps: steps === undefined ? undefined : Math.max(1, Math.trunc(steps)),
    stepLength: numbers.get('profil steps length'),
    startSlope: numbers.get('profil start tangent'),
    endSlope: numbers.get('profil end tangent'),
    startSlopeLeft: numbers.get('profil start tangent left'),
    startSlopeRight: numbers.get('profil start tangent right'),
    endSlopeLeft: numbers.get('profil end tangent left'),
    endSlopeRight: numbers.get('profil end tangent right'),
  });
}

function readMaterials(surfaces: ParameterSection | undefined, format: 3 | 4): Record<string, MaterialSpecification> {
  const entries = [...(surfaces?.sections ?? [])].map(([name, { numbers }]) => [
    name,
    given<MaterialSpecification>({
      friction: numbers.get('friction'),
      rollingResistance: numbers.get('rolling resistance'),
      roughness: numbers.get('roughness'),
      roughnessWavelength: numbers.get('roughness wavelength'),
      damage: numbers.get('dammage'),
      // The only default of a material that differs between the two versions.
      rebound: numbers.get('rebound') ?? (format === 3 ? 1 : undefined),
    }),
  ]);
  return Object.fromEntries(entries) as Record<string, MaterialSpecification>;
}

function readGrid({ numbers, strings }: ParameterSection): NonNullable<TrackSpecification['startingGrid']> {
  const rows = numbers.get('rows');
  const pole = strings.get('pole position side');
  return given({
    rows: rows === undefined ? undefined : Math.trunc(rows),
    distanceToStartM: numbers.get('distance to start'),
    distanceBetweenColumnsM: numbers.get('distance between columns'),
    offsetWithinColumnM: numbers.get('offset within a column'),
    initialHeightM: numbers.get('initial height'),
    polePosition: pole === undefined ? undefined : pole === 'left' ? ('left' as const) : ('right' as const),
  });
}
