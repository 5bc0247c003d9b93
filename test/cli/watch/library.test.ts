import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { CurveFile } from '../../../src/cli/watch/curve-file.ts';
import { scanFolder } from '../../../src/cli/watch/library.ts';
import { Scratch } from '../support.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());

function write(root: string, file: string, content: unknown): void {
  const full = path.join(root, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
}

test('policies, runs and recordings are found, by names below the folder', (t) => {
  const root = scratch.path('runs');
  const environment = { name: 'driving' };
  write(root, 'a/settings.json', { environment });
  write(root, 'a/progress.jsonl', '');
  write(root, 'a/policy-best/policy.json', { provenance: { environment } });
  write(root, 'a/checkpoints/1/policy.json', {});
  write(root, 'b/settings.json', '{');
  write(root, 'b/progress.jsonl', '');
  write(root, 'b/summary.json', '{}');
  write(root, 'recordings/one/meta/info.json', { total_episodes: 2, total_frames: 300 });
  write(root, 'recordings/one/data/policy.json', {});
  write(root, '.hidden/policy.json', {});
  write(root, 'c/policy.json', `{"provenance":{"environment":{"name":"${'x'.repeat(99)}"}}}`);
  const found = scanFolder(root);
  t.deepEqual(
    found.policies.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: 'a/policy-best', task: 'driving' },
      { name: 'c', task: 'x'.repeat(60) },
    ],
  );
  t.deepEqual(
    found.runs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: 'a', task: 'driving', state: 'stopped' },
      { name: 'b', task: 'unknown', state: 'ended' },
    ],
  );
  t.deepEqual(found.recordings, [{ name: 'recordings/one', episodes: 2, frames: 300 }]);
  t.is(scanFolder(root, 'these').folders.get('these/a/policy-best'), path.join(root, 'a', 'policy-best'));
  t.is(found.folders.get('a/policy-best'), path.join(root, 'a', 'policy-best'));
  for (const name of ['../a', 'a/../a', '/etc', 'a/', '.', '..']) t.is(found.folders.get(name), undefined, name);
});

test('links lead nowhere, and the newest come first', (t) => {
  const root = scratch.path('runs');
  const outside = scratch.path('outside');
  write(outside, 'policy.json', {});
  write(root, 'old/policy.json', {});
  write(root, 'new/policy.json', {});
  fs.utimesSync(path.join(root, 'old/policy.json'), 1000, 1000);
  fs.symlinkSync(outside, path.join(root, 'link'));
  fs.mkdirSync(path.join(root, 'trick'));
  fs.symlinkSync(path.join(outside, 'policy.json'), path.join(root, 'trick', 'policy.json'));
  t.deepEqual(
    scanFolder(root).policies.map(({ name }) => name),
    ['new', 'old'],
  );
});

test('a folder that is not there has nothing, and may itself be a run', (t) => {
  t.deepEqual(scanFolder(scratch.path('none')).policies, []);
  const root = scratch.path('run');
  write(root, 'settings.json', { environment: { name: 'pendulum' } });
  write(root, 'progress.jsonl', '');
  t.deepEqual(scanFolder(root).runs, [{ name: '.', task: 'pendulum', state: 'stopped' }]);
});

const line = (step: number, values: Record<string, number>) => `${JSON.stringify({ step, ...values })}\n`;

test('a curve is followed while its file grows, and begun anew when it was cut', (t) => {
  const file = path.join(scratch.path('run'), 'progress.jsonl');
  const curve = new CurveFile('run', file);
  t.false(curve.read(), 'not written yet');
  write(path.dirname(file), 'progress.jsonl', line(10, { 'rollout/ep_rew_mean': -3 }));
  t.true(curve.read());
  t.false(curve.read(), 'nothing new');
  const half = line(20, { 'eval/mean_reward': 5 });
  fs.appendFileSync(file, half.slice(0, 12));
  t.true(curve.read());
  t.deepEqual(curve.curve.steps, [10], 'half a line is no point yet');
  fs.appendFileSync(file, `${half.slice(12)}not json\n${line(30, { 'time/fps': 3 })}null\n`);
  curve.read();
  t.deepEqual(curve.curve, { run: 'run', steps: [10, 20], training: [-3, null], evaluation: [null, 5] });
  fs.writeFileSync(file, line(5, { 'rollout/ep_rew_mean': 1 }));
  t.true(curve.read());
  t.deepEqual(curve.curve.steps, [5]);
});

test('a long run is thinned out, its end kept', (t) => {
  const file = path.join(scratch.path('run'), 'progress.jsonl');
  write(path.dirname(file), 'progress.jsonl', '');
  const text = Array.from({ length: 5000 }, (_, i) => line(i, { 'rollout/ep_rew_mean': i })).join('');
  fs.writeFileSync(file, text);
  const curve = new CurveFile('run', file);
  curve.read();
  const { steps } = curve.curve;
  t.true(steps.length > 150 && steps.length <= 401, `${steps.length}`);
  t.true(steps.at(-1)! > 4900);
  t.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
});
