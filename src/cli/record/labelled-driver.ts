import { InvalidArgumentError, type Observation, type Policy, Random } from '../../core/index.ts';
import type { Expert } from '../compose/expert.ts';
import type { Disturbance } from './disturbance.ts';

/** Lengths of the stretches of which each has one driver, s: from … to. */
const STRETCH_S = [2, 5] as const;

export interface LabelledDriverParts {
  readonly expert: Expert;
  /** Who drives. Absent: the expert. */
  readonly behaviour?: Policy | undefined;
  /** Probability, 0 to 1, that the expert drives a stretch in the behaviour's place: β of Ross et al. 2011. */
  readonly expertShare: number;
  readonly disturbance?: Disturbance | undefined;
  /** Time between two decisions, s. */
  readonly stepS: number;
}

/**
 * Drives, and has the expert say at each decision what it would have done ({@link Expert.action}): the expert itself with
 * disturbances, or a learner, relieved by the expert for whole stretches (DAgger; Ross, Gordon, Bagnell, "A Reduction of
 * Imitation Learning and Structured Prediction to No-Regret Online Learning", AISTATS 2011).
 */
export class LabelledDriver implements Policy {
  readonly name: string;
  readonly #parts: LabelledDriverParts;
  #random = new Random(0);
  #stretchLeftS = 0;
  #expertDrives = false;
  #expertSteps = 0;
  #disturbedSteps = 0;

  constructor(parts: LabelledDriverParts) {
    this.#parts = parts;
    this.name = parts.behaviour === undefined ? parts.expert.name : parts.behaviour.name;
  }

  /** Decisions that the expert executed so far, over all episodes. */
  get expertSteps(): number {
    return this.#expertSteps;
  }

  /** Decisions that were disturbed so far. */
  get disturbedSteps(): number {
    return this.#disturbedSteps;
  }

  /** The random numbers of the episode that `reset` starts next: what an episode draws hangs on its seed alone. */
  seed(seed: number): void {
    const random = new Random(seed);
    this.#random = random.stream('stretches');
    this.#parts.disturbance?.reset(random.stream('disturbance'));
  }

  reset(): void {
    this.#stretchLeftS = 0;
    this.#parts.expert.reset();
    this.#parts.behaviour?.reset?.();
  }

  async act(observation: Observation): Promise<Float32Array> {
    const { expert, behaviour, disturbance } = this.#parts;
    const label = await expert.act(observation);
    // It sees every observation, also while it is relieved: what it remembers must go on.
    const own = await behaviour?.act(observation);
    const isExpert = own === undefined || this.#isRelieved();
    if (isExpert) this.#expertSteps++;
    const chosen = isExpert ? label : own;
    if (chosen.length !== label.length) {
      throw new InvalidArgumentError(
        `Expected ${this.name} to act in the expert's action space (${label.length} numbers), got ${chosen.length}`,
      );
    }
    if (disturbance === undefined) {
      if (!isExpert) expert.driven(chosen);
      return chosen;
    }
    const executed = disturbance.disturb(chosen, observation.sensors?.speedX ?? 0);
    if (disturbance.isOn) this.#disturbedSteps++;
    expert.driven(executed);
    return executed;
  }

  #isRelieved(): boolean {
    const { expertShare, stepS } = this.#parts;
    this.#stretchLeftS -= stepS;
    if (this.#stretchLeftS <= 0) {
      this.#stretchLeftS = this.#random.between(...STRETCH_S);
      this.#expertDrives = this.#random.uniform() < expertShare;
    }
    return this.#expertDrives;
  }
}
