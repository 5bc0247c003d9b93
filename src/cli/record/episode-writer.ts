import { UsageError } from '../../core/index.ts';
import type { DrivingEnvironment } from '../../environments/index.ts';
import type { RecordingWriter } from '../../recordings/index.ts';
import { CONTROL_RATE_HZ } from '../compose/control-rate.ts';
import type { DrivingSettings } from '../compose/environment-settings.ts';
import type { Expert } from '../compose/expert.ts';
import { openRecording } from '../compose/recording.ts';

export interface EpisodeWriterOptions {
  readonly dir: string;
  /** What `environment` was made of. */
  readonly settings: DrivingSettings;
  readonly environment: DrivingEnvironment;
  /** Whose actions are the labels. */
  readonly expert: Expert;
}

/**
 * Opens a folder for labelled episodes of a driving environment: the camera's own pictures, the sensors, what was
 * executed and what the expert would have done. A dataset of equal features that is there is added to.
 *
 * @throws UsageError for an action repeat whose rate is no whole number; whatever `RecordingWriter.open` throws
 */
export function openEpisodeWriter(options: EpisodeWriterOptions): Promise<RecordingWriter> {
  const { dir, settings, environment, expert } = options;
  const { actionRepeat } = environment.options;
  const fps = CONTROL_RATE_HZ / actionRepeat;
  if (!Number.isInteger(fps)) {
    throw new UsageError(
      `Expected actions that hold for a divisor of ${CONTROL_RATE_HZ} ticks in a recording, got ${actionRepeat} ticks`,
    );
  }
  return openRecording({ dir, environment, fps, camera: settings.camera, expertAction: () => expert.action });
}
