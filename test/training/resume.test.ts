import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { Policy } from '../../src/core/policy.ts';
import { Random } from '../../src/core/random.ts';
import { runFiles } from '../../src/training/index.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { killedRun, trainAndKill } from './support/killed-run.ts';
import { contentOf, type FakeRunOptions, fakeRun, temporaryFolder } from './support/run.ts';

type Options = Omit<FakeRunOptions, 'folder'>;

/** Aborts when the run has taken so many steps, or in the middle of the evaluation after so many. */
function stopAt(steps: number): Pick<FakeRunOptions, 'signal' | 'observers'> {
  const controller = new AbortController();
  let taken = 0;
  const onStep = () => {
    taken++;
    if (taken === steps) controller.abort();
  };
  return { signal: controller.signal, observers: [{ onStep }] };
}

/** Interruptions in the random steps, in the middle of episodes, twice in one place, and at an evaluation. */
const STOPS = [7, 1, 1, 22, 28, 3];

async function interrupted(folder: string, options: Options, stops: readonly number[]) {
  for (const [i, steps] of stops.entries()) {
    const { result } = await fakeRun({ ...options, folder, resume: i > 0, ...stopAt(steps) });
    if (result.outcome === 'finished') return result;
  }
  return (await fakeRun({ ...options, folder, resume: true })).result;
}

const variants: Record<string, Options> = {
  'one environment': {},
  'three environments, pictures, several updates': {
    environmentCount: 3,
    chaotic: { pixels: true },
    training: { gradientSteps: 2, trainFrequency: 4 },
  },
  'a prioritised buffer': { prioritised: true },
  'an evaluation after each step': {
    training: { evaluationInterval: 1, totalTimesteps: 60, evaluationEpisodes: 1 },
  },
  'worker threads': { environmentCount: 2, workers: true, chaotic: { pixels: true } },
};

for (const [name, options] of Object.entries(variants)) {
  test(`an interrupted run ends as the one that was not: ${name}`, async (t) => {
    const training = { totalTimesteps: 150, evaluationInterval: 30, checkpointInterval: 40, ...options.training };
    const uninterrupted = temporaryFolder();
    const whole = await fakeRun({ ...options, training, folder: uninterrupted });
    const folder = temporaryFolder();
    const stops = options.workers === true ? STOPS.slice(3, 5) : STOPS;
    const result = await interrupted(folder, { ...options, training }, stops);
    t.is(result.outcome, 'finished');
    t.deepEqual({ ...result, elapsedS: 0, folder }, { ...whole.result, elapsedS: 0, folder });
    t.deepEqual(contentOf(folder), contentOf(uninterrupted));
  });
}

test('a run that is interrupted in an evaluation does it again', async (t) => {
  const whole = temporaryFolder();
  await fakeRun({ folder: whole });
  const folder = temporaryFolder();
  const controller = new AbortController();
  const agent = new FakeAgent();
  let acts = 0;
  const evaluationPolicy = () => {
    const policy = agent.policy();
    const act: Policy['act'] = (observation) => {
      if (++acts === 20) controller.abort();
      return policy.act(observation);
    };
    return { ...policy, act };
  };
  const { result } = await fakeRun({ folder, fakeAgent: agent, evaluationPolicy, signal: controller.signal });
  t.like(result, { outcome: 'interrupted', steps: 100 });
  t.is(result.evaluation, undefined);
  await fakeRun({ folder, resume: true });
  t.deepEqual(contentOf(folder), contentOf(whole));
});

test('a run that is killed at random moments ends as the one that was not', async (t) => {
  const uninterrupted = temporaryFolder();
  await fakeRun({ ...killedRun, folder: uninterrupted });
  const folder = temporaryFolder();
  const random = new Random(5);
  // The first before a step is taken, the others a few checkpoints further on, in the middle of anything.
  for (let kill = 0; kill < 6; kill++) {
    const moment = { steps: kill * random.between(0, 12), delayMs: random.between(0, 40) };
    t.is(await trainAndKill(folder, moment), 'killed');
  }
  t.false(fs.existsSync(path.join(folder, runFiles.summary)));
  await fakeRun({ ...killedRun, folder, resume: true });
  t.deepEqual(contentOf(folder), contentOf(uninterrupted));
});

