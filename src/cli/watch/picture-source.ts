import type { CameraView, Simulator } from '../../../torcs-client/simulator.ts';
import { CAMERA_VIEWS } from '../../../torcs-client/simulator.ts';
import type { Observation, StepInfo } from '../../core/index.ts';
import type { RawPicture } from '../../dashboard/index.ts';
import type { DrivingInfo } from '../../environments/index.ts';
import { EmbeddedSimulator } from '../../simulator/index.ts';
import { composeSimulator, type SimulatorSettings } from '../compose/simulator.ts';

/** Size of the pictures that are taken for viewers alone, px. */
export const VIEW_SIZE = { width: 512, height: 256 } as const;

/** Where the page's picture comes from. */
export interface PictureSource {
  /** Views to choose from; empty: it is what it is. */
  readonly views: readonly CameraView[];
  view: CameraView;
  /** The picture of this instant, its memory the caller's; undefined: there is none. */
  take(info: StepInfo): Promise<RawPicture | undefined>;
  close(): Promise<void>;
}

/**
 * The embedded simulator from any camera, whatever its own is: its state is put into another simulator that has that
 * camera. Nothing of the race changes.
 */
class EmbeddedView implements PictureSource {
  readonly views = CAMERA_VIEWS;
  view: CameraView;
  readonly #driven: EmbeddedSimulator;
  readonly #settings: SimulatorSettings;
  readonly #cameras = new Map<CameraView, EmbeddedSimulator>();

  constructor(driven: EmbeddedSimulator, settings: SimulatorSettings, view: CameraView) {
    this.#driven = driven;
    this.#settings = settings;
    this.view = view;
  }

  async take(): Promise<RawPicture | undefined> {
    const camera = await this.#camera();
    const { width, height } = VIEW_SIZE;
    const data = new Uint8Array(width * height * 3);
    camera.restoreState(this.#driven.saveState());
    camera.renderCameraSync(data);
    return { kind: 'camera', width, height, channels: 3, pictures: 1, data };
  }

  async close(): Promise<void> {
    for (const camera of this.#cameras.values()) await camera.close();
  }

  async #camera(): Promise<EmbeddedSimulator> {
    const made = this.#cameras.get(this.view);
    if (made !== undefined) return made;
    const camera = { ...VIEW_SIZE, view: this.view, panels: false };
    const simulator = (await composeSimulator({ ...this.#settings, camera })) as EmbeddedSimulator;
    this.#cameras.set(this.view, simulator);
    return simulator;
  }
}

/** The simulator's own camera; its picture of this instant is taken from `info.frame` where it is there already. */
class OwnCamera implements PictureSource {
  readonly views: readonly CameraView[] = [];
  readonly view: CameraView;
  readonly #simulator: Simulator;

  constructor(simulator: Simulator, view: CameraView) {
    this.#simulator = simulator;
    this.view = view;
  }

  async take(info: StepInfo): Promise<RawPicture | undefined> {
    const { camera, raceOver } = this.#simulator;
    const { frame } = info as DrivingInfo;
    if (camera === undefined || (raceOver && frame === undefined)) return undefined;
    const { width, height } = camera;
    // A copy: the recorder and others have theirs of the same array.
    const data = frame === undefined ? new Uint8Array(width * height * 3) : Uint8Array.from(frame.data);
    if (frame === undefined) await this.#simulator.renderCamera(data);
    return { kind: 'camera', width, height, channels: 3, pictures: 1, data };
  }

  async close(): Promise<void> {}
}

/** @param settings what the simulator was composed with */
export function pictureSource(
  simulator: Simulator,
  settings: SimulatorSettings,
  view: CameraView,
): PictureSource | undefined {
  if (simulator instanceof EmbeddedSimulator) return new EmbeddedView(simulator, settings, view);
  return simulator.camera === undefined ? undefined : new OwnCamera(simulator, simulator.camera.view);
}

/** What the network sees of an observation, as a picture whose memory is the caller's. */
export function eyesPicture({ pixels }: Observation, shape: EyesShape | undefined): RawPicture | undefined {
  if (pixels === undefined || shape === undefined) return undefined;
  return { kind: 'eyes', ...shape, data: Uint8Array.from(pixels) };
}

export type EyesShape = Pick<RawPicture, 'width' | 'height' | 'channels' | 'pictures'>;

/** @param shape height, width, channels of all pictures of the stack together; @param stack pictures in it */
export function eyesShape(shape: readonly number[] | undefined, stack: number): EyesShape | undefined {
  const [height, width, depth] = shape ?? [];
  if (height === undefined || width === undefined || depth === undefined) return undefined;
  const channels = depth / stack;
  if (channels === 1 || channels === 3) return { width, height, channels, pictures: stack };
  // A stack whose size is not known: three channels are taken for a colour picture, others for grey ones.
  return depth % 3 === 0
    ? { width, height, channels: 3, pictures: depth / 3 }
    : { width, height, channels: 1, pictures: depth };
}
