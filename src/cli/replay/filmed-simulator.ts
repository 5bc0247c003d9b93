import { isDeepStrictEqual } from 'node:util';
import type { Controls } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import type {
  CameraFormat,
  CameraFrameInfo,
  Simulator,
  SimulatorResetOptions,
  TrackSummary,
} from '../../../torcs-client/simulator.ts';
import { TorcsPilotError } from '../../core/index.ts';

/** Two races that were driven with the same controls went apart: what is filmed is not what was driven. */
export class FilmDivergedError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_FILM_DIVERGED', message);
  }
}

/** One control tick, before its controls act. */
export interface FilmedTick {
  readonly sensors: Sensors;
  readonly controls: Controls;
}

/**
 * A simulator has one camera, and a driver that sees needs it for itself. So the race is driven twice at once, each tick
 * with the same controls: in the simulator that the driver knows, and in another one that looks through the film's camera.
 * Simulators are deterministic; that both races are the same is checked at every tick. A driver that sees nothing drives
 * in the film's simulator itself.
 */
export class FilmedSimulator implements Simulator {
  readonly name: string;
  readonly #driven: Simulator;
  readonly #filmed: Simulator;
  readonly #onTick: (tick: FilmedTick) => Promise<void>;
  #sensors: Sensors | undefined;

  /**
   * @param filmed the simulator with the film's camera; may be the same as `driven`. Both are closed with this one
   * @param onTick called at each tick before it is driven on from; the race stands still meanwhile
   */
  constructor(driven: Simulator, filmed: Simulator, onTick: (tick: FilmedTick) => Promise<void>) {
    this.name = driven.name;
    this.#driven = driven;
    this.#filmed = filmed;
    this.#onTick = onTick;
  }

  get tick(): number {
    return this.#driven.tick;
  }

  get raceOver(): boolean {
    return this.#driven.raceOver;
  }

  get camera(): CameraFormat | undefined {
    return this.#driven.camera;
  }

  get track(): TrackSummary | undefined {
    return this.#driven.track;
  }

  /** Sensors of the instant; undefined before the first reset. */
  get sensors(): Sensors | undefined {
    return this.#sensors;
  }

  async reset(options?: SimulatorResetOptions): Promise<Sensors> {
    return this.#both((simulator) => simulator.reset(options));
  }

  async step(controls: Controls): Promise<Sensors> {
    if (this.#sensors !== undefined) await this.#onTick({ sensors: this.#sensors, controls });
    return this.#both((simulator) => simulator.step(controls));
  }

  renderCamera(into: Uint8Array): Promise<CameraFrameInfo> {
    return this.#driven.renderCamera(into);
  }

  /** What the film's camera sees at this instant; leaves the buffer as it is once the race is over. */
  async renderFilm(into: Uint8Array): Promise<void> {
    if (!this.#filmed.raceOver) await this.#filmed.renderCamera(into);
  }

  async close(): Promise<void> {
    await Promise.all([this.#driven.close(), this.#filmed.close()]);
  }

  async #both(act: (simulator: Simulator) => Promise<Sensors>): Promise<Sensors> {
    if (this.#driven === this.#filmed) {
      this.#sensors = await act(this.#driven);
      return this.#sensors;
    }
    const [sensors, filmed] = await Promise.all([act(this.#driven), act(this.#filmed)]);
    this.#sensors = sensors;
    if (isDeepStrictEqual(sensors, filmed)) return sensors;
    const keys = Object.keys(sensors) as (keyof Sensors)[];
    const other = keys.filter((key) => !isDeepStrictEqual(sensors[key], filmed[key]));
    throw new FilmDivergedError(
      `Expected the race under the film's camera to be the driver's own, got other ${other.join(', ')} at tick ${this.tick} of ${this.name}; please report it`,
    );
  }
}
