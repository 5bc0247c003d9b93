import type { Sensors } from '../../../torcs-client/sensors.ts';
import type { Simulator, SimulatorResetOptions } from '../../../torcs-client/simulator.ts';
import type {
  Box,
  Environment,
  Observation,
  ObservationSpace,
  ResetOptions,
  ResetResult,
  StepInfo,
  StepResult,
} from '../../core/environment.ts';
import type { CameraFrame, PixelPipeline } from '../../core/frame.ts';
import { parseOptions } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import { ResetNeededError } from '../errors.ts';
import { ActionInterpreter } from './actions.ts';
import { CameraEye, type Glance } from './camera-eye.ts';
import { LapTimer } from './lap-timer.ts';
import {
  type CheckedDrivingOptions,
  type DrivingOptions,
  drivingOptionsSchema,
  drivingResetSchema,
} from './options.ts';
import { cruising, REWARDS, type Reward } from './rewards.ts';
import { StateEncoder } from './state.ts';
import { EndJudge, type EndReason, isSound, isTermination } from './termination.ts';

export interface DrivingEnvironmentParts {
  /** Any simulator; the environment closes it with itself. */
  readonly simulator: Simulator;
  /** Makes pixels of the camera's pictures. Left out: observations have no pixels. */
  readonly pixels?: PixelPipeline;
  readonly options?: DrivingOptions;
  /**
   * Told the sensors of every tick, the start's included, also of those between two actions: for drivers that watch all
   * the time and decide now and then.
   */
  readonly onTick?: (sensors: Sensors) => void;
  /** Seed of tracks and start distances until `reset` names another. Default 0. */
  readonly seed?: number;
}

/** `info` of {@link DrivingEnvironment}. */
export interface DrivingInfo extends StepInfo {
  /** Name of the track, or `unknown` on a foreign server. */
  readonly track: string;
  readonly simulator: string;
  /** Control ticks since the start. */
  readonly tick: number;
  /** Simulated time since the start, s. */
  readonly timeS: number;
  /** Completed laps, and their times, s. */
  readonly laps: number;
  readonly lapTimesS: readonly number[];
  /** Distance covered since the start along the centre line, m. */
  readonly distanceM: number;
  readonly damage: number;
  /** Where the episode started, m from the start line; null: the starting grid. */
  readonly startDistanceM: number | null;
  /** Why the episode ended; absent while it runs. */
  readonly reason?: EndReason;
  /** The camera's own picture of this instant, where `rawFrames` is set. */
  readonly frame?: CameraFrame;
}

interface Episode {
  readonly timer: LapTimer;
  readonly judge: EndJudge;
  readonly startDistanceM: number | null;
  readonly startM: number;
  sensors: Sensors;
}

/**
 * Driving a track as an environment of Gymnasium's shape, over any simulator. Observations carry the raw sensors beside
 * state and pixels, for drivers that are programs.
 *
 * Calls must not overlap. Errors: {@link InvalidArgumentError} for options and actions, {@link ResetNeededError} for a
 * step without a running episode, and whatever the simulator throws.
 */
export class DrivingEnvironment implements Environment {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly options: CheckedDrivingOptions;
  readonly #simulator: Simulator;
  readonly #actions: ActionInterpreter;
  readonly #state: StateEncoder;
  readonly #eye: CameraEye;
  readonly #reward: Reward;
  readonly #onTick: ((sensors: Sensors) => void) | undefined;
  readonly #lengths = new Map<string, number>();
  #random: Random;
  #episode: Episode | undefined;
  #closed = false;

