import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { llvmpipeThreads } from '../../camera/llvmpipe-threads.ts';
import type { PictureWay } from '../../camera/picture-way.ts';
import { openSharedPicture, type SharedPicture } from '../../camera/shared-picture.ts';
import { InvalidArgumentError, type TorcsPilotError } from '../../errors.ts';
import type { CameraFormat } from '../../simulator.ts';
import type { TorcsBuild } from '../build/build-store.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { AnswerReader, type RunnerAnswer } from './channel.ts';
import { TorcsCrashedError, TorcsGameError, TorcsHungError } from './errors.ts';

/** What the runner speaks on its channel; must equal `kChannelVersion` of runner.cpp. */
const CHANNEL_VERSION = '1';
/** The runner deletes no folder without this file (`kMarkerFile` of runner_guardian.cpp). */
const MARKER_FILE = '.torcs-pilot-overlay';
const LONGEST_LOG = 4000;
/** File descriptors of the runner. */
const CHANNEL_FD = 3;
const PICTURE_FD = 4;

export interface GameProcessOptions {
  readonly build: TorcsBuild;
  readonly overlay: Overlay;
  readonly camera: CameraFormat | undefined;
  readonly pictureWay: PictureWay;
  readonly startTimeoutMs: number;
  /** Called once when a race ends, with the runner's reason. */
  readonly onOver: (reason: string) => void;
  /** Called once when the process is gone, or was given up. */
  readonly onFailure: (error: TorcsPilotError) => void;
}