test('a run that was killed before its first checkpoint is begun anew', async (t) => {
  const whole = temporaryFolder();
  await fakeRun({ folder: whole });
  const folder = temporaryFolder();
  fs.cpSync(whole, folder, { recursive: true });
  fs.rmSync(path.join(folder, runFiles.summary));
  fs.mkdirSync(path.join(folder, runFiles.checkpoints, 'writing-000000000000050/agent'), { recursive: true });
  const notices: string[] = [];
  await fakeRun({ folder, resume: true, observers: [{ onNotice: (text) => void notices.push(text) }] });
  t.deepEqual(notices, ['no checkpoint was complete: the run is begun anew']);
  t.deepEqual(contentOf(folder), contentOf(whole));
  t.false(fs.existsSync(path.join(folder, runFiles.checkpoints, 'writing-000000000000050')));
});

/** A run that was interrupted after so many steps, with checkpoints on the way. */
async function interruptedAt(steps: number, options: Options = {}) {
  const folder = temporaryFolder();
  const training = { checkpointInterval: 40, ...options.training };
  await fakeRun({ ...options, training, folder, ...stopAt(steps) });
  const resume = (more: Partial<FakeRunOptions> = {}) =>
    fakeRun({ ...options, ...more, training: { ...training, ...more.training }, folder, resume: true });
  const checkpoints = path.join(folder, runFiles.checkpoints);
  const names = () => fs.readdirSync(checkpoints).filter((name) => name !== 'shared');
  return { folder, resume, checkpoints, names };
}

test('a damaged checkpoint is told, and the run goes on from the one before it', async (t) => {
  const { folder, resume, checkpoints, names } = await interruptedAt(100);
  t.deepEqual(names(), ['000000000000080', '000000000000100']);
  fs.writeFileSync(path.join(checkpoints, '000000000000100/agent/agent.json'), '{}');
  const notices: string[] = [];
  const onNotice = (text: string) => void notices.push(text);
  await resume({ observers: [{ onNotice, onStart: () => void t.deepEqual(names(), ['000000000000080']) }] });
  t.is(notices.length, 1);
  t.regex(notices[0]!, /two weights.*going back to the checkpoint before/);
  const whole = temporaryFolder();
  await fakeRun({ folder: whole, training: { checkpointInterval: 40 } });
  t.deepEqual(contentOf(folder), contentOf(whole));
});

test('when no checkpoint is sound nothing is trained, and the run is as it was', async (t) => {
  const { resume, checkpoints, names, folder } = await interruptedAt(60);
  for (const name of names()) {
    const actions = path.join(checkpoints, name, 'actions.f32');
    fs.writeFileSync(actions, Buffer.alloc(fs.statSync(actions).size));
  }
  const before = fs.readFileSync(path.join(folder, runFiles.progress));
  await t.throwsAsync(resume(), { code: 'ERR_INVALID_FILE', message: /actions\.f32 as it was written/ });
  t.deepEqual(fs.readFileSync(path.join(folder, runFiles.progress)), before);
  t.is(names().length, 2);
});

test('logs that are shorter than the checkpoint says are refused', async (t) => {
  const { resume, folder, names, checkpoints } = await interruptedAt(60);
  for (const name of names().slice(0, -1)) fs.rmSync(path.join(checkpoints, name), { recursive: true });
  fs.truncateSync(path.join(folder, runFiles.curve), 3);
  const error = await t.throwsAsync(resume(), { code: 'ERR_INVALID_FILE' });
  t.regex(error?.message ?? '', /at least \d+ bytes in .*curve\.csv/);
});

test('an environment that does not repeat itself is refused', async (t) => {
  const { resume } = await interruptedAt(61, { chaotic: { irreproducible: true } });
  const error = await t.throwsAsync(resume(), { code: 'ERR_NOT_REPRODUCIBLE' });
  t.regex(error?.message ?? '', /cannot be resumed/);
});

test('other settings are refused by the first difference', async (t) => {
  const { resume } = await interruptedAt(30, { settings: { agent: { gamma: 0.99, layers: [400, 300] } } });
  const refused = (more: Partial<FakeRunOptions>, message: RegExp) =>
    t.throwsAsync(resume(more), { code: 'ERR_RUN_SETTINGS', message });
  await refused({ training: { trainFrequency: 2 } }, /got `training\.trainFrequency` 2 instead of 1:/);
  await refused({ seed: 4 }, /`training\.seed` 4 instead of 1/);
  await refused({ environmentCount: 2 }, /`training\.environments` 2 instead of 1/);
  await refused({ settings: { agent: { gamma: 0.99, layers: [400, 30] } } }, /`agent\.layers\.1` 30 instead of 300/);
  await refused({ settings: {} }, /`agent` absent instead of/);
  t.is((await resume()).result.outcome, 'finished');
});
