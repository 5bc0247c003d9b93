import { isDeepStrictEqual } from 'node:util';
import { RecordingMismatchError } from './errors.ts';
import type { Feature, Features } from './format.ts';

interface DatasetShape {
  readonly fps: number;
  readonly features: Features;
}

/**
 * Refuses to append to a dataset of another rate or other features: their names count too, and with them the
 * directions of the range finders.
 *
 * @throws {@link RecordingMismatchError} naming what differs
 */
export function refuseOtherFeatures(dir: string, dataset: DatasetShape, asked: DatasetShape): void {
  if (dataset.fps !== asked.fps) {
    throw new RecordingMismatchError(
      `Expected ${dataset.fps} steps per second, as the dataset in ${dir} has, got ${asked.fps}; choose another folder`,
    );
  }
  for (const key of new Set([...Object.keys(asked.features), ...Object.keys(dataset.features)])) {
    const [there, here] = [dataset.features[key], asked.features[key]];
    if (isDeepStrictEqual(there, here)) continue;
    const name = there?.names?.findIndex((text, i) => text !== here?.names?.[i]) ?? -1;
    const difference =
      describe(there) === describe(here) && name >= 0
        ? `(its entry ${name} is ${there?.names?.[name]}), got ${here?.names?.[name] ?? 'none'}`
        : `(${describe(there)}), got ${describe(here)}`;
    throw new RecordingMismatchError(
      `Expected the feature ${key} as the dataset in ${dir} has it ${difference}; choose another folder`,
    );
  }
}

function describe(feature: Feature | undefined): string {
  return feature === undefined ? 'none' : `${feature.dtype} of shape ${feature.shape.join('x')}`;
}
