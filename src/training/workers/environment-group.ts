import type { Box, Environment, ObservationSpace, ResetResult, StepResult } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

/**
 * Environments that step in lockstep and feed one learner. Each is a `source`, counted from 0. Calls of `step` must not
 * overlap, nor `reset` of a source with `step`.
 */
export interface EnvironmentGroup {
  readonly count: number;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  reset(source: number, seed: number): Promise<ResetResult>;
  /**
   * Steps all environments at once and answers when the last one has answered.
   *
   * @param actions one for each source; undefined: that environment is not stepped
   * @returns one result for each source, undefined where there was no action
   */
  step(actions: readonly (Float32Array | undefined)[]): Promise<readonly (StepResult | undefined)[]>;
  /** Closes every environment. Safe to call twice. */
  close(): Promise<void>;
}

/** Environments in this thread: the right choice where a step costs little beside an update. */
export class InProcessGroup implements EnvironmentGroup {
  readonly count: number;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly #environments: readonly Environment[];
  #closed = false;

  /** @param environments all of one kind: their spaces are equal. The group closes them. */
  constructor(environments: readonly Environment[]) {
    const first = environments[0];
    if (first === undefined) throw new InvalidArgumentError('Expected at least one environment, got none');
    this.count = environments.length;
    this.#environments = environments;
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
    environments.forEach((environment, source) => {
      refuseOtherSpaces(first, environment, source);
    });
  }

  reset(source: number, seed: number): Promise<ResetResult> {
    return this.#environments[source]!.reset({ seed });
  }

  async step(actions: readonly (Float32Array | undefined)[]): Promise<readonly (StepResult | undefined)[]> {
    // The usual case, without the cost of the general one: a step of a cheap environment takes a microsecond.
    if (this.count === 1) return [actions[0] === undefined ? undefined : await this.#environments[0]!.step(actions[0])];
    return allOf(
      this.#environments.map(async (environment, source) => {
        const action = actions[source];
        return action === undefined ? undefined : environment.step(action);
      }),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await allOf(this.#environments.map(async (environment) => environment.close()));
  }
}

/** Like `Promise.all`, but nothing is still under way when it fails, and the first one's error is thrown, not the fastest's. */
export async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** What environments of one group must have in common. */
export interface Spaces {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
}

/** @throws InvalidArgumentError when the spaces of two environments differ */
export function refuseOtherSpaces(first: Spaces, other: Spaces, source: number): void {
  const expected = spacesText(first);
  const got = spacesText(other);
  if (expected !== got) {
    throw new InvalidArgumentError(
      `Expected environments with equal spaces, got ${expected} at source 0 and ${got} at source ${source}`,
    );
  }
}

const spacesText = ({ observationSpace, actionSpace }: Spaces): string =>
  JSON.stringify({ observationSpace, actionSpace });
