/** Where a part of a run is written down. */
export interface CheckpointFolders {
  /** This checkpoint's own folder for this part: empty when writing. It gets its name, whole, when everything is in it. */
  readonly own: string;
  /**
   * A folder of this part that outlives single checkpoints, for large files that never change once written. A checkpoint
   * names those that it needs; files that no kept checkpoint names are removed.
   */
  readonly shared: string;
}

/** A part of a run that can be written down and taken up again to the bit: agent, replay buffer, noise, loggers. */
export interface Checkpointed {
  /**
   * Writes everything and syncs it.
   *
   * @returns names of the files in the shared folder that this checkpoint needs
   */
  saveCheckpoint(folders: CheckpointFolders): Promise<readonly string[]>;
  /** @throws InvalidFileError when a file is missing, damaged, or of other sizes than this object's; nothing is changed then */
  loadCheckpoint(folders: CheckpointFolders): Promise<void>;
}
