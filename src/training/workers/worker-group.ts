import type { Box, ObservationSpace, ResetResult, StepResult } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { EnvironmentDescription } from './description.ts';
import { allOf, type EnvironmentGroup, refuseOtherSpaces } from './environment-group.ts';
import { EnvironmentThread } from './environment-thread.ts';

/**
 * Environments in worker threads, one each: for simulators whose steps cost more than the way to another thread and back
 * (some 50 µs). The results are those of {@link InProcessGroup} with the same environments.
 */
export class WorkerGroup implements EnvironmentGroup {
  readonly count: number;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly #threads: readonly EnvironmentThread[];

  private constructor(threads: readonly EnvironmentThread[]) {
    const first = threads[0]!;
    this.count = threads.length;
    this.#threads = threads;
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
  }

  /**
   * Starts a thread for each description. When one of them fails, none is left running.
   *
   * @throws {@link InvalidArgumentError} when there is no description, or spaces differ; {@link WorkerThreadError};
   *   whatever the environments' making throws, with its code and message
   */
  static async start(descriptions: readonly EnvironmentDescription[]): Promise<WorkerGroup> {
    if (descriptions.length === 0) throw new InvalidArgumentError('Expected at least one environment, got none');
    const starts = await Promise.allSettled(descriptions.map((description) => EnvironmentThread.start(description)));
    const threads = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    try {
      for (const start of starts) if (start.status === 'rejected') throw start.reason;
      threads.forEach((thread, source) => {
        refuseOtherSpaces(threads[0]!, thread, source);
      });
      return new WorkerGroup(threads);
    } catch (error) {
      await Promise.allSettled(threads.map((thread) => thread.close()));
      throw error;
    }
  }

  reset(source: number, seed: number): Promise<ResetResult> {
    return this.#threads[source]!.reset(seed);
  }

  step(actions: readonly (Float32Array | undefined)[]): Promise<readonly (StepResult | undefined)[]> {
    return allOf(
      this.#threads.map(async (thread, source) => {
        const action = actions[source];
        return action === undefined ? undefined : thread.step(action);
      }),
    );
  }

  async close(): Promise<void> {
    await allOf(this.#threads.map((thread) => thread.close()));
  }
}
