/** Where a run's transitions come from that steps no environment: they fill its replay buffer. */
export interface TransitionSource {
  /**
   * Brings the replay buffer to where it has to be for the next update. Called before each round, with the updates done;
   * of a run that is resumed first with those of its checkpoint: then everything that was brought before is brought again.
   * What comes must follow from the number of updates alone, so that a resumed run learns the same.
   *
   * @returns the number of updates before which nothing more comes; infinity: nothing ever
   */
  prepare(updates: number): Promise<number>;
}
