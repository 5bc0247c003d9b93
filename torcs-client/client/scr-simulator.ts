import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../controls.ts';
import { InvalidArgumentError, RaceOverError } from '../errors.ts';
import type { Sensors } from '../sensors.ts';
import type { CameraFrameInfo, Simulator, SimulatorResetOptions } from '../simulator.ts';
import { ScrClient } from './client.ts';
import type { ScrEvent } from './events.ts';
import type { ScrClientOptions } from './options.ts';

const NEUTRAL: Controls = Object.freeze({ ...DEFAULT_CONTROLS, focus: NO_FOCUS });

/**
 * A race of any SCR server, driven as a {@link Simulator}: a TORCS that someone else runs. Such a server starts its race
 * where and how its own configuration says, so of the reset options it honours `rangeFinderAnglesDeg`, `countdown` and
 * `laps` (counted here), accepts `seed` (nothing here is random), and refuses what it could not keep.
 */
export class ScrSimulator implements Simulator {
  readonly name = 'scr';
  readonly camera = undefined;
  /** The protocol does not say which track it is. */
  readonly track = undefined;
  readonly #client: ScrClient;
  #tick = 0;
  #raceOver = true;
  #lapsLeft = 0;
  #sensors: Sensors | undefined;

  private constructor(client: ScrClient) {
    this.#client = client;
  }

  /** Opens a socket towards the server; `reset` does the rest. Options and errors as {@link ScrClient.connect}. */
  static async connect(options: ScrClientOptions = {}): Promise<ScrSimulator> {
    return new ScrSimulator(await ScrClient.connect(options));
  }

  get tick(): number {
    return this.#tick;
  }

  get raceOver(): boolean {
    return this.#raceOver;
  }

  /**
   * Asks for a restart if a race is under way, joins the new race and, unless `countdown` is set, waits at the line.
   * @throws {InvalidArgumentError} for an option that only the server's owner can set
   * @throws {ScrNoAnswerError} when nobody answers
   */
  async reset(options: SimulatorResetOptions = {}): Promise<Sensors> {
    refuseForeignOptions(options);
    this.#raceOver = true;
    this.#tick = 0;
    this.#lapsLeft = options.laps ?? Number.POSITIVE_INFINITY;
    await this.#client.restart();
    let sensors = await this.#client.start(options.rangeFinderAnglesDeg);
    while (options.countdown !== true && sensors.curLapTime < 0) {
      const event: ScrEvent = await this.#client.exchange(NEUTRAL);
      if (event.kind !== 'state')
        throw new RaceOverError('Expected a race after the countdown, got its end; reset again');
      sensors = event.sensors;
    }
    this.#sensors = sensors;
    this.#raceOver = false;
    return sensors;
  }

  /**
   * Answers the last sensors and returns the next; when the server ends the race instead, the last ones again, with
   * `raceOver` true.
   */
  async step(controls: Controls): Promise<Sensors> {
    const last = this.#sensors;
    if (this.#raceOver || last === undefined) {
      throw new RaceOverError('Expected a race under way, got one that has ended or not begun; call reset first');
    }
    const event = await this.#client.exchange(controls);
    if (event.kind !== 'state') {
      this.#raceOver = true;
      return last;
    }
    const { sensors } = event;
    this.#tick++;
    // The first line crossing after a start on the grid does not reset the clock: it ends no lap.
    if (sensors.curLapTime < last.curLapTime && sensors.lastLapTime > 0) this.#lapsLeft--;
    if (this.#lapsLeft <= 0) this.#raceOver = true;
    this.#sensors = sensors;
    return sensors;
  }

  /** There is no camera: always throws {@link InvalidArgumentError}. */
  async renderCamera(_into: Uint8Array): Promise<CameraFrameInfo> {
    throw new InvalidArgumentError('Expected a simulator with a camera, got an SCR server; use embedded or torcs');
  }

  async close(): Promise<void> {
    this.#raceOver = true;
    await this.#client.close();
  }
}

function refuseForeignOptions(options: SimulatorResetOptions): void {
  refuse(options.track !== undefined, 'track', options.track);
  refuse(options.startDistanceM !== undefined, 'startDistanceM', options.startDistanceM);
  refuse(options.damage === false, 'damage', options.damage);
  refuse(options.fuel === false, 'fuel', options.fuel);
  refuse(options.noise === true, 'noise', options.noise);
}

function refuse(condition: boolean, name: keyof SimulatorResetOptions, value: unknown): void {
  if (!condition) return;
  throw new InvalidArgumentError(
    `Expected no \`${name}\` for an SCR server that someone else runs, got ${value}; set it there, or use embedded or torcs`,
  );
}
