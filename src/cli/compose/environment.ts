import type { Sensors } from '../../../torcs-client/sensors.ts';
import type { CameraFormat } from '../../../torcs-client/simulator.ts';
import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { type Environment, InvalidArgumentError } from '../../core/index.ts';
import {
  DrivingEnvironment,
  InvertedPendulumEnvironment,
  PendulumEnvironment,
  ReacherEnvironment,
} from '../../environments/index.ts';
import type { EnvironmentDescription } from '../../training/index.ts';
import type { DrivingSettings, EnvironmentSettings } from './environment-settings.ts';
import { makePipeline } from './pixel-pipeline.ts';
import { composeSimulator, composeTrackLibrary } from './simulator.ts';

export { makePipeline };

/**
 * Makes the environment that its settings describe, in any thread. The caller closes it.
 *
 * @throws InvalidArgumentError for tracks that do not exist, or pixels without a camera; TorcsPilotError when there is no
 *   game to drive in
 */
export async function makeEnvironment(settings: EnvironmentSettings): Promise<Environment> {
  if (settings.name === 'driving') return makeDriving(settings);
  const pixels = settings.pixels && makePipeline(settings.pixels, settings.options.camera);
  const seen = pixels === undefined ? {} : { pixels };
  switch (settings.name) {
    case 'pendulum':
      return new PendulumEnvironment({ options: settings.options, ...seen });
    case 'inverted-pendulum':
      return InvertedPendulumEnvironment.create({ options: settings.options, ...seen });
    case 'reacher':
      return ReacherEnvironment.create({ options: settings.options, ...seen });
  }
}

/** The same for {@link makeEnvironment} in a worker thread. */
export function describeEnvironment(settings: EnvironmentSettings): EnvironmentDescription {
  return { module: import.meta.url, factory: makeEnvironment.name, arguments: [settings] };
}

/** The camera that an environment of these settings looks through, if any. */
export function cameraOf({ camera }: DrivingSettings): CameraFormat | undefined {
  return camera === undefined ? undefined : { ...camera, panels: false };
}

/**
 * The driving environment that its settings describe.
 *
 * @param onTick told every tick's sensors; see {@link DrivingEnvironment}
 * @throws as {@link makeEnvironment}
 */
export async function makeDriving(
  settings: DrivingSettings,
  onTick?: (sensors: Sensors) => void,
): Promise<DrivingEnvironment> {
  const { simulator: kind, options, pixels } = settings;
  const camera = cameraOf(settings);
  if (pixels !== undefined && camera === undefined) {
    throw new InvalidArgumentError('Expected a `camera`, because the environment has `pixels`, got none');
  }
  // Without the game its tracks are not known either: that is told first.
  if (kind === 'torcs') await requireTorcs();
  if (options.tracks !== undefined) {
    // An unknown name is told before a race is on, however rarely it would be drawn.
    const library = await composeTrackLibrary();
    for (const track of options.tracks) library.get(track);
  }
  const simulator = await composeSimulator({ choice: { kind }, track: options.tracks?.[0], camera });
  try {
    return new DrivingEnvironment({
      simulator,
      options,
      ...(onTick === undefined ? {} : { onTick }),
      ...(pixels === undefined || camera === undefined ? {} : { pixels: makePipeline(pixels, camera) }),
    });
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
