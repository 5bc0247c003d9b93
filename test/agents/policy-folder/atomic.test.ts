import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { readPolicyFolder } from '../../../src/agents/index.ts';
import { savePolicy, stepOf } from './saved-policy.ts';

function folderOf(t: ExecutionContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-atomic-'));
  t.teardown(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

const WEIGHTS = 'weights.safetensors';
const NEXT = 'weights.next.safetensors';

/** What a kill between two moments of replacing policy 1 by policy 2 leaves. */
function interrupted(t: ExecutionContext, moment: 'before' | 'after'): string {
  const [folder, later] = [folderOf(t), folderOf(t)];
  savePolicy(folder, 1);
  savePolicy(later, 2);
  fs.copyFileSync(path.join(later, WEIGHTS), path.join(folder, NEXT));
  if (moment === 'after') fs.copyFileSync(path.join(later, 'policy.json'), path.join(folder, 'policy.json'));
  return folder;
}

test('killed before policy.json was replaced: the old policy; after it: the new one', (t) => {
  for (const [moment, step] of [
    ['before', 1],
    ['after', 2],
  ] as const) {
    const folder = interrupted(t, moment);
    t.is(stepOf(readPolicyFolder(folder)), step);
    // The next save begins by clearing up, and may be killed too: until policy.json is replaced nothing is lost.
    fs.mkdirSync(path.join(folder, 'policy.json.tmp'));
    t.throws(() => savePolicy(folder, 3), { code: 'ERR_WRITE_FAILED' });
    t.is(stepOf(readPolicyFolder(folder)), step);
    fs.rmdirSync(path.join(folder, 'policy.json.tmp'));
    savePolicy(folder, 3);
    t.is(stepOf(readPolicyFolder(folder)), 3);
    t.false(fs.existsSync(path.join(folder, NEXT)));
  }
});

test('killed at any moment, the folder holds a whole policy; a reader meanwhile finds one too', async (t) => {
  const folder = folderOf(t);
  const script = fileURLToPath(new URL('./child-saver.ts', import.meta.url));
  for (let kill = 0; kill < 3; kill++) {
    const child = spawn(process.execPath, ['--import=tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    for (let read = 0; read < 10; read++) {
      if (stepOf(readPolicyFolder(folder)) === undefined) t.fail('a policy of mixed parts');
      await turn();
    }
    child.kill('SIGKILL');
    await closed;
    t.not(stepOf(readPolicyFolder(folder)), undefined);
  }
});