  constructor(parts: DrivingEnvironmentParts) {
    this.options = parseOptions(drivingOptionsSchema, parts.options ?? {}, 'driving options');
    this.#simulator = parts.simulator;
    this.#random = new Random(parts.seed ?? 0);
    this.#actions = new ActionInterpreter(this.options.actions);
    this.#state = new StateEncoder(this.options.state);
    const { reward, cruiseSpeedKmh } = this.options;
    this.#reward = cruiseSpeedKmh === null ? REWARDS[reward] : cruising(REWARDS[reward], cruiseSpeedKmh);
    this.#onTick = parts.onTick;
    this.#eye = new CameraEye(parts.simulator, { pixels: parts.pixels, rawFrames: this.options.rawFrames });
    this.actionSpace = this.#actions.space;
    const pixels = this.#eye.space;
    this.observationSpace = { state: this.#state.space, ...(pixels === undefined ? {} : { pixels }) };
  }

  async reset(options: ResetOptions = {}): Promise<ResetResult> {
    if (this.#closed) throw new ResetNeededError('Expected an open environment, got one that was closed');
    const asked = parseOptions(drivingResetSchema, options.options ?? {}, 'reset options');
    this.#episode = undefined;
    if (options.seed !== undefined) this.#random = new Random(options.seed);
    // One draw for each, whether it is used or not: what an episode draws does not hang on the options of the one before.
    const trackDraw = this.#random.uniform();
    const startDraw = this.#random.uniform();
    const noiseSeed = this.#random.uint32();
    const { tracks, start, damage, fuel, noise, rangeFinderAnglesDeg } = this.options;
    const track = asked.track ?? tracks?.[Math.floor(trackDraw * tracks.length)];
    const race: SimulatorResetOptions = {
      damage,
      fuel,
      noise,
      seed: noiseSeed,
      ...(track === undefined ? {} : { track }),
      ...(rangeFinderAnglesDeg === undefined ? {} : { rangeFinderAnglesDeg }),
    };
    let startDistanceM = asked.startDistanceM ?? (typeof start === 'number' ? start : null);
    if (startDistanceM === null && start === 'random') startDistanceM = startDraw * (await this.#trackLength(race));
    const sensors = await this.#simulator.reset(startDistanceM === null ? race : { ...race, startDistanceM });
    this.#actions.reset();
    const episode: Episode = {
      timer: new LapTimer(sensors, startDistanceM === null),
      judge: new EndJudge(this.options, sensors),
      startDistanceM,
      startM: sensors.distRaced,
      sensors,
    };
    this.#episode = episode;
    this.#onTick?.(sensors);
    const glance = await this.#eye.look(true);
    return { observation: this.#observe(sensors, glance), info: this.#info(episode, glance, undefined) };
  }

  async step(action: Float32Array): Promise<StepResult> {
    const episode = this.#episode;
    if (episode === undefined) {
      throw new ResetNeededError(
        'Expected a running episode, got a step before `reset` or after the end: call `reset`',
      );
    }
    const clipped = this.#actions.clip(action);
    let reward = 0;
    let reason: EndReason | undefined;
    for (let tick = 0; tick < this.options.actionRepeat && reason === undefined; tick++) {
      const before = episode.sensors;
      const after = await this.#simulator.step(this.#actions.controls(clipped, before));
      if (!isSound(after)) {
        // Nothing that can be learnt from: the episode ends with what was known before.
        reason = 'not-finite';
        break;
      }
      episode.sensors = after;
      episode.timer.observe(after);
      this.#onTick?.(after);
      reward += this.#reward(before, after);
      reason = episode.judge.judge(after, episode.timer, this.#simulator.raceOver);
    }
    if (reason !== undefined) this.#episode = undefined;
    const glance = await this.#eye.look(false);
    return {
      observation: this.#observe(episode.sensors, glance),
      reward: reward * this.options.rewardScale,
      terminated: reason !== undefined && isTermination(reason),
      truncated: reason !== undefined && !isTermination(reason),
      info: this.#info(episode, glance, reason),
    };
  }

  /** Closes the simulator too. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#episode = undefined;
    await this.#simulator.close();
  }

  /** Length of the track that a race would be on; learnt by a reset the first time. */
  async #trackLength(race: SimulatorResetOptions): Promise<number> {
    const key = race.track ?? '';
    const known = this.#lengths.get(key);
    if (known !== undefined) return known;
    await this.#simulator.reset(race);
    const length = this.#simulator.track?.lengthM;
    if (length === undefined) {
      throw new ResetNeededError(
        `Expected a simulator that knows its track's length, because \`start\` is \`random\`; ${this.#simulator.name} does not: start on the grid`,
      );
    }
    this.#lengths.set(key, length);
    return length;
  }

  #observe(sensors: Sensors, glance: Glance): Observation {
    const state = this.#state.encode(sensors);
    return glance.pixels === undefined ? { state, sensors } : { state, pixels: glance.pixels, sensors };
  }

  #info(episode: Episode, glance: Glance, reason: EndReason | undefined): DrivingInfo {
    const { timer, sensors, startDistanceM, startM } = episode;
    return {
      track: this.#simulator.track?.name ?? 'unknown',
      simulator: this.#simulator.name,
      tick: this.#simulator.tick,
      timeS: timer.timeS,
      laps: timer.laps,
      lapTimesS: timer.lapTimesS,
      distanceM: sensors.distRaced - startM,
      damage: sensors.damage,
      startDistanceM,
      ...(reason === undefined ? {} : { reason }),
      ...(glance.frame === undefined ? {} : { frame: glance.frame }),
    };
  }
}
