import type { CameraView } from '../../../torcs-client/simulator.ts';
import type { Timers } from '../../../torcs-client/timers.ts';
import type { Clock, EpisodeObserver } from '../../core/index.ts';
import type { ClientMessage, Dashboard } from '../../dashboard/index.ts';
import type { DrivingEnvironment, DrivingInfo } from '../../environments/index.ts';
import { runEpisodes } from '../../training/loop.ts';
import { Cleanup } from '../cleanup.ts';
import type { DriverChoice } from '../compose/driver.ts';
import { composeDrive, type Drive, type StartMessage } from './compose-drive.ts';
import { DriveRecorder, type OpenRecording } from './drive-recorder.ts';
import { drivingStage } from './driving-stage.ts';
import { HumanAction } from './human-action.ts';
import type { LiveStatus } from './live-status.ts';
import { Pacer } from './pacer.ts';
import { PictureBudget } from './picture-budget.ts';
import type { PictureSource } from './picture-source.ts';
import type { Presenter } from './presenter.ts';
import { Wheel } from './wheel.ts';
import { WheelPolicy } from './wheel-policy.ts';

/** Pictures a second, and the part of the time that they may cost: most at a person's pace, little at full speed. */
const PICTURES = { mostPerSecond: 30, share: 0.5 } as const;
const PICTURES_AT_FULL_SPEED = { mostPerSecond: 15, share: 0.03 } as const;

export interface DriveSessionParts {
  readonly id: number;
  readonly dashboard: Dashboard;
  readonly status: LiveStatus;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Who drives, and its name in lists; `human`: a car that stands until a person takes the wheel. */
  readonly driver: { readonly name: string; readonly choice: DriverChoice | 'human' };
  readonly start: StartMessage;
  /** Where the page's picture is taken from at first. */
  readonly view: CameraView;
  readonly seed: number;
  /** A folder for a new recording, and its name. */
  readonly newRecording: () => { readonly name: string; readonly folder: string };
  readonly tell: (level: 'info' | 'problem', text: string, viewer?: number) => void;
  /** Something failed that the drive does not end with. */
  readonly onFailure: (error: unknown) => void;
}

/** A drive that the page controls: it goes on, episode after episode, until it is stopped. */
export class DriveSession {
  readonly #parts: DriveSessionParts;
  readonly #wheel: Wheel;
  readonly #pacer: Pacer;
  readonly #recorder: DriveRecorder;
  readonly #budget = new PictureBudget(PICTURES);
  readonly #stop = new AbortController();
  #restart = new AbortController();
  #policy: WheelPolicy | undefined;
  #presenter: Presenter | undefined;
  #source: PictureSource | undefined;
  #recording: Drive['recording'];
  #episodes = 0;

