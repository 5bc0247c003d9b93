import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { describeEnding, thisMachine } from '../../scripts/setup-tfjs-node/machine.ts';
import { filesOf, temporaryFolder } from './setup-tfjs-node-fakes.ts';

const machine = thisMachine();
const node = (program: string, changes: { timeLimitS?: number; signal?: AbortSignal } = {}) =>
  machine.run(machine.nodePath, ['--eval', program], { workingFolder: tmpdir(), timeLimitS: 60, ...changes });

/** Starts a process that holds standard output open for ever. */
const START_A_HANGING_CHILD = `
const child = require('node:child_process').spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1e6)'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});`;
const HANG_WITH_IT = `${START_A_HANGING_CHILD} setInterval(() => {}, 1e6);`;
const LEAVE_IT = `${START_A_HANGING_CHILD} child.unref();`;

test('a program’s exit code and streams come back', async (t) => {
  const result = await node('console.log("out"); console.error("err"); process.exitCode = 3;');
  t.is(result.ending, 'exit');
  t.is(result.code, 3);
  t.is(result.stdout, 'out\n');
  t.is(describeEnding(result, 60).split('\n')[0], 'exited with 3');
  t.regex(result.output, /err/);
});

test('at the time limit a program ends with all that it started', async (t) => {
  // Its child holds the pipe: were only the parent ended, this would never resolve.
  const result = await node(HANG_WITH_IT, { timeLimitS: 1 });
  t.is(result.ending, 'time-limit');
  t.is(result.code, null);
});

test('what a program leaves running ends at the time limit too', async (t) => {
  const result = await node(LEAVE_IT, { timeLimitS: 1 });
  t.is(result.ending, 'time-limit');
});

test('an interruption that came before its start ends a program at once', async (t) => {
  const interruption = new AbortController();
  interruption.abort();
  t.is((await node(HANG_WITH_IT, { signal: interruption.signal })).ending, 'interrupted');
});

test('a program that is not there is told from one that fails', async (t) => {
  const result = await machine.run('torcs-pilot-no-such-program', [], { workingFolder: tmpdir(), timeLimitS: 60 });
  t.is(result.ending, 'missing');
});

test('processes are told apart by whether they run', (t) => {
  t.true(machine.isRunning(process.pid));
  t.false(machine.isRunning(spawnSync(machine.nodePath, ['--version']).pid));
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
(hasPython ? test : test.skip)(
  'only the C library and its headers come out of the wheel (needs python3)',
  async (t) => {
    const folder = temporaryFolder(t);
    const wheel = join(folder, 'made-up.whl');
    const names = [
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      'tensorflow/include/tensorflow/c/c_api.h',
      'tensorflow/include/tsl/c/tsl_status.h',
      'tensorflow/include/tensorflow/c/BUILD',
      'tensorflow/include/tensorflow/core/kernels/conv.h',
      'tensorflow/python/module.py',
    ];
    const packer =
      'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  [z.writestr(n, n) for n in sys.argv[2:]]';
    t.is(spawnSync('python3', ['-c', packer, wheel, ...names]).status, 0);
    const unpacker = fileURLToPath(new URL('../../scripts/setup-tfjs-node/unpack-wheel.py', import.meta.url));
    const out = [join(folder, 'out/lib'), join(folder, 'out/include')];
    const result = await machine.run('python3', [unpacker, wheel, ...out], { workingFolder: folder, timeLimitS: 60 });
    t.is(result.code, 0, result.output);
    t.deepEqual(filesOf(join(folder, 'out')), {
      'include/tensorflow/c/c_api.h': names[2],
      'include/tsl/c/tsl_status.h': names[3],
      'lib/libtensorflow_cc.so.2': names[0],
      'lib/libtensorflow_framework.so.2': names[1],
    } as Record<string, string>);
  },
);
