import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { loadPolicy } from '../../src/agents/index.ts';
import { createEngine } from '../../src/backend/index.ts';
import { exportPolicy } from '../../src/cli/export/export-policy.ts';
import { Scratch } from '../cli/support.ts';
import { policyCases, savePolicyCase } from './policies.ts';
import { pythonHas, runPython } from './python.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = fs.readFileSync(path.join(repository, 'docs/export.md'), 'utf8');

/** Examples of the page under a heading, by language. */
function examplesUnder(heading: string): Readonly<Record<string, string>> {
  const section = page.split('\n## ').find((text) => text.startsWith(heading));
  if (section === undefined) throw new Error(`Expected a section "${heading}" in docs/export.md`);
  return Object.fromEntries(
    [...section.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language, code]) => [language!, code!]),
  );
}

/** A folder with an exported policy, and what the policy does when everything that it sees is 0. */
async function prepare(what: string, steps: number): Promise<{ folder: string; actions: number[][] }> {
  const policyCase = policyCases.find((one) => one.what.startsWith(what))!;
  const folder = scratch.path('example');
  savePolicyCase(policyCase, path.join(folder, 'policy'));
  await exportPolicy({ folder: path.join(folder, 'policy'), file: path.join(folder, 'policy.onnx'), seed: 0 });
  const engine = await createEngine('auto', { threads: 1 });
  const policy = await loadPolicy(path.join(folder, 'policy'), { engine });
  const { state, pixels } = policy.observationSpace;
  const size = pixels?.shape.reduce((product, length) => product * length, 1) ?? 0;
  const observation = { state: new Float32Array(state.shape[0]!), pixels: new Uint8Array(size) };
  const actions: number[][] = [];
  for (let step = 0; step < steps; step++) actions.push([...(await policy.act(observation))]);
  await policy.dispose();
  await engine.dispose();
  // What a person has who followed `npm install onnxruntime-node`.
  fs.symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return { folder, actions };
}

for (const [heading, what, steps] of [
  ['A policy that reads the state', 'mlp', 1],
  ['A policy that reads pictures', 'conv with borders', 1],
  ['A policy that remembers', 'gru', 3],
] as const) {
  test(`${heading}: the examples of docs/export.md act as here`, async (t) => {
    const { python, js } = examplesUnder(heading);
    const { folder, actions } = await prepare(what, steps);
    const check = (said: string) => {
      const answer = JSON.parse(said.trim().split('\n').at(-1)!) as number[][];
      t.is(answer.length, actions.length);
      for (const [i, action] of actions.entries()) {
        for (const [entry, value] of action.entries()) t.true(Math.abs(answer[i]![entry]! - value) <= 1e-5);
      }
    };
    fs.writeFileSync(path.join(folder, 'example.mjs'), js!);
    const run = promisify(execFile);
    check((await run(process.execPath, ['example.mjs'], { cwd: folder })).stdout);
    if (!(await pythonHas('numpy', 'onnx', 'onnxruntime'))) return;
    fs.writeFileSync(path.join(folder, 'example.py'), python!);
    check(await runPython(['example.py'], folder));
  });
}
