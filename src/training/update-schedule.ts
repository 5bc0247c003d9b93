import { z } from 'zod';

export const updateScheduleStateSchema = z.strictObject({
  claimed: z.int().min(0),
  learningFrom: z.int().min(0).nullable(),
});
export type UpdateScheduleState = z.output<typeof updateScheduleStateSchema>;

export interface UpdateRatio {
  readonly learningStarts: number;
  readonly trainFrequency: number;
  readonly gradientSteps: number;
}

/**
 * When updates are due: `gradientSteps` for each whole `trainFrequency` steps since learning began, whatever the number
 * of environments that the steps come from. Learning begins with `learningStarts`, or with the first step after it that
 * leaves something to draw.
 */
export class UpdateSchedule {
  readonly #ratio: UpdateRatio;
  /** Updates that were given out to be done. */
  #claimed = 0;
  #learningFrom: number | null = null;

  constructor(ratio: UpdateRatio) {
    this.#ratio = ratio;
  }

  /** @param before steps before this round; @param after steps with it; @param canDraw whether replay has something */
  addSteps(before: number, after: number, canDraw: boolean): void {
    const { learningStarts } = this.#ratio;
    if (this.#learningFrom === null && after > learningStarts && canDraw) {
      this.#learningFrom = Math.max(learningStarts, before);
    }
  }

  /** Updates that are due after so many steps, without those that were claimed: those under way are claimed. */
  due(steps: number): number {
    if (this.#learningFrom === null) return 0;
    const { trainFrequency, gradientSteps } = this.#ratio;
    const perTime = gradientSteps === -1 ? trainFrequency : gradientSteps;
    return perTime * Math.floor((steps - this.#learningFrom) / trainFrequency) - this.#claimed;
  }

  /** The same, and they count as claimed from now on. */
  claim(steps: number): number {
    const due = this.due(steps);
    this.#claimed += due;
    return due;
  }

  get state(): UpdateScheduleState {
    return { claimed: this.#claimed, learningFrom: this.#learningFrom };
  }

  set state(state: UpdateScheduleState) {
    this.#claimed = state.claimed;
    this.#learningFrom = state.learningFrom;
  }
}
