import { ACTION_KINDS, ACTION_SPACES, type ActionKind } from '../../environments/driving/index.ts';
import { DatasetMismatchError } from './errors.ts';

/**
 * Throttle and brake that are both pressed make no single pedal. `exact` refuses them, `net` takes their difference.
 */
export type PedalRule = 'exact' | 'net';

/** @param where the row, for messages */
export type ActionConverter = (action: Float32Array, where: () => string) => Float32Array;

/** Which kind of action the names are of, if any. */
export function actionKindOf(names: readonly string[]): ActionKind | undefined {
  return ACTION_KINDS.find((kind) => ACTION_SPACES[kind].names?.join() === names.join());
}

/**
 * How actions of one kind are said in another, exactly; undefined where that cannot be: what has no gears in it does not
 * tell them.
 */
export function actionConverter(from: ActionKind, to: ActionKind, pedals: PedalRule): ActionConverter | undefined {
  if (from === to) return (action) => action.slice();
  if (to === 'controls') return undefined;
  if (from === 'steer-pedal') {
    return ([steer = 0, pedal = 0]) => Float32Array.of(steer, Math.max(0, pedal), Math.max(0, -pedal));
  }
  return (action, where) => {
    const [steer = 0, accelerate = 0, brake = 0, gear = 1] = action;
    if (from === 'controls' && Math.round(gear) < 1) {
      throw new DatasetMismatchError(
        `Expected actions that drive forwards, as a learner with automatic gears can do no other, got gear ${gear} in ${where()}`,
      );
    }
    if (to === 'steer-accelerate-brake') return Float32Array.of(steer, accelerate, brake);
    if (pedals === 'exact' && accelerate > 0 && brake > 0) {
      throw new DatasetMismatchError(
        `Expected throttle or brake, as the learner has one pedal, got both (${accelerate.toFixed(3)} and ${brake.toFixed(3)}) in ${where()}: take their difference with \`pedals\` \`net\`, or learn \`steer-accelerate-brake\``,
      );
    }
    return Float32Array.of(steer, accelerate - brake);
  };
}
