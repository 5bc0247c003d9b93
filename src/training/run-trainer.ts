/** What a run does between its evaluations, logs and checkpoints: rounds of steps. */
export interface RunTrainer {
  /** Steps taken: of environments, or updates where a run learns from a dataset. */
  readonly steps: number;
  readonly updates: number;
  readonly endedEpisodes: number;
  /** Before the first round of a run that is begun. */
  begin(): Promise<void>;
  round(): Promise<void>;
  /** After the last round: what it made due. */
  drain(): Promise<void>;
  /** Between rounds only. The state is JSON. */
  save(): { readonly state: object; readonly actions: Float32Array };
  /**
   * Instead of `begin`, when agent and replay buffer have been loaded.
   *
   * @throws InvalidFileError when the state is not one that `save` gave
   */
  restore(state: unknown, actions: Float32Array): Promise<void>;
}
