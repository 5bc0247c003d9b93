import { readFileSync } from 'node:fs';
import { ScrClient } from '../../client/client.ts';
import { ScrClosedError, ScrNoAnswerError } from '../../client/errors.ts';
import type { Controls } from '../../controls.ts';
import { InvalidArgumentError, RaceOverError, type TorcsPilotError } from '../../errors.ts';
import { parseOptions } from '../../options.ts';
import type { Sensors } from '../../sensors.ts';
import type { CameraFormat, CameraFrameInfo, Simulator, SimulatorResetOptions, TrackSummary } from '../../simulator.ts';
import type { CheckedResetOptions } from '../../simulator-options.ts';
import { createOverlay, type Overlay } from '../overlay/overlay.ts';
import { findTorcsTrack } from '../tracks.ts';
import { TorcsClosedError, TorcsHungError } from './errors.ts';
import { GameProcess } from './game-process.ts';
import {
  type Opponent,
  parseReset,
  resolveOpponents,
  type TorcsSimulatorOptions,
  type TorcsSimulatorSettings,
  torcsSimulatorOptionsSchema,
} from './options.ts';

/** How often, in resets, the game's memory is looked at. */
const MEMORY_CHECK_RESETS = 20;

/**
 * A real TORCS without a window, in a process and a folder of its own. It lives from `launch` to `close`; a game that
 * crashes or hangs costs the race under way, and the next `reset` starts another.
 */
export class TorcsSimulator implements Simulator {
  readonly name = 'torcs';
  readonly camera: CameraFormat | undefined;
  readonly #settings: TorcsSimulatorSettings;
  readonly #opponents: readonly Opponent[];
  readonly #overlay: Overlay;
  #game: GameProcess | undefined;
  #client: ScrClient | undefined;
  #failure: TorcsPilotError | undefined;
  #sensors: Sensors | undefined;
  #track: TrackSummary | undefined;
  #tick = 0;
  #raceOver = true;
  #outcome: string | undefined;
  #resets = 0;
  #relaunches = 0;
  #closed = false;

  private constructor(settings: TorcsSimulatorSettings, opponents: readonly Opponent[]) {
    this.#settings = settings;
    this.#opponents = opponents;
    this.camera = settings.camera;
    const { build, camera, car, opponentCar, overlaysFolder } = settings;
    const modules = [...new Set(opponents.map((opponent) => opponent.module))];
    this.#overlay = createOverlay(build, { camera, car, opponentCar, opponents: modules, baseFolder: overlaysFolder });
  }

  /**
   * Starts a game and waits until it is ready for its first race.
   * @throws {InvalidArgumentError} for a wrong option, an unknown robot or car
   * @throws {TorcsCrashedError} {@link TorcsHungError} {@link TorcsGameError} when the game does not start
   */
  static async launch(options: TorcsSimulatorOptions): Promise<TorcsSimulator> {
    const settings = parseOptions(torcsSimulatorOptionsSchema, options);
    findTorcsTrack(settings.build.dataFolder, settings.track);
    const simulator = new TorcsSimulator(settings, resolveOpponents(settings.build, settings.opponents));
    try {
      await simulator.#startGame();
    } catch (error) {
      await simulator.close();
      throw error;
    }
    return simulator;
  }

  get tick(): number {
    return this.#tick;
  }

  get raceOver(): boolean {
    return this.#raceOver;
  }

  get track(): TrackSummary | undefined {
    return this.#track;
  }

  /** Why the last race ended: `finished`, `removed`, `restart`, `aborted`; undefined while it runs. */
  get outcome(): string | undefined {
    return this.#outcome;
  }

  /** The game's process, for those who watch it; another one after a relaunch. */
  get processId(): number | undefined {
    return this.#game?.pid;
  }

  /** How often the game was started anew: after a crash, a hang, or because its memory had grown. */
  get relaunches(): number {
    return this.#relaunches;
  }

