import fs from 'node:fs';
import path from 'node:path';
import { runFiles } from '../../../src/training/index.ts';
import { killedRun } from './killed-run.ts';
import { fakeRun } from './run.ts';

// A run to be killed: begins, or goes on with, the run in the folder that is its argument. Writes a character when it is
// about to, and another after each step.
const [folder = ''] = process.argv.slice(2);
const resume = fs.existsSync(path.join(folder, runFiles.settings));
const giveSign = () => void fs.writeSync(1, '.');
giveSign();
await fakeRun({ ...killedRun, folder, resume, observers: [{ onStep: giveSign }] });
