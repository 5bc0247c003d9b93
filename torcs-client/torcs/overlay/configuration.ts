import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraFormat, CameraView } from '../../simulator.ts';
import {
  formatParameterFile,
  type ParameterFile,
  parseParameterFile,
  sectionAt,
  setParameters,
} from './parameter-file.ts';

/**
 * The game's numbers of its cameras in the first list, that of the F2 key (ssggraph's grcam.cpp,
 * grCamCreateSceneCameraList: the order in which they are made).
 */
const CAMERA_NUMBERS: Readonly<Record<CameraView, number>> = {
  behind: 0,
  'behind-far': 1,
  'bonnet-fixed': 2,
  bonnet: 3,
  road: 4,
};

/** Everything that grboard.cpp draws over the picture, switched off; `map mode` 1 is its TRACK_MAP_NONE. */
const NO_PANELS = {
  'enable mirror': 0,
  'driver board': 0,
  'driver counter': 0,
  'leader board': 0,
  'G graph': 0,
  arcade: 0,
  'map mode': 1,
} as const;

/** Names of the files that {@link configurationFiles} writes, in the local folder's `config`. */
export const CONFIGURATION_FILES = ['graph.xml', 'raceengine.xml', 'screen.xml', 'sound.xml'] as const;

/**
 * The game's configuration for one instance: the installed files with our settings in them.
 * @param focusedDriver name of the driver that the camera follows
 */
export function configurationFiles(
  dataFolder: string,
  camera: CameraFormat | undefined,
  focusedDriver: string,
): ReadonlyMap<string, string> {
  const change: Record<(typeof CONFIGURATION_FILES)[number], (file: ParameterFile) => void> = {
    'graph.xml': (file) => {
      if (camera === undefined) return;
      setParameters(sectionAt(file, 'Display Mode'), { 'number of screens': 1 });
      setParameters(sectionAt(file, 'Display Mode/0'), {
        'current driver': focusedDriver,
        'camera head list': 0,
        camera: CAMERA_NUMBERS[camera.view],
        // It shows frames per second of wall-clock time: the same instant would give another picture each time.
        'debug info': 0,
        ...(camera.panels ? {} : NO_PANELS),
      });
    },
    'raceengine.xml': (file) => setParameters(sectionAt(file, 'Movie Capture'), { 'enable capture': 'no' }),
    'screen.xml': (file) => {
      if (camera === undefined) return;
      const { width, height } = camera;
      setParameters(sectionAt(file, 'Screen Properties'), {
        ...{ x: width, y: height, 'window width': width, 'window height': height },
      });
    },
    'sound.xml': (file) => {
      setParameters(sectionAt(file, 'Sound Settings'), { state: 'disabled' });
      setParameters(sectionAt(file, 'Menu Music'), { enable: 'disabled' });
    },
  };
  return new Map(
    CONFIGURATION_FILES.map((name) => {
      const path = join(dataFolder, 'config', name);
      const file = parseParameterFile(readFileSync(path, 'latin1'), path);
      change[name](file);
      return [name, formatParameterFile(file)];
    }),
  );
}
