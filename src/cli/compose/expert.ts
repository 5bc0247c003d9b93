import type { Controls } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { ScriptedDriver } from '../../agents/scripted/index.ts';
import { InvalidArgumentError, type Observation, type Policy, UsageError } from '../../core/index.ts';
import type { ActionKind, DrivingEnvironment } from '../../environments/index.ts';
import { TICK_S } from './control-rate.ts';
import { makeDriving } from './environment.ts';
import type { DrivingSettings } from './environment-settings.ts';
import { EXPERT_MARGIN, type ExpertMargin } from './expert-margin.ts';

/**
 * Somebody to learn from: it watches every tick, whoever drives, and says at each decision what it would do, in the learner's
 * action space. It reads the raw sensors, which the learner does not.
 *
 * The order within an episode: `reset`, the environment's reset, then `watch` for every tick (the environment's `onTick`)
 * and `act` for every decision; `driven` tells it what was executed instead, where that differs.
 */
export interface Expert extends Policy {
  /** What the environment has to ask of its simulator for it. */
  readonly rangeFinderAnglesDeg: readonly number[];
  /** The action space in which it answers. */
  readonly actions: ActionKind;
  /** What it would do at the newest observation that it was shown. */
  readonly action: Float32Array | undefined;
  /** Whether it has nothing more to say in this episode. */
  readonly isLost: boolean;
  reset(): void;
  /** Looks at one tick. */
  watch(sensors: Sensors): void;
  /** Somebody else's action acts until the next decision. */
  driven(action: Float32Array): void;
}

export interface ScriptedExpertOptions {
  /** The action space in which it answers. */
  readonly actions: ActionKind;
  /** Default {@link EXPERT_MARGIN}. */
  readonly margin?: ExpertMargin | undefined;
  /** Control ticks for which its actions will hold: it answers the more gently. Default 1. */
  readonly actionRepeat?: number;
}

/** The scripted driver as somebody to learn from. */
export class ScriptedExpert implements Expert {
  readonly name = 'scripted';
  readonly rangeFinderAnglesDeg: readonly number[];
  readonly actions: ActionKind;
  readonly #driver: ScriptedDriver;
  #seen: Sensors | undefined;
  #controls: Controls | undefined;
  #steer: number | undefined;
  #action: Float32Array | undefined;

  /** @throws InvalidArgumentError for a margin out of range */
  constructor({ actions, margin = EXPERT_MARGIN, actionRepeat = 1 }: ScriptedExpertOptions) {
    this.#driver = new ScriptedDriver({ ...margin, holdS: actionRepeat * TICK_S });
    this.rangeFinderAnglesDeg = this.#driver.rangeFinderAnglesDeg;
    this.actions = actions;
  }

  get action(): Float32Array | undefined {
    return this.#action;
  }

  /**
   * Whether it wants to drive backwards, as out of a barrier. Where gears are automatic, no action says that: the episode
   * has nothing more to teach.
   */
  get isLost(): boolean {
    return this.actions !== 'controls' && (this.#controls?.gear ?? 0) < 0;
  }

  reset(): void {
    this.#driver.reset();
    this.#seen = undefined;
    this.#controls = undefined;
    this.#steer = undefined;
    this.#action = undefined;
  }

  watch(sensors: Sensors): void {
    this.#seen = sensors;
    this.#controls = this.#driver.drive(sensors, this.#steer);
  }

  /** @throws InvalidArgumentError when the observation carries no sensors */
  act({ sensors }: Observation): Float32Array {
    if (sensors === undefined) {
      throw new InvalidArgumentError(
        'Expected an observation with `sensors`, which the expert reads, got one without: use DrivingEnvironment',
      );
    }
    // Whoever does not call `watch` shows it its decisions only.
    if (sensors !== this.#seen || this.#controls === undefined) this.watch(sensors);
    const action = toAction(this.#controls as Controls, this.actions);
    this.#action = action;
    this.#steer = action[0];
    return action;
  }

  driven(action: Float32Array): void {
    this.#steer = action[0];
  }
}

function toAction({ steer, accel, brake, gear, clutch }: Controls, actions: ActionKind): Float32Array {
  if (actions === 'controls') return Float32Array.of(steer, accel, brake, gear, clutch);
  if (actions === 'steer-accelerate-brake') return Float32Array.of(steer, accel, brake);
  return Float32Array.of(steer, accel - brake);
}

/**
 * The environment of a learner, with the expert looking on: it has the expert's range finders, and the camera's own
 * pictures in `info.frame` for a recorder.
 *
 * @throws UsageError when the learner's state holds range finders that look elsewhere; else as `makeEnvironment`
 */
export async function makeExpertEnvironment(settings: DrivingSettings, expert: Expert): Promise<DrivingEnvironment> {
  const rangeFinderAnglesDeg = [...expert.rangeFinderAnglesDeg];
  const own = settings.options.rangeFinderAnglesDeg;
  const options = { ...settings.options, rangeFinderAnglesDeg, rawFrames: settings.camera !== undefined };
  const environment = await makeDriving({ ...settings, options }, (sensors) => expert.watch(sensors));
  const seesRangeFinders = environment.observationSpace.state.names?.some((name) => name.startsWith('track['));
  if (seesRangeFinders === true && own?.join() !== rangeFinderAnglesDeg.join()) {
    await environment.close();
    throw new UsageError(
      `Expected a learner whose range finders look where the expert's do (${rangeFinderAnglesDeg.join(', ')} degrees), got ${own?.join(', ') ?? 'the default ones'}: set \`rangeFinderAnglesDeg\`, or leave \`track\` out of its state`,
    );
  }
  return environment;
}
