import type { Controls } from '../../torcs-client/controls.ts';
import { InvalidArgumentError, RaceOverError, TorcsPilotError } from '../../torcs-client/errors.ts';
import { checkControls } from '../../torcs-client/messages/control-checks.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import type {
  CameraFormat,
  CameraFrameInfo,
  MultiCarSimulator,
  SimulatorResetOptions,
  TrackSummary,
} from '../../torcs-client/simulator.ts';
import type { CheckedResetOptions } from '../../torcs-client/simulator-options.ts';
import {
  type CheckedOptions,
  checkOptions,
  checkResetOptions,
  type EmbeddedSimulatorOptions,
} from './embedded-simulator-options.ts';
import { checkState, EMBEDDED_STATE_FORMAT, type EmbeddedSimulatorState } from './embedded-simulator-state.ts';
import { DrivenRace } from './race/driven-race.ts';
import { restoreRace, saveRace } from './race/race-state.ts';
import { CameraRenderer } from './renderer/camera-renderer.ts';
import type { Track } from './track/model.ts';

const NO_RACE = 'Expected a race under way, got one that has ended or not begun; call reset first';

/** A closed simulator was asked to drive. */
export class SimulatorClosedError extends TorcsPilotError {
  constructor() {
    super('ERR_SIMULATOR_CLOSED', 'Expected an open simulator, got a closed one; make another');
  }
}

/**
 * A TORCS-like race in this process: simuv2's car on a track of the game's model, with every SCR sensor. Needs nothing
 * installed, and is deterministic to the bit: the same options and controls give the same sensors. The methods whose
 * names end in `Sync` do the same as the others without a promise.
 */
export class EmbeddedSimulator implements MultiCarSimulator {
  readonly name = 'embedded';
  readonly #options: CheckedOptions;
  #driven: DrivenRace | undefined;
  #resetOptions: CheckedResetOptions | undefined;
  #track: Track | undefined;
  #sensors: readonly Sensors[] = [];
  #renderer: CameraRenderer | undefined;
  #tick = 0;
  #raceOver = true;
  #closed = false;

  /** Throws {@link InvalidArgumentError} for options that do not fit. */
  constructor(options: EmbeddedSimulatorOptions = {}) {
    this.#options = checkOptions(options);
  }

  get tick(): number {
    return this.#tick;
  }

  get raceOver(): boolean {
    return this.#raceOver;
  }

  get carCount(): number {
    return this.#options.cars;
  }

  get camera(): CameraFormat | undefined {
    return this.#options.camera;
  }

  get track(): TrackSummary | undefined {
    const track = this.#track;
    if (track === undefined) return undefined;
    return { name: track.name, category: track.category, lengthM: track.lengthM, widthM: track.widthM };
  }

  async reset(options?: SimulatorResetOptions): Promise<Sensors> {
    return this.resetSync(options);
  }

  async resetAll(options?: SimulatorResetOptions): Promise<readonly Sensors[]> {
    return this.resetAllSync(options);
  }

  async step(controls: Controls): Promise<Sensors> {
    return this.stepSync(controls);
  }

  async stepAll(controls: readonly Controls[]): Promise<readonly Sensors[]> {
    return this.stepAllSync(controls);
  }

  resetSync(options?: SimulatorResetOptions): Sensors {
    return this.resetAllSync(options)[0]!;
  }

  /** Throws {@link InvalidArgumentError}, or what `loadTrack` throws for an unknown track; the race before then goes on. */
  resetAllSync(options: SimulatorResetOptions = {}): readonly Sensors[] {
    const checked = checkResetOptions(options);
    const track = this.#options.loadTrack(checked.track ?? this.#options.track);
    const driven = this.#race(track, checked);
    this.#begin(track, checked, driven, driven.start(checked.countdown), 0);
    return this.#sensors;
  }

  /** Throws {@link RaceOverError}, and {@link InvalidArgumentError} when several cars are driven or the controls do not fit. */
  stepSync(controls: Controls): Sensors {
    return this.stepAllSync([controls])[0]!;
  }

