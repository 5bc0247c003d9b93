import { z } from 'zod';
import type {
  Box,
  Environment,
  ObservationSpace,
  ResetOptions,
  ResetResult,
  StepInfo,
  StepResult,
} from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { CameraFrame, PixelPipeline } from '../../core/frame.ts';
import { parseOptions } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import { ResetNeededError } from '../errors.ts';
import type { PictureFormat } from '../raster/index.ts';
import { clipAction } from './clip-action.ts';
import { type CheckedClassicOptions, pictureFormatSchema } from './options.ts';
import type { Task } from './task.ts';
import { TaskPainter } from './task-painter.ts';

/** What a classic task's environment is made of, beside its options. */
export interface ClassicEnvironmentParts {
  /** Makes pixels of the pictures, which have the size of the option `camera`. Left out: observations have no pixels. */
  readonly pixels?: PixelPipeline;
  /** Seed of the initial states until `reset` names another. Default 0. */
  readonly seed?: number;
}

/** `info` of every classic task; `reset` gives it too. */
export interface ClassicInfo extends StepInfo {
  /** Steps since the start of the episode. */
  readonly step: number;
  /** Simulated time since then, s. */
  readonly timeS: number;
  /** Why the episode ended: `time-limit` (truncated), or the task's own word (terminated); absent while it runs. */
  readonly reason?: string;
  /** The picture of this instant, where `rawFrames` is set. */
  readonly frame?: CameraFrame;
}

/**
 * A classic task as an environment of Gymnasium's shape: what all of them share. `reset` allows the option `state`, the
 * whole state of the physics to start from.
 *
 * Calls must not overlap. Errors: {@link InvalidArgumentError} for options and actions, {@link ResetNeededError} for a
 * step without a running episode, and whatever the pixel pipeline throws.
 */
export class ClassicEnvironment implements Environment {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  /** Simulated time of one step, s. */
  readonly stepS: number;
  readonly #task: Task;
  readonly #pixels: PixelPipeline | undefined;
  readonly #options: CheckedClassicOptions;
  readonly #resetSchema: z.ZodType<{ state?: number[] | undefined }>;
  readonly #scratch: Uint8Array;
  readonly #painters = new Map<string, TaskPainter>();
  #random: Random;
  #stage: 'new' | 'running' | 'ended' | 'closed' = 'new';
  #step = 0;
  #lastAction: Float32Array | undefined;

  protected constructor(task: Task, parts: ClassicEnvironmentParts, options: CheckedClassicOptions) {
    this.#task = task;
    this.#pixels = parts.pixels;
    this.#options = options;
    this.#random = new Random(parts.seed ?? 0);
    this.#resetSchema = z.strictObject({ state: task.stateSchema.optional() });
    this.#scratch = new Uint8Array(parts.pixels === undefined ? 0 : bytesOf(options.camera));
    this.stepS = task.stepS;
    this.actionSpace = task.actionSpace;
    const pixels: Box | undefined = this.#pixels && {
      shape: this.#pixels.outputShape,
      low: 0,
      high: 255,
      dtype: 'uint8',
    };
    this.observationSpace = { state: task.stateSpace, ...(pixels === undefined ? {} : { pixels }) };
  }

  /**
   * The whole state of the physics at this instant, in float64, as `reset` takes it; a fresh array.
   * @throws {@link ResetNeededError} before the first `reset` and after `close`
   */
  get state(): number[] {
    this.#requireStarted();
    return this.#task.state;
  }

  async reset(options: ResetOptions = {}): Promise<ResetResult> {
    if (this.#stage === 'closed') throw new ResetNeededError('Expected an open environment, got one that was closed');
    const { state } = parseOptions(this.#resetSchema, options.options ?? {}, 'reset options');
    if (options.seed !== undefined) this.#random = new Random(options.seed);
    this.#task.start(this.#random, state);
    this.#stage = 'running';
    this.#step = 0;
    this.#lastAction = undefined;
    return this.#look(true);
  }

  async step(action: Float32Array): Promise<StepResult> {
    if (this.#stage !== 'running') {
      throw new ResetNeededError(
        'Expected a running episode, got a step before `reset` or after the end: call `reset`',
      );
    }
    const clipped = clipAction(this.actionSpace, action);
    const { reward, ended, info = {} } = this.#task.advance(clipped);
    this.#lastAction = clipped;
    this.#step++;
    const terminated = ended !== undefined;
    const truncated = !terminated && this.#step === this.#options.maxEpisodeSteps;
    if (terminated || truncated) this.#stage = 'ended';
    const reason = truncated ? 'time-limit' : ended;
    const seen = await this.#look(false);
    return {
      observation: seen.observation,
      reward,
      terminated,
      truncated,
      info: { ...seen.info, ...info, ...(reason === undefined ? {} : { reason }) },
    };
  }

  /**
   * A picture of this instant, in any size: for videos, while the agent sees another.
   * @param format width and height, pixels, 8 to 4096 each
   * @param into height × width × 3 bytes to draw into. Default: a fresh array
   * @throws {@link ResetNeededError} before the first `reset` and after `close`
   * @throws {@link InvalidArgumentError} for a wrong format or size of `into`
   */
  renderFrame(format: PictureFormat, into?: Uint8Array): CameraFrame {
    this.#requireStarted();
    const checked = parseOptions(pictureFormatSchema, format, 'picture format');
    return this.#draw(checked, into ?? new Uint8Array(bytesOf(checked)));
  }

  /** Frees what the physics hold. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#stage === 'closed') return;
    this.#stage = 'closed';
    this.#task.close();
  }

  #requireStarted(): void {
    if (this.#stage === 'new' || this.#stage === 'closed') {
      throw new ResetNeededError(
        `Expected an episode, got ${this.#stage === 'new' ? 'none yet: call `reset`' : 'a closed environment'}`,
      );
    }
  }

  /** Observation and info of this instant. */
  async #look(start: boolean): Promise<ResetResult & { readonly info: ClassicInfo }> {
    const state = this.#task.observe();
    const info: ClassicInfo = { step: this.#step, timeS: this.#step * this.stepS };
    const { rawFrames, camera } = this.#options;
    if (this.#pixels === undefined && !rawFrames) return { observation: { state }, info };
    const frame = this.#draw(camera, rawFrames ? new Uint8Array(bytesOf(camera)) : this.#scratch);
    const seen = rawFrames ? { ...info, frame } : info;
    if (this.#pixels === undefined) return { observation: { state }, info: seen };
    const pixels = await (start ? this.#pixels.reset(frame) : this.#pixels.push(frame));
    return { observation: { state, pixels }, info: seen };
  }

  #draw(format: PictureFormat, data: Uint8Array): CameraFrame {
    const { width, height } = format;
    if (data.length !== bytesOf(format)) {
      throw new InvalidArgumentError(
        `Expected room for ${bytesOf(format)} bytes of a picture of ${width}x${height}, got ${data.length}`,
      );
    }
    const key = `${width}x${height}`;
    let painter = this.#painters.get(key);
    if (painter === undefined) {
      painter = new TaskPainter(this.#task, format);
      this.#painters.set(key, painter);
    }
    painter.paint(data, this.#options.showAction ? this.#lastAction : undefined);
    return { width, height, data, tick: this.#step };
  }
}

function bytesOf({ width, height }: PictureFormat): number {
  return width * height * 3;
}
