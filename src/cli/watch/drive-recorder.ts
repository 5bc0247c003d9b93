import type { EpisodeObserver, EpisodeStart, EpisodeSummary, StepInfo, Transition } from '../../core/index.ts';

/** A recording that is open: `RecordingWriter`, or a test's own. */
export type OpenRecording = Required<Pick<EpisodeObserver, 'onReset' | 'onStep' | 'onEnd'>> & {
  close(): Promise<void>;
};

export interface DriveRecorderParts {
  /** Makes a new recording. @returns it, and its name */
  readonly open: () => Promise<{ readonly name: string; readonly writer: OpenRecording }>;
  /** Whose the last action was. */
  readonly driver: () => string;
  /** Called when the recording begins, goes on, and ends. */
  readonly onChange: (recording: { readonly name: string; readonly frames: number } | null) => void;
}

/**
 * Records a drive while somebody wants it. What one driver drove is an episode of the dataset, with its driver's name:
 * when a person takes the wheel, or gives it back, another episode begins.
 */
export class DriveRecorder implements EpisodeObserver {
  readonly #parts: DriveRecorderParts;
  #recording: { readonly name: string; readonly writer: OpenRecording } | undefined;
  #frames = 0;
  #driver: string | undefined;
  #episode = 0;
  #returnSum = 0;
  #steps = 0;
  /** What came with the newest observation. */
  #info: StepInfo = {};
  /** The writer takes one call at a time. */
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: DriveRecorderParts) {
    this.#parts = parts;
  }

  /** Begins a recording, unless there is one. Rejects with what opening it throws. */
  start(): Promise<void> {
    return this.#alone(async () => {
      if (this.#recording !== undefined) return;
      this.#recording = await this.#parts.open();
      this.#frames = 0;
      this.#episode = 0;
      this.#tell();
    });
  }

  /** Ends the recording, if there is one: it is whole then. Rejects with what closing it throws. */
  stop(): Promise<void> {
    return this.#alone(() => this.#close());
  }

  onReset({ info }: EpisodeStart): void {
    this.#info = info;
  }

  onStep(transition: Transition): void | Promise<void> {
    const before = this.#info;
    this.#info = transition.info;
    if (this.#recording === undefined) return;
    return this.#alone(() => this.#record(transition, before));
  }

  onEnd(summary: EpisodeSummary): void | Promise<void> {
    if (this.#recording === undefined) return;
    return this.#alone(() => this.#endEpisode(summary));
  }

  async #record(transition: Transition, before: StepInfo): Promise<void> {
    const writer = this.#recording?.writer;
    if (writer === undefined) return;
    const driver = this.#parts.driver();
    if (driver !== this.#driver) {
      if (this.#driver !== undefined) await this.#endEpisode({ info: before });
      await writer.onReset({
        episode: this.#episode++,
        observation: transition.observation,
        info: { ...before, driver } as EpisodeStart['info'],
      });
      this.#driver = driver;
      this.#returnSum = 0;
      this.#steps = 0;
    }
    await writer.onStep(transition);
    this.#frames++;
    this.#steps++;
    this.#returnSum += transition.reward;
    if (this.#frames % 25 === 0) this.#tell();
  }

  /** @param end how the environment's own episode ended; without it the driver has changed, or the recording ends */
  async #endEpisode(end: Partial<EpisodeSummary> & Pick<EpisodeSummary, 'info'>): Promise<void> {
    if (this.#driver === undefined) return;
    this.#driver = undefined;
    await this.#recording?.writer.onEnd({
      episode: this.#episode - 1,
      steps: this.#steps,
      returnSum: this.#returnSum,
      terminated: end.terminated ?? false,
      truncated: end.truncated ?? true,
      info: end.info,
    });
  }

  async #close(): Promise<void> {
    const recording = this.#recording;
    if (recording === undefined) return;
    try {
      await this.#endEpisode({ info: this.#info }).finally(() => recording.writer.close());
    } finally {
      this.#recording = undefined;
      this.#driver = undefined;
      this.#parts.onChange(null);
    }
  }

  #tell(): void {
    const { name } = this.#recording!;
    this.#parts.onChange({ name, frames: this.#frames });
  }

  #alone(task: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(task);
    // Whoever asked is told of a failure; who comes next begins anew.
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
