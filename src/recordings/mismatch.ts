import { isDeepStrictEqual } from 'node:util';
import { RecordingMismatchError } from './errors.ts';
import type { Feature, Features } from './format.ts';
import * as format from './format.ts';

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
    if (isSame(there, here)) continue;
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

/** What only one of them tells about itself (a camera's view, a reward's kind) is no difference: it is not known. */
function isSame(there: Feature | undefined, here: Feature | undefined): boolean {
  if (there === undefined || here === undefined) return there === here;
  const { info: toldThere = {}, ...rest } = there;
  const { info: toldHere = {}, ...others } = here;
  if (!isDeepStrictEqual(rest, others)) return false;
  return Object.entries(toldThere).every(([key, value]) => toldHere[key] === undefined || toldHere[key] === value);
}

function describe(feature: Feature | undefined): string {
  if (feature === undefined) return 'none';
  const told = [format.CAMERA_VIEW_INFO, format.REWARD_KIND_INFO, format.REWARD_SCALE_INFO]
    .flatMap((key) => (feature.info?.[key] === undefined ? [] : [`${key} ${feature.info[key]}`]))
    .join(', ');
  return `${feature.dtype} of shape ${feature.shape.join('x')}${told === '' ? '' : `, ${told}`}`;
}
