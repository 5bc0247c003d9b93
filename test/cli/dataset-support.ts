import { makePipeline } from '../../src/cli/compose/environment.ts';
import { type DrivingSettings, environmentSchemas } from '../../src/cli/compose/environment-settings.ts';
import type { Policy, Transition } from '../../src/core/index.ts';
import { Random } from '../../src/core/index.ts';
import { DrivingEnvironment, type DrivingInfo, type DrivingOptions } from '../../src/environments/index.ts';
import { RecordingWriter } from '../../src/recordings/index.ts';
import { runEpisodes } from '../../src/training/index.ts';
import { FakeSimulator } from '../environments/fake-simulator.ts';

export const CAMERA = { width: 16, height: 12, view: 'road' } as const;

type Input = Omit<Partial<DrivingSettings>, 'options' | 'pixels' | 'name'> & {
  readonly options?: DrivingOptions;
  readonly pixels?: Partial<NonNullable<DrivingSettings['pixels']>> | undefined;
};

/** A learner's environment: a small camera, one pedal, five ticks an action, and by default its speed for a state. */
export function learner({ options = {}, ...rest }: Input = {}): DrivingSettings {
  return environmentSchemas.driving.parse({
    name: 'driving',
    camera: CAMERA,
    pixels: { stack: 3 },
    ...rest,
    options: { actions: 'steer-pedal', actionRepeat: 5, state: ['speedX', 'trackPos'], ...options },
  });
}

/** A camera whose pictures differ from each other and within themselves. */
class PaintingSimulator extends FakeSimulator {
  override async renderCamera(into: Uint8Array) {
    for (let i = 0; i < into.length; i++) into[i] = (i * 7 + this.tick * 13) % 256;
    return { tick: this.tick, width: this.camera!.width, height: this.camera!.height };
  }
}

/** Steers at random, and mostly drives on. */
export function randomDriver(size: number, seed = 1): Policy {
  const random = new Random(seed);
  return {
    name: 'random',
    act: () => {
      const [steer, pedal] = [random.between(-0.05, 0.05), random.between(-0.2, 1)];
      if (size === 2) return Float32Array.of(steer, pedal);
      const pedals = [Math.max(0, pedal), Math.max(0, -pedal)];
      return Float32Array.of(steer, ...pedals, ...[2, 0].slice(0, size - 3));
    },
  };
}

export interface RecordFakeOptions {
  readonly dir: string;
  /** Recorded with these settings; the pictures are the camera's own. */
  readonly settings: DrivingSettings;
  readonly steps: number;
  readonly episodes?: number;
  /** Label of an observation by its number in the episode. Default: none is recorded. */
  readonly label?: (step: number) => Float32Array;
  readonly sensors?: boolean;
  /** Tell view and reward. Default true. */
  readonly tells?: boolean;
  readonly policy?: Policy;
}

/**
 * Records episodes of a made-up road, cut after so many steps unless the settings end them before, and returns what the
 * learner that recorded them was shown.
 */
export async function recordFake(options: RecordFakeOptions): Promise<Transition[][]> {
  const { dir, settings, steps, episodes = 1, label, sensors = true, tells = true } = options;
  const { camera, pixels } = settings;
  const environment = new DrivingEnvironment({
    simulator: new PaintingSimulator(camera === undefined ? {} : { camera: { ...camera, panels: false } }),
    options: { ...settings.options, rawFrames: camera !== undefined },
    ...(pixels && camera ? { pixels: makePipeline(pixels, camera) } : {}),
  });
  const { rangeFinderAnglesDeg, actionRepeat, reward, rewardScale } = environment.options;
  const seen: Transition[][] = [];
  let step = 0;
  const writer = await RecordingWriter.open(
    {
      dir,
      fps: 50 / actionRepeat,
      stateNames: [...(environment.observationSpace.state.names ?? [])],
      actionNames: [...(environment.actionSpace.names ?? [])],
      expertAction: label !== undefined,
      sensors,
      ...(tells ? { reward: { kind: reward, scale: rewardScale } } : {}),
      ...(rangeFinderAnglesDeg === undefined ? {} : { rangeFinderAnglesDeg }),
      ...(camera === undefined
        ? {}
        : { camera: { width: camera.width, height: camera.height, ...(tells ? { view: camera.view } : {}) } }),
    },
    {
      picture: (_observation, info) => (info as DrivingInfo).frame?.data,
      ...(label === undefined ? {} : { expertAction: () => label(step) }),
    },
  );
  for (let episode = 0; episode < episodes; episode++) {
    step = 0;
    const transitions: Transition[] = [];
    seen.push(transitions);
    await runEpisodes({
      environment,
      policy: options.policy ?? randomDriver(environment.actionSpace.shape[0]!, episode),
      maxSteps: steps,
      seed: episode,
      observers: [
        writer,
        {
          onStep: (transition) => {
            transitions.push(transition);
            step++;
          },
        },
      ],
    });
  }
  await writer.close();
  return seen;
}