  /**
   * Starts a race in the same process; it takes some 10 ms. `startDistanceM` puts the car into the middle of the road
   * there, at rest, and the opponents before it. `laps` are counted from the first crossing of the start line.
   * @throws {InvalidArgumentError} for a wrong option or an unknown track
   * @throws {TorcsCrashedError} {@link TorcsHungError} when the game fails; the next reset starts another
   */
  async reset(options: SimulatorResetOptions = {}): Promise<Sensors> {
    if (this.#closed) throw new TorcsClosedError();
    const settings = parseReset(options);
    const { build, mode, resetTimeoutMs, tickTimeoutMs } = this.#settings;
    const track = findTorcsTrack(build.dataFolder, settings.track ?? this.#settings.track);
    this.#raceOver = true;
    await this.#closeClient();
    const game = await this.#freshGame();
    const command = raceCommand(settings, track, this.#opponents, mode === 'real-time');
    const ready = await game.race(command, resetTimeoutMs);
    refuseStartBeyondLap(settings.startDistanceM, Number(ready.values.get('length')), track.name);
    this.#track = {
      name: track.name,
      category: track.category,
      lengthM: Number(ready.values.get('length')),
      widthM: Number(ready.values.get('width')),
    };
    this.#outcome = undefined;
    this.#resets++;
    const client = await ScrClient.connect({
      port: Number(ready.values.get('port')),
      identifyTimeoutMs: resetTimeoutMs,
      firstStateTimeoutMs: resetTimeoutMs,
      stateTimeoutMs: tickTimeoutMs,
    });
    this.#client = client;
    try {
      this.#sensors = await client.start(settings.rangeFinderAnglesDeg);
    } catch (error) {
      throw await this.#explain(error);
    }
    this.#tick = tickOf(this.#sensors) ?? 0;
    this.#raceOver = false;
    return this.#sensors;
  }

  /**
   * Drives one tick. When the race ends instead, the last sensors come back and `raceOver` is true.
   * @throws {RaceOverError} when no race is under way
   * @throws {TorcsCrashedError} {@link TorcsHungError} when the game fails; the next reset starts another
   */
  async step(controls: Controls): Promise<Sensors> {
    const last = this.#sensors;
    if (this.#closed) throw new TorcsClosedError();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#raceOver || this.#client === undefined || last === undefined) {
      throw new RaceOverError('Expected a race under way, got one that has ended or not begun; call reset first');
    }
    try {
      const event = await this.#client.exchange(controls);
      if (event.kind === 'state') {
        this.#tick = tickOf(event.sensors) ?? this.#tick + 1;
        this.#sensors = event.sensors;
        return event.sensors;
      }
    } catch (error) {
      const failure = await this.#explain(error);
      if (!(failure instanceof RaceOverError)) throw failure;
    }
    this.#raceOver = true;
    // Over UDP the end comes first; its reason follows on the channel.
    if (this.#outcome === undefined) await this.#game?.raceEnd(this.#settings.tickTimeoutMs);
    return last;
  }

  async renderCamera(into: Uint8Array): Promise<CameraFrameInfo> {
    if (this.#closed) throw new TorcsClosedError();
    if (this.camera === undefined) {
      throw new InvalidArgumentError('Expected a simulator with a camera; pass `camera` to TorcsSimulator.launch');
    }
    const { width, height } = this.camera;
    if (into.length !== width * height * 3) {
      throw new InvalidArgumentError(
        `Expected a buffer of ${width} × ${height} × 3 = ${width * height * 3} bytes, got ${into.length}`,
      );
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#raceOver || this.#game === undefined) {
      throw new RaceOverError('Expected a race under way, got one that has ended or not begun; call reset first');
    }
    const tick = await this.#game.picture(into, this.#settings.tickTimeoutMs);
    return { tick, width, height };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#raceOver = true;
    await this.#closeClient();
    await this.#game?.close();
    this.#overlay.remove();
  }

  async #startGame(): Promise<GameProcess> {
    const { build, pictureWay, startTimeoutMs } = this.#settings;
    this.#failure = undefined;
    this.#game = await GameProcess.start({
      build,
      overlay: this.#overlay,
      camera: this.camera,
      pictureWay,
      startTimeoutMs,
      onOver: (reason) => {
        this.#outcome = reason;
        // The farewell over UDP may come later, or be lost: this word is enough.
        void this.#client?.close();
      },
      onFailure: (error) => {
        this.#failure = error;
        this.#raceOver = true;
        void this.#client?.close();
      },
    });
    return this.#game;
  }

  /** The game, replaced when it has failed or grown. */
  async #freshGame(): Promise<GameProcess> {
    const game = this.#game;
    if (game?.alive === true && !this.#hasGrown(game.pid)) return game;
    await game?.close();
    this.#relaunches++;
    return this.#startGame();
  }

  #hasGrown(pid: number): boolean {
    if (this.#resets % MEMORY_CHECK_RESETS !== 0) return false;
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(resident) / 1024 > this.#settings.memoryLimitMib;
  }

  async #closeClient(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  /** What an error of the client means for the game. */
  async #explain(error: unknown): Promise<Error> {
    if (error instanceof ScrClosedError) {
      return this.#failure ?? new RaceOverError('Expected a race under way, but it has ended; call reset');
    }
    if (error instanceof ScrNoAnswerError) {
      const hung = new TorcsHungError(`The game hangs, and was killed; reset starts another. ${error.message}`, {
        cause: error,
      });
      this.#game?.giveUp(hung);
      return hung;
    }
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Only the game knows how long its track is; the race that waits at the line now is replaced by the next reset's. */
function refuseStartBeyondLap(startDistanceM: number | undefined, lengthM: number, track: string): void {
  if (startDistanceM === undefined || startDistanceM < lengthM) return;
  throw new InvalidArgumentError(
    `Expected \`startDistanceM\` to be from 0 to below ${lengthM}, the length of ${track}, got ${startDistanceM}`,
  );
}

/** In real-time mode states may be missed, so each tells its tick. */
function tickOf(sensors: Sensors): number | undefined {
  return sensors.extra['tick']?.[0];
}

function raceCommand(
  settings: CheckedResetOptions,
  track: { readonly name: string; readonly category: string },
  opponents: readonly Opponent[],
  realTime: boolean,
): string {
  const flag = (value: boolean) => (value ? '1' : '0');
  const words = [
    `race track=${track.name} category=${track.category} laps=${settings.laps} seed=${settings.seed}`,
    `damage=${flag(settings.damage)} fuel=${flag(settings.fuel)} noise=${flag(settings.noise)}`,
    `countdown=${flag(settings.countdown)} realtime=${flag(realTime)}`,
  ];
  if (settings.startDistanceM !== undefined) words.push(`start=${settings.startDistanceM}`);
  if (opponents.length > 0) words.push(`opponents=${opponents.map((o) => `${o.module}:${o.index}`).join(',')}`);
  return words.join(' ');
}
