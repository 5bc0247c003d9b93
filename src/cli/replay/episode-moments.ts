import type { Controls } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import type { Clock, Environment, EpisodeObserver, Observation, Policy, ResetOptions } from '../../core/index.ts';
import { LapTimer } from '../../environments/driving/lap-timer.ts';
import type { DrivingInfo } from '../../environments/index.ts';
import { runEpisodes } from '../../training/loop.ts';
import type { Commands, FilmMoment, SeenPixels } from '../../video/index.ts';
import type { FilmedSimulator, FilmedTick } from './filmed-simulator.ts';
import { Handover, HandoverClosedError } from './handover.ts';

/** An episode to be driven and filmed. */
export interface FilmedEpisode {
  readonly environment: Environment;
  readonly policy: Policy;
  readonly resetOptions: ResetOptions;
  /** Ends the episode after this many steps. Default: where the environment does. */
  readonly maxSteps?: number | undefined;
  /** What the driver sees of an observation. */
  readonly seen?: (observation: Observation) => SeenPixels | undefined | Promise<SeenPixels | undefined>;
  /** What the step brought, from 0, where it is not the environment's to say. */
  readonly reward?: (step: number) => number;
  /** What the driver's critic expects of an action; asked at each step, so that it can remember. */
  readonly estimate?: {
    reset(): void;
    value(observation: Observation, action: Float32Array): Promise<number>;
  };
  /** What moved the steering at an observation; told of each, so that it can remember. */
  readonly saliency?: {
    observe(observation: Observation): Promise<void>;
    map(seen: SeenPixels): Promise<Float32Array>;
  };
  /** How the episode ended, where it is not the environment's to say. */
  readonly outcome?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** What lasts from step to step. */
interface Shown {
  readonly seen?: SeenPixels | undefined;
  readonly saliency?: () => Promise<Float32Array>;
  readonly reward?: number;
  readonly returnSum?: number;
  readonly value?: number;
}

/**
 * Drives an episode in the loop that everything is driven in, and shows it tick by tick, also within actions that hold for
 * several. Each moment is shown when the driver's answer to it is known, and while the race stands still.
 */
export class EpisodeMoments {
  readonly #handover = new Handover<FilmMoment>();
  #simulator: FilmedSimulator | undefined;
  #timer: LapTimer | undefined;
  #startM = 0;
  #lastSensors: Sensors | undefined;
  #shown: Shown = {};
  #commands: Commands | undefined;
  #steps = 0;

  /** To be given to the {@link FilmedSimulator} of the episode's environment. */
  readonly onTick = async ({ sensors, controls }: FilmedTick): Promise<void> => {
    this.#commands = commandsOf(controls);
    await this.#handover.give(this.#moment(sensors));
  };

  /** @param simulator the one that calls {@link onTick} */
  async *run(episode: FilmedEpisode, simulator: FilmedSimulator): AsyncGenerator<FilmMoment> {
    this.#simulator = simulator;
    const { environment, resetOptions, maxSteps, signal, clock } = episode;
    const running = runEpisodes({
      environment,
      policy: this.#valued(episode),
      resetOptions: () => resetOptions,
      observers: [this.#observer(episode)],
      ...(maxSteps === undefined ? {} : { maxSteps }),
      ...(signal === undefined ? {} : { signal }),
      ...(clock === undefined ? {} : { clock }),
    }).then(
      () => this.#handover.end(),
      (error: unknown) => this.#handover.end(error),
    );
    try {
      yield* this.#handover.values();
    } finally {
      await running;
    }
  }

  /** The driver, whose every action is valued before it is taken. */
  #valued({ policy, estimate }: FilmedEpisode): Policy {
    if (estimate === undefined) return policy;
    return {
      name: policy.name,
      reset() {
        policy.reset?.();
        estimate.reset();
      },
      act: async (observation) => {
        const action = await policy.act(observation);
        this.#shown = { ...this.#shown, value: await estimate.value(observation, action) };
        return action;
      },
    };
  }

  #observer(episode: FilmedEpisode): EpisodeObserver {
    const look = async (observation: Observation, more: Shown) => {
      const seen = await episode.seen?.(observation);
      await episode.saliency?.observe(observation);
      this.#shown = { ...more, seen, ...(seen === undefined ? {} : saliencyOf(episode, seen)) };
    };
    return {
      onReset: async ({ observation, info }) => {
        const { sensors } = observation;
        if (sensors === undefined) throw new TypeError('Expected an environment whose observations carry sensors');
        this.#timer = new LapTimer(sensors, (info as DrivingInfo).startDistanceM === null);
        this.#startM = sensors.distRaced;
        this.#lastSensors = sensors;
        await look(observation, {});
      },
      onStep: async ({ nextObservation, reward: own }) => {
        const reward = episode.reward?.(this.#steps) ?? own;
        this.#steps++;
        await look(nextObservation, { reward, returnSum: (this.#shown.returnSum ?? 0) + reward });
      },
      onEnd: async ({ info }) => {
        const sensors = this.#simulator?.sensors;
        const outcome = episode.outcome ?? (info as DrivingInfo).reason ?? 'interrupted';
        if (sensors === undefined) return;
        try {
          await this.#handover.give({ ...this.#moment(sensors), outcome });
        } catch (error) {
          // Nobody has to see the end.
          if (!(error instanceof HandoverClosedError)) throw error;
        }
      },
    };
  }

  #moment(sensors: Sensors): FilmMoment {
    const timer = this.#timer!;
    if (sensors !== this.#lastSensors) timer.observe(sensors);
    this.#lastSensors = sensors;
    const { seen, saliency, reward, returnSum, value } = this.#shown;
    return {
      timeS: timer.timeS,
      sensors,
      distanceM: sensors.distRaced - this.#startM,
      lapTimesS: timer.lapTimesS,
      ...(this.#commands === undefined ? {} : { commands: this.#commands }),
      ...(reward === undefined ? {} : { reward }),
      ...(returnSum === undefined ? {} : { returnSum }),
      ...(value === undefined ? {} : { value }),
      ...(seen === undefined ? {} : { seen }),
      ...(saliency === undefined ? {} : { saliency }),
      render: (into) => this.#simulator!.renderFilm(into),
    };
  }
}

function commandsOf({ steer, accel, brake }: Controls): Commands {
  return { steer, accelerate: accel, brake };
}

/** Worked out once for an observation, however many ticks it is shown for. */
function saliencyOf({ saliency }: FilmedEpisode, seen: SeenPixels): Pick<Shown, 'saliency'> {
  if (saliency === undefined) return {};
  let map: Promise<Float32Array> | undefined;
  return {
    saliency: () => {
      map ??= saliency.map(seen);
      return map;
    },
  };
}
