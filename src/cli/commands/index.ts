import type { Command } from '../command.ts';
import { benchCommand } from './bench.ts';
import { demoCommand } from './demo.ts';
import { driveCommand } from './drive.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { plotCommand } from './plot.ts';
import { recordCommand } from './record.ts';
import { recordingsCommand } from './recordings.ts';
import { replayCommand } from './replay.ts';
import { serveCommand } from './serve.ts';
import { torcsCommand } from './torcs.ts';
import { tracksCommand } from './tracks.ts';
import { trainCommand } from './train.ts';
import { watchCommand } from './watch.ts';

/** Every command, in the order of the help text. */
export const commands: readonly Command[] = [
  demoCommand,
  driveCommand,
  trainCommand,
  evaluateCommand,
  watchCommand,
  replayCommand,
  recordCommand,
  plotCommand,
  exportCommand,
  serveCommand,
  tracksCommand,
  torcsCommand,
  recordingsCommand,
  benchCommand,
];
