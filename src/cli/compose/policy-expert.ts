import { DEFAULT_RANGE_FINDER_ANGLES_DEG, type Sensors } from '../../../torcs-client/sensors.ts';
import type { LearnedPolicy } from '../../agents/policy-folder/index.ts';
import { InvalidArgumentError, InvalidFileError, type Observation, UsageError } from '../../core/index.ts';
import { type ActionKind, StateEncoder } from '../../environments/index.ts';
import type { Cleanup } from '../cleanup.ts';
import type { DrivingSettings } from './environment-settings.ts';
import type { Expert } from './expert.ts';

export interface PolicyExpertOptions {
  /** Folder of a policy that reads the state alone. */
  readonly folder: string;
  /** What the learner does, and for how many control ticks. */
  readonly actions: ActionKind;
  readonly actionRepeat: number;
  readonly cleanup: Cleanup;
}

/**
 * A learned policy as somebody to learn from: one that reads the state, which whoever learns from it does not see ("Learning
 * by cheating", Chen et al. 2019).
 *
 * @throws InvalidFileError for what is no policy; UsageError for one that sees pictures, or acts otherwise than the learner
 */
export async function loadPolicyExpert(options: PolicyExpertOptions): Promise<Expert> {
  const { folder, cleanup, ...asked } = options;
  // Loaded only where a policy teaches: what runs networks takes a second.
  const { openStoredPolicy, readDrivingPolicy } = await import('./policy.ts');
  const stored = readDrivingPolicy(folder);
  const own = stored.environment;
  if (own.pixels !== undefined) {
    throw new UsageError(`Expected an expert that reads the state alone in ${folder}, got one that sees pictures`);
  }
  for (const name of ['actions', 'actionRepeat'] as const) {
    if (own.options[name] === asked[name]) continue;
    throw new UsageError(
      `Expected an expert whose \`${name}\` are the learner's (${asked[name]}) in ${folder}, got ${own.options[name]}`,
    );
  }
  const expected = new StateEncoder(own.options.state).space.names?.join(', ');
  const names = stored.content.observationSpace.state.names?.join(', ') ?? 'none';
  if (names !== expected) {
    throw new InvalidFileError(
      `Expected the policy in ${folder} to read the state of the environment that it describes (${expected}), got ${names}: its parts do not belong together`,
    );
  }
  return new PolicyExpert(await openStoredPolicy(stored, cleanup), own);
}

class PolicyExpert implements Expert {
  readonly name: string;
  readonly rangeFinderAnglesDeg: readonly number[];
  readonly actions: ActionKind;
  readonly isLost = false;
  readonly #policy: LearnedPolicy;
  readonly #encoder: StateEncoder;
  #action: Float32Array | undefined;

  constructor(policy: LearnedPolicy, { options }: DrivingSettings) {
    this.#policy = policy;
    this.#encoder = new StateEncoder(options.state);
    this.name = policy.name;
    this.actions = options.actions;
    this.rangeFinderAnglesDeg = options.rangeFinderAnglesDeg ?? DEFAULT_RANGE_FINDER_ANGLES_DEG;
  }

  get action(): Float32Array | undefined {
    return this.#action;
  }

  reset(): void {
    this.#policy.reset();
    this.#action = undefined;
  }

  watch(): void {}

  driven(): void {}

  async act({ sensors }: Observation): Promise<Float32Array> {
    this.#action = await this.#policy.act({ state: this.#encoder.encode(required(sensors)) });
    return this.#action;
  }
}

function required(sensors: Sensors | undefined): Sensors {
  if (sensors !== undefined) return sensors;
  throw new InvalidArgumentError('Expected an observation with `sensors`, which the expert reads, got one without');
}