  /** Throws {@link RaceOverError}, and {@link InvalidArgumentError} unless there are fitting controls for each car. */
  stepAllSync(controls: readonly Controls[]): readonly Sensors[] {
    const driven = this.#driven;
    if (this.#closed) throw new SimulatorClosedError();
    if (this.#raceOver || driven === undefined) {
      throw new RaceOverError(NO_RACE);
    }
    if (controls.length !== this.#options.cars) {
      throw new InvalidArgumentError(
        `Expected controls for ${this.#options.cars} cars, got ${controls.length}; use stepAll for more than one`,
      );
    }
    for (let i = 0; i < controls.length; i++) checkControls(controls[i]!);
    if (controls.some((one) => one.restart)) {
      this.#raceOver = true;
      return this.#sensors;
    }
    this.#sensors = driven.advance(controls);
    this.#tick++;
    this.#raceOver = driven.over;
    return this.#sensors;
  }

  async renderCamera(into: Uint8Array): Promise<CameraFrameInfo> {
    return this.renderCameraSync(into);
  }

  /** Throws {@link InvalidArgumentError} without a camera or for a buffer of another size, {@link RaceOverError} before `reset`. */
  renderCameraSync(into: Uint8Array): CameraFrameInfo {
    if (this.#closed) throw new SimulatorClosedError();
    const { camera } = this.#options;
    if (camera === undefined) {
      throw new InvalidArgumentError('Expected a simulator with a camera, got one without; pass the option `camera`');
    }
    if (this.#driven === undefined || this.#track === undefined) throw new RaceOverError(NO_RACE);
    this.#renderer ??= new CameraRenderer(this.#track, camera);
    const cars = this.#driven.race.cars.filter((car, index) => index === 0 || car.removed === 0);
    this.#renderer.render({ cars: cars.map((car) => car.body), cameraCar: 0 }, into);
    return { tick: this.#tick, width: camera.width, height: camera.height };
  }

  /**
   * Everything that the race's future depends on, as a plain object: structured clone and JSON keep it. What opponents
   * that are functions remember is theirs to keep. Throws {@link RaceOverError} before the first reset.
   */
  saveState(): EmbeddedSimulatorState {
    if (this.#driven === undefined || this.#resetOptions === undefined || this.#track === undefined) {
      throw new RaceOverError(NO_RACE);
    }
    return {
      format: EMBEDDED_STATE_FORMAT,
      track: this.#track.name,
      cars: this.#options.cars,
      opponents: this.#options.opponents.length,
      options: this.#resetOptions,
      tick: this.#tick,
      raceOver: this.#raceOver,
      sensors: this.#sensors,
      race: saveRace(this.#driven),
    };
  }

  /**
   * Goes on where `state` was saved, bit by bit, and returns the sensors of that instant. Throws
   * {@link InvalidArgumentError} when the state is of another format or another number of cars.
   */
  restoreState(state: EmbeddedSimulatorState): readonly Sensors[] {
    checkState(state, this.#options);
    const track = this.#options.loadTrack(state.track);
    const driven = this.#race(track, state.options);
    restoreRace(driven, state.race);
    this.#begin(track, state.options, driven, state.sensors, state.tick);
    this.#raceOver = state.raceOver;
    return this.#sensors;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#driven = undefined;
    this.#renderer = undefined;
    this.#raceOver = true;
  }

  #race(track: Track, options: CheckedResetOptions): DrivenRace {
    if (this.#closed) throw new SimulatorClosedError();
    const { startDistanceM } = options;
    if (startDistanceM !== undefined && startDistanceM >= track.lengthM) {
      throw new InvalidArgumentError(
        `Expected \`startDistanceM\` to be from 0 to below ${track.lengthM}, the length of ${track.name}, got ${startDistanceM}`,
      );
    }
    return new DrivenRace(track, {
      ...options,
      startDistanceM,
      carCount: this.#options.cars,
      opponents: this.#options.opponents,
    });
  }

  #begin(
    track: Track,
    options: CheckedResetOptions,
    driven: DrivenRace,
    sensors: readonly Sensors[],
    tick: number,
  ): void {
    if (track !== this.#track) this.#renderer = undefined;
    this.#track = track;
    this.#resetOptions = options;
    this.#driven = driven;
    this.#sensors = sensors;
    this.#tick = tick;
    this.#raceOver = driven.over;
  }
}
