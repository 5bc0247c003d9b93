import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { run, Scratch } from '../cli/support.ts';
import { pythonHas, runPython } from './python.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());

test("TensorBoard's own reader finds every run in a folder, and every figure", async (t) => {
  if (!(await pythonHas('tensorboard'))) return t.pass();
  const folder = scratch.path('runs');
  for (const algorithm of ['ddpg', 'td3']) {
    const { code, error } = await run(
      ...['train', '--environment', 'pendulum', '--algorithm', algorithm, '--steps', '120', '--threads', '1'],
      ...['--set', 'netArch=[8]', '--set', 'batchSize=8', '--set', 'learningStarts=40', '--log-interval', '30'],
      ...['--set', 'maxEpisodeSteps=20', '--evaluation-interval', '60', '--evaluation-episodes', '1'],
      ...['--out', path.join(folder, algorithm)],
    );
    t.is(code, 0, error);
  }
  const script = fileURLToPath(new URL('../../scripts/check-tensorboard.py', import.meta.url));
  const said = await runPython([script, folder], folder);
  t.regex(said, /ddpg: \d+ figures under \d+ keys, 0 of them wrong\n/);
  t.regex(said, /\n2 runs, 2 of them sound\n$/);
});
