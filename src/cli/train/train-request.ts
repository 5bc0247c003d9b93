import type { BackendName } from '../../backend/index.ts';
import type { EnvironmentName, SimulatorName } from '../compose/environment-settings.ts';
import type { DaggerSettings } from './dataset-settings.ts';
import type { Overrides } from './override.ts';
import type { AlgorithmName, EncoderName, ObserveName } from './presets.ts';

/** What was asked for; what is left out follows from the preset. */
export interface TrainRequest {
  readonly environment?: EnvironmentName | undefined;
  readonly algorithm?: AlgorithmName | undefined;
  /** A tuned preset's name, or one of the agent's own. */
  readonly preset?: string | undefined;
  readonly encoder?: EncoderName | undefined;
  readonly observe?: ObserveName | undefined;
  /** Pendulum only. */
  readonly hideVelocity?: boolean | undefined;
  /** Driving only. */
  readonly tracks?: readonly string[] | undefined;
  /** Driving only. */
  readonly evaluationTracks?: readonly string[] | undefined;
  /** Driving only. */
  readonly simulator?: SimulatorName | undefined;
  /** Driving only: folders of recordings, as absolute paths. */
  readonly from?: readonly string[] | undefined;
  /** Learn from the recordings alone. Cloning does so anyway. */
  readonly offline?: boolean | undefined;
  /** Share of each batch that comes from the recordings. */
  readonly share?: number | undefined;
  /** Rounds of DAgger, and what each records. */
  readonly dagger?: Partial<DaggerSettings> | undefined;
  readonly steps?: number | undefined;
  readonly environments?: number | undefined;
  readonly workers?: boolean | undefined;
  readonly backend?: BackendName | undefined;
  readonly threads?: number | undefined;
  readonly evaluationInterval?: number | undefined;
  /** Driving: for each track. */
  readonly evaluationEpisodes?: number | undefined;
  readonly checkpointInterval?: number | undefined;
  readonly logInterval?: number | undefined;
  readonly seed: number;
  readonly overrides: Overrides;
}
