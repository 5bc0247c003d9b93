import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { runFiles, type TrainingEnd } from '../../src/training/index.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { FakeReplay } from './support/fake-replay.ts';
import { type FakeRunOptions, fakeRun, temporaryFolder } from './support/run.ts';

const readSummary = (folder: string) =>
  JSON.parse(fs.readFileSync(path.join(folder, runFiles.summary), 'utf8')) as Record<string, unknown>;
const readWeights = (folder: string) =>
  JSON.parse(fs.readFileSync(path.join(folder, runFiles.policy, 'weights.json'), 'utf8')) as { weights: number[] };

test('an interruption saves a checkpoint and the policy, and says so', async (t) => {
  const folder = temporaryFolder();
  const controller = new AbortController();
  const checkpoints: string[] = [];
  const ends: TrainingEnd[] = [];
  const { result, agent } = await fakeRun({
    folder,
    signal: controller.signal,
    observers: [
      {
        onLog: ({ steps }) => {
          if (steps === 75) controller.abort();
        },
        onCheckpoint: (name) => void checkpoints.push(path.basename(name)),
        onFinish: (end) => void ends.push(end),
      },
    ],
  });
  t.like(result, { outcome: 'interrupted', steps: 75, updates: 54 });
  t.deepEqual(checkpoints, ['000000000000075']);
  t.like(ends, [{ outcome: 'interrupted', steps: 75 }]);
  t.deepEqual(readWeights(folder).weights, agent.weights);
  t.like(readSummary(folder), { outcome: 'interrupted', steps: 75 });
});

test('an interruption is heard in the random steps too, where nothing is waited for', async (t) => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const training = { totalTimesteps: 5_000_000, learningStarts: 5_000_000, logInterval: 5_000_000 };
  const { result } = await fakeRun({ folder: temporaryFolder(), training, signal: controller.signal });
  t.is(result.outcome, 'interrupted');
});

async function failing(options: Partial<FakeRunOptions>) {
  const folder = temporaryFolder();
  const agent = options.fakeAgent ?? new FakeAgent();
  const ends: TrainingEnd[] = [];
  const observers = [{ onFinish: (end: TrainingEnd) => void ends.push(end) }];
  const run = fakeRun({ observers, ...options, folder, fakeAgent: agent });
  return { folder, agent, run, ends };
}

test('an update that is not finite stops the run with the last good weights as policy', async (t) => {
  const fakeAgent = new FakeAgent();
  fakeAgent.failAt = 40;
  const { folder, run, ends } = await failing({ fakeAgent });
  const error = await t.throwsAsync(run, { code: 'ERR_NOT_FINITE' });
  t.regex(error?.message ?? '', /critic_loss, got NaN; the run stopped after 61 steps and 39 updates/);
  t.deepEqual(readWeights(folder), { weights: fakeAgent.weights, updates: 39 } as never);
  t.like(readSummary(folder), { outcome: 'not-finite', updates: 39 });
  t.like(ends, [{ outcome: 'not-finite', reason: 'Expected a finite critic_loss, got NaN' }]);
  t.false(fs.existsSync(path.join(folder, runFiles.lock)));
});

test('a reward, an action or a metric that is not finite stops the run before anything learns from it', async (t) => {
  const reward = await failing({ chaotic: { fails: { step: 3, how: 'nan' } }, isEvaluated: false });
  await t.throwsAsync(reward.run, { code: 'ERR_NOT_FINITE', message: /finite reward, got NaN.* after 2 steps/ });

  class Wild extends FakeAgent {
    override act(...args: Parameters<FakeAgent['act']>) {
      return this.updates < 10 ? super.act(...args) : Float32Array.of(Number.NaN);
    }
  }
  const action = await failing({ fakeAgent: new Wild() });
  await t.throwsAsync(action.run, { code: 'ERR_NOT_FINITE', message: /finite action of the agent, got NaN at 0/ });
  t.is(action.agent.updates, 10);

  class Vague extends FakeAgent {
    override async learn(...args: Parameters<FakeAgent['learn']>) {
      const { metrics, ...rest } = await super.learn(...args);
      return { ...rest, metrics: { ...metrics, q: Number.POSITIVE_INFINITY } };
    }
  }
  const metric = await failing({ fakeAgent: new Vague() });
  await t.throwsAsync(metric.run, { code: 'ERR_NOT_FINITE', message: /`q` of an update, got Infinity/ });

  const evaluationPolicy = () => ({ name: 'wild', act: () => Float32Array.of(Number.NaN) });
  const evaluation = await failing({ evaluationPolicy });
  await t.throwsAsync(evaluation.run, { code: 'ERR_NOT_FINITE', message: /action in an evaluation/ });
});

test('when a step fails, the update under way is waited for, the error is kept and the folder is free again', async (t) => {
  const fakeAgent = new FakeAgent();
  fakeAgent.turns = 20;
  const fails = { step: 4, how: 'throw' } as const;
  const { run, folder } = await failing({
    fakeAgent,
    chaotic: { fails },
    isEvaluated: false,
    training: { learningStarts: 0 },
  });
  await t.throwsAsync(run, { instanceOf: RangeError, message: 'Expected no step 4' });
  t.is(fakeAgent.events.at(-1), 'learnt 3');
  t.false(fs.existsSync(path.join(folder, runFiles.lock)));
});

class SevenDraws extends FakeReplay {
  override sample(...args: Parameters<FakeReplay['sample']>): void {
    if (this.draws.length === 7) throw new RangeError('Expected no eighth draw');
    super.sample(...args);
  }
}

test('when drawing fails, the update under way is waited for', async (t) => {
  const { run, agent } = await failing({ training: { gradientSteps: 5 }, replay: new SevenDraws() });
  await t.throwsAsync(run, { instanceOf: RangeError });
  t.is(agent.events.at(-1), 'learnt 7');
});
