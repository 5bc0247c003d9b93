import fs from 'node:fs';
import path from 'node:path';
import { runFiles } from '../../../src/training/index.ts';
import { killedRun } from './killed-run.ts';
import { fakeRun } from './run.ts';

// A run to be killed: begins, or goes on with, the run in the folder that is its argument. Says `r` when it is about to.
const [folder = ''] = process.argv.slice(2);
const resume = fs.existsSync(path.join(folder, runFiles.settings));
fs.writeSync(1, 'r');
await fakeRun({ ...killedRun, folder, resume });