interface Waiter {
  readonly verbs: readonly string[];
  readonly resolve: (answer: RunnerAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One running game and the channel to it. Whatever becomes of this process, the game dies with it: the runner's
 * guardian sees the channel hang up, kills the game and deletes its folder.
 */
export class GameProcess {
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #reader: AnswerReader;
  readonly #options: GameProcessOptions;
  readonly #shared: SharedPicture | undefined;
  readonly #exited: Promise<void>;
  #waiter: Waiter | undefined;
  #failure: TorcsPilotError | undefined;
  #leaving = false;
  #log = '';
  #pid = 0;

  private constructor(options: GameProcessOptions, child: ChildProcess, shared: SharedPicture | undefined) {
    this.#options = options;
    this.#child = child;
    this.#shared = shared;
    this.#channel = child.stdio[CHANNEL_FD] as Socket;
    this.#reader = new AnswerReader((answer) => this.#onAnswer(answer));
    this.#channel.on('data', (chunk: Buffer) => this.#reader.receive(chunk));
    // A channel that breaks is followed by the exit of the process, which says more.
    this.#channel.on('error', () => undefined);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString('utf8')).slice(-LONGEST_LOG);
    });
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#fail(
          new TorcsCrashedError(`Could not start the game: ${error.message}. Run \`npx torcs-pilot torcs setup\`.`),
        );
        resolve();
      });
      // 'close' comes after 'exit', when everything that the game printed has been read.
      child.once('close', (code, signal) => {
        this.#fail(this.#crash(code, signal));
        resolve();
      });
    });
  }

  /**
   * @throws TorcsCrashedError, TorcsHungError or TorcsGameError when the game does not come up
   */
  static async start(options: GameProcessOptions): Promise<GameProcess> {
    const { build, overlay, camera } = options;
    writeFileSync(join(overlay.folder, MARKER_FILE), '');
    const args = ['--local', overlay.localFolder, '--library', overlay.libraryFolder, '--data', overlay.dataFolder];
    args.push('--owned-folder', overlay.folder);
    let shared: SharedPicture | undefined;
    if (camera !== undefined) {
      args.push('--camera', `${camera.width}x${camera.height}`);
      if (options.pictureWay === 'file') {
        shared = openSharedPicture();
        args.push('--picture-fd', String(PICTURE_FD));
      }
    }
    const child = spawn(build.runnerPath, args, {
      cwd: overlay.dataFolder,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', ...(shared === undefined ? [] : [shared.fd])],
      env: {
        ...process.env,
        ...overlay.environment,
        ...(camera === undefined ? {} : { LP_NUM_THREADS: String(llvmpipeThreads(camera)) }),
      },
    });
    const game = new GameProcess(options, child, shared);
    try {
      const hello = await game.#wait(['hello'], options.startTimeoutMs, 'start');
      const version = hello.values.get('version');
      if (version !== CHANNEL_VERSION) {
        throw new TorcsGameError(
          `Expected a runner of version ${CHANNEL_VERSION}, got ${version}. Run \`npx torcs-pilot torcs setup\`.`,
        );
      }
      game.#pid = Number(hello.values.get('pid'));
    } catch (error) {
      await game.close();
      throw error;
    }
    return game;
  }

  /** Process number of the game itself (its guardian has another). */
  get pid(): number {
    return this.#pid;
  }

  get alive(): boolean {
    return this.#failure === undefined && !this.#leaving;
  }

  /**
   * Starts a race; one that is under way ends.
   * @returns the answer `ready`: `port`, `length`, `width`
   */
  race(command: string, timeoutMs: number): Promise<RunnerAnswer> {
    const answer = this.#wait(['ready'], timeoutMs, 'begin a race');
    this.#channel.write(`${command}\n`);
    return answer;
  }

  /** Waits for the end of the race under way to be told. */
  async raceEnd(timeoutMs: number): Promise<void> {
    await this.#wait(['over'], timeoutMs, 'end the race');
  }

  /** Has the camera's picture of this instant written into `into`; returns its tick. */
  async picture(into: Uint8Array, timeoutMs: number): Promise<number> {
    const shared = this.#shared;
    const answer = this.#wait(['picture'], timeoutMs, 'draw a picture');
    if (shared === undefined) this.#reader.target = into;
    this.#channel.write(shared === undefined ? 'picture\n' : 'picture way=file\n');
    const { values } = await answer;
    shared?.read(into);
    return Number(values.get('tick'));
  }

  /** Gives the game up: kills it, and tells why. */
  giveUp(error: TorcsPilotError): void {
    this.#fail(error);
    this.#kill();
  }

  /** Ends the game and waits until it is gone. */
  async close(): Promise<void> {
    this.#kill();
    await this.#exited;
    this.#channel.destroy();
    this.#shared?.close();
  }

  /** By its handle; the engine, a child of that process, dies with it. A hanging game would not hear a word. */
  #kill(): void {
    this.#leaving = true;
    this.#child.kill('SIGKILL');
  }

  #wait(verbs: readonly string[], timeoutMs: number, purpose: string): Promise<RunnerAnswer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.giveUp(
          new TorcsHungError(
            `Expected the game to ${purpose} within ${timeoutMs} ms, got no answer; it was killed. Reset to go on, or allow it more time.${this.#lastWords()}`,
          ),
        );
      }, timeoutMs);
      this.#waiter = { verbs, resolve, reject, timer };
    });
  }

  #onAnswer(answer: RunnerAnswer): void {
    if (answer.verb === 'over') this.#options.onOver(answer.values.get('reason') ?? '');
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    if (answer.verb === 'error') {
      this.#settle();
      waiter.reject(errorOf(answer));
    } else if (waiter.verbs.includes(answer.verb)) {
      this.#settle();
      waiter.resolve(answer);
    }
  }

  #settle(): void {
    clearTimeout(this.#waiter?.timer);
    this.#waiter = undefined;
  }

  #fail(error: TorcsPilotError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const waiter = this.#waiter;
    this.#settle();
    waiter?.reject(error);
    if (!this.#leaving) this.#options.onFailure(error);
  }

  #crash(code: number | null, signal: NodeJS.Signals | null): TorcsCrashedError {
    const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    return new TorcsCrashedError(
      `Expected the game to run, but it ${how}. Reset to start it anew.${this.#lastWords()}`,
    );
  }

  #lastWords(): string {
    const lines = this.#log.split('\n').filter((line) => line.trim() !== '');
    return lines.length === 0 ? '' : ` Its last words:\n${lines.slice(-8).join('\n')}`;
  }
}

function errorOf(answer: RunnerAnswer): TorcsPilotError {
  const message = `The game refuses: ${answer.text}`;
  return answer.values.get('code') === 'ERR_INVALID_ARGUMENT'
    ? new InvalidArgumentError(message)
    : new TorcsGameError(message);
}
