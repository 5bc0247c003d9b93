import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadPolicy } from '../../src/agents/index.ts';
import { createEngine } from '../../src/backend/index.ts';
import { checkModel } from '../../src/cli/export/check-model.ts';
import { exportPolicy } from '../../src/cli/export/export-policy.ts';
import { tracePolicy } from '../../src/cli/export/trace-policy.ts';
import type { Observation } from '../../src/core/index.ts';
import { createPolicyModel, ExportError, nextOf, TRACED_ROWS } from '../../src/export/index.ts';
import { Scratch } from '../cli/support.ts';
import { actOut, policyCases, savePolicyCase } from './policies.ts';
import { pythonHas, runPython } from './python.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());
const TOLERANCE = 1e-5;

/** Runs rows of observations together, from what they remember. */
async function runRows(
  session: InferenceSession,
  rows: readonly Observation[],
  memory: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Tensor>>> {
  const feeds = session.inputMetadata.map((input) => {
    if (!input.isTensor) throw new Error(`Expected tensors, got ${input.name}`);
    const [, ...axes] = input.shape as [string, ...number[]];
    const shape = [rows.length, ...axes];
    const known = memory[input.name];
    if (known !== undefined) return [input.name, known] as const;
    const size = shape.reduce((product, length) => product * length, 1);
    if (input.name === 'pixels') {
      return [input.name, new Tensor('uint8', rows.flatMap(({ pixels }) => [...pixels!]) as never, shape)] as const;
    }
    const values = input.name === 'state' ? rows.flatMap(({ state }) => [...state]) : new Float32Array(size);
    return [input.name, new Tensor('float32', values as never, shape)] as const;
  });
  return session.run(Object.fromEntries(feeds)) as Promise<Readonly<Record<string, Tensor>>>;
}

function fedBack(session: InferenceSession, results: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const links = session.inputNames.filter((name) => results[nextOf(name)] !== undefined);
  return Object.fromEntries(links.map((name) => [name, results[nextOf(name)]!]));
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((most, one) => Math.max(most, one), 0);
}

for (const policyCase of policyCases) {
  test(`${policyCase.what}: acts in ONNX Runtime for Node as here`, async (t) => {
    const folder = scratch.path('policy');
    const file = scratch.path('policy.onnx');
    savePolicyCase(policyCase, folder);
    const exported = await exportPolicy({ folder, file, seed: 3 });
    t.true(exported.largestDifference <= TOLERANCE, String(exported.largestDifference));
    const { observations, actions } = await actOut(folder, policyCase.observationSpace);
    const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
    let memory: Record<string, Tensor> = {};
    for (const [i, observation] of observations.entries()) {
      const results = await runRows(session, [observation], memory);
      t.true(furthest(results['action']!.data as Float32Array, actions[i]!) <= TOLERANCE, `action ${i}`);
      memory = fedBack(session, results);
    }
    t.true(new Set(actions.map((action) => action[0]!.toFixed(4))).size > 6, 'the actions differ');
    t.is(
      session.inputNames.some((name) => name.startsWith('memory')),
      policyCase.what.includes('stm') || policyCase.what.includes('gru'),
    );
    // Rows do not see each other.
    const together = await runRows(session, observations.slice(0, 3), {});
    for (let row = 0; row < 3; row++) {
      const alone = await runRows(session, [observations[row]!], {});
      for (const [name, { data }] of Object.entries(alone)) {
        const width = data.length;
        const part = (together[name]!.data as Float32Array).slice(row * width, (row + 1) * width);
        t.true(furthest(part, data as Float32Array) <= TOLERANCE, `${name} of row ${row}`);
      }
    }
    await session.release();
  });
}

test('the same policy gives the same file', async (t) => {
  const folder = scratch.path('policy');
  const files = [scratch.path('one.onnx'), scratch.path('two.onnx')] as const;
  savePolicyCase(policyCases[0]!, folder);
  const one = await exportPolicy({ folder, file: files[0], seed: 0 });
  await exportPolicy({ folder, file: files[1], seed: 1 });
  t.deepEqual(fs.readFileSync(files[0]), fs.readFileSync(files[1]));
  t.is(fs.statSync(files[0]).size, one.bytes);
});

test('a model that acts otherwise is refused', async (t) => {
  const [folder, other] = [scratch.path('policy'), scratch.path('other')];
  savePolicyCase(policyCases[0]!, folder, 1);
  savePolicyCase(policyCases[0]!, other, 2);
  const engine = await createEngine('auto', { threads: 1 });
  const policy = await loadPolicy(folder, { engine });
  const stranger = await loadPolicy(other, { engine });
  const [rows, otherRows] = TRACED_ROWS;
  const model = createPolicyModel(
    [tracePolicy(stranger, rows), tracePolicy(stranger, otherRows)],
    {
      name: 'other',
      program: 'a test',
      observationSpace: stranger.observationSpace,
      actionSpace: stranger.actionSpace,
      stateEntries: [],
      actionEntries: [],
      provenance: {},
    },
    '0',
  );
  t.like(await checkModel(model, stranger, 0), { observations: 20 });
  await t.throwsAsync(checkModel(model, policy, 0), { instanceOf: ExportError, message: /to act as the policy, got/ });
  for (const one of [policy, stranger]) await one.dispose();
  await engine.dispose();
});

test("ONNX's checker and reference, and ONNX Runtime for Python, read every model and act as here", async (t) => {
  if (!(await pythonHas('numpy', 'onnx', 'onnxruntime'))) return t.pass();
  const cases = [];
  for (const policyCase of policyCases) {
    const folder = scratch.path('policy');
    const model = scratch.path('policy.onnx');
    savePolicyCase(policyCase, folder);
    await exportPolicy({ folder, file: model, seed: 0 });
    const { observations, actions } = await actOut(folder, policyCase.observationSpace);
    cases.push({
      model,
      observations: observations.map(({ state, pixels }) => ({ state: [...state], pixels: [...(pixels ?? [])] })),
      actions: actions.map((action) => [...action]),
    });
  }
  const file = scratch.path('cases.json');
  fs.writeFileSync(file, JSON.stringify(cases));
  const script = fileURLToPath(new URL('../../scripts/check-onnx.py', import.meta.url));
  const said = await runPython([script, '--cases', file], path.dirname(file));
  t.log(said.trim().split('\n').at(-1));
  t.regex(said, new RegExp(`\n${cases.length} models, .*: ok\n$`));
  t.regex(await runPython([script, ...cases.map(({ model }) => model)], path.dirname(file)), /: ok\n$/);
});
