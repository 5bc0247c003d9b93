import { TorcsPilotError } from '../../errors.ts';

/** Something that a local TORCS needs is not there, or is out of date. The message names each piece and what to run. */
export class TorcsNotReadyError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TORCS_NOT_READY', message, options);
  }
}

/** The installed, or installable, TORCS is of a version that torcs-pilot does not know. */
export class TorcsVersionError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_TORCS_VERSION', message);
  }
}

/** This system is none on which a TORCS can be set up. */
export class TorcsUnsupportedSystemError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_TORCS_UNSUPPORTED_SYSTEM', message);
  }
}

/** Packages are missing and this user may not install them. The message holds the one command that does. */
export class TorcsPackagesMissingError extends TorcsPilotError {
  /** The command to run as a person who may use sudo. */
  readonly command: string;

  constructor(message: string, command: string) {
    super('ERR_TORCS_PACKAGES_MISSING', message);
    this.command = command;
  }
}

/** Another `torcs setup` is under way for the same cache folder. */
export class TorcsSetupRunningError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_TORCS_SETUP_RUNNING', message);
  }
}

/** A program that the setup ran failed. The message names the command, its exit code and its last lines. */
export class TorcsCommandError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TORCS_COMMAND', message, options);
  }
}

/** There is too little room on the disk for what the setup has to do. */
export class TorcsDiskFullError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DISK_FULL', message, options);
  }
}