  constructor(parts: DriveSessionParts) {
    this.#parts = parts;
    const { clock, timers, status } = parts;
    this.#wheel = new Wheel(clock);
    this.#pacer = new Pacer({
      timers,
      speed: 1,
      timeOf: (info) => (info as DrivingInfo).timeS,
      onChange: () => status.update({ state: this.#pacer.paused ? 'paused' : 'running' }),
      onHold: async () => this.#presenter?.refresh(),
    });
    this.#recorder = new DriveRecorder({
      open: () => this.#openRecording(),
      driver: () => this.#policy?.driver ?? 'unknown',
      onChange: (recording) => status.update({ recording }),
    });
  }

  /** Drives until it is stopped. Everything that was made is closed, whatever happens. */
  async run(): Promise<void> {
    const cleanup = new Cleanup();
    try {
      await this.#drive(await this.#compose(cleanup));
    } finally {
      this.#wheel.free();
      await this.#recorder.stop().catch((error: unknown) => this.#parts.onFailure(error));
      await cleanup.run();
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#pacer.release();
  }

  /** Does what a viewer with the token asks for. */
  obey(viewer: number, message: ClientMessage): void {
    if (message.type === 'input') this.#wheel.hear(viewer, message);
    else if (message.type === 'pause') this.#pacer.pause();
    else if (message.type === 'resume') this.#pacer.resume();
    else if (message.type === 'step') this.#pacer.step(message.steps);
    else if (message.type === 'speed') this.#setSpeed(message.factor);
    else if (message.type === 'view') this.#setView(message.view);
    else if (message.type === 'record') this.#record(message.on);
    else if (message.type === 'take-wheel') this.#takeWheel(viewer);
    else if (message.type === 'give-wheel' && this.#wheel.give(viewer)) this.#tellWheel();
    else if (message.type === 'restart') {
      this.#restart.abort();
      this.#pacer.skip();
    }
  }

  /** Somebody came who has seen nothing yet. */
  greet(): void {
    if (this.#pacer.paused) this.#refresh();
  }

  /** A viewer is gone. */
  lose(viewer: number): void {
    if (this.#wheel.lose(viewer)) this.#onLost();
  }

  async #compose(cleanup: Cleanup): Promise<DrivingEnvironment> {
    const { driver, start, dashboard, status, clock, id, view } = this.#parts;
    const drive = await composeDrive({ ...this.#parts, choice: driver.choice }, cleanup);
    const { environment, policy, simulator, settings, recording } = drive;
    this.#recording = recording;
    this.#policy = new WheelPolicy({
      policy: { name: driver.name, act: (...seen) => policy.act(...seen), reset: () => policy.reset?.() },
      wheel: this.#wheel,
      human: new HumanAction(environment.actionSpace),
      onLost: () => this.#onLost(),
      onStopped: () => this.#onStopped(),
    });
    const can = { start: true, pace: true, wheel: true, record: recording !== undefined };
    const title = `${driver.name} on ${start.track}`;
    const stage = await drivingStage({
      dashboard,
      status,
      session: { id, mode: 'watch', title, can },
      environment,
      simulator,
      settings,
      view,
      budget: this.#budget,
      clock,
    });
    this.#presenter = stage.presenter;
    this.#source = stage.source;
    cleanup.add(() => stage.source?.close());
    const { speed } = this.#pacer;
    status.update({
      state: 'running',
      speed,
      driver: driver.name,
      track: start.track,
      view: stage.source?.view ?? null,
    });
    return environment;
  }

  async #drive(environment: DrivingEnvironment): Promise<void> {
    const { seed, clock } = this.#parts;
    const presenter = this.#presenter!;
    const shown: EpisodeObserver = {
      onReset: (start) => presenter.onReset({ ...start, episode: this.#episodes++ }),
      onStep: (transition) => presenter.onStep(transition),
      onEnd: () => presenter.onEnd(),
    };
    while (!this.#stop.signal.aborted) {
      this.#restart = new AbortController();
      await runEpisodes({
        environment,
        policy: this.#policy!,
        observers: [this.#recorder, shown, this.#pacer],
        ...(this.#episodes === 0 ? { seed } : {}),
        signal: AbortSignal.any([this.#stop.signal, this.#restart.signal]),
        clock,
      });
    }
  }

  #setSpeed(factor: number): void {
    if (this.#wheel.state === 'person' && (factor === 0 || factor > 1)) {
      this.#parts.tell('info', 'A person drives: the simulation goes no faster than real time.');
      return;
    }
    this.#pacer.speed = factor;
    this.#budget.limit(factor === 0 ? PICTURES_AT_FULL_SPEED : PICTURES);
    this.#parts.status.update({ speed: factor });
  }

  #setView(view: StartMessage['camera']['view']): void {
    if (this.#source === undefined || !this.#source.views.includes(view)) return;
    this.#source.view = view;
    this.#parts.status.update({ view });
    if (this.#pacer.paused) this.#refresh();
  }

  /** Shows the instant at which the drive stands still. */
  #refresh(): void {
    void this.#presenter?.refresh().catch(this.#parts.onFailure);
  }

  #record(on: boolean): void {
    const { onFailure, tell } = this.#parts;
    if (on && this.#recording === undefined) {
      tell(
        'problem',
        'This policy cannot be recorded: its actions hold for a number of ticks that 50 is no multiple of.',
      );
      return;
    }
    void (on ? this.#recorder.start() : this.#recorder.stop()).catch(onFailure);
  }

  async #openRecording(): Promise<{ name: string; writer: OpenRecording }> {
    const { name, folder } = this.#parts.newRecording();
    return { name, writer: await this.#recording!(folder) };
  }

  #takeWheel(viewer: number): void {
    if (this.#policy === undefined) return; // The drive is being prepared.
    if (!this.#wheel.take(viewer)) {
      this.#parts.tell('problem', 'Another person is at the wheel.', viewer);
      return;
    }
    if (this.#pacer.speed === 0 || this.#pacer.speed > 1) {
      this.#pacer.speed = 1;
      this.#budget.limit(PICTURES);
      this.#parts.status.update({ speed: 1 });
    }
    this.#tellWheel();
  }

  #onLost(): void {
    this.#tellWheel();
    this.#parts.tell('problem', 'The person at the wheel is gone: the car brakes, and the recording is closed.');
    void this.#recorder.stop().catch(this.#parts.onFailure);
  }

  #onStopped(): void {
    this.#wheel.free();
    this.#tellWheel();
    this.#pacer.pause();
    this.#parts.tell('info', 'The car stands. Resume lets its driver go on.');
  }

  #tellWheel(): void {
    this.#parts.status.update({ wheel: this.#wheel.state, holder: this.#wheel.holder ?? null });
  }
}
