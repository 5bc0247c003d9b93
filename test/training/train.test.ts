import test from 'ava';
import type { TrainingObserver } from '../../src/training/index.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { FakeReplay, PrioritisedFakeReplay } from './support/fake-replay.ts';
import { contentOf, fakeRun, progressOf, temporaryFolder } from './support/run.ts';

/** What a short run did, in order: agent, replay buffer and steps of the environments in one list. */
async function eventsOf(options: { environmentCount?: number; prioritised?: boolean; gradientSteps?: number }) {
  const agent = new FakeAgent();
  agent.turns = 3;
  const parts = { events: agent.events };
  const replay = options.prioritised === true ? new PrioritisedFakeReplay(parts) : new FakeReplay(parts);
  const { environmentCount = 1, gradientSteps = 1 } = options;
  await fakeRun({
    folder: temporaryFolder(),
    fakeAgent: agent,
    replay,
    environmentCount,
    isEvaluated: false,
    training: { totalTimesteps: 4 * environmentCount, learningStarts: 0, gradientSteps, checkpointInterval: 0 },
  });
  return agent.events.filter((event) => !event.startsWith('reset') && !event.startsWith('start'));
}

test('an update runs while the environment steps, and the next batch is drawn meanwhile with its transition', async (t) => {
  const events = await eventsOf({});
  t.deepEqual(events, [
    ...['act 0', 'add 0', 'sample'],
    ...['act 0', 'learn 1', 'add 0', 'sample', 'learnt 1'],
    ...['act 0', 'learn 2', 'add 0', 'sample', 'learnt 2'],
    ...['act 0', 'learn 3', 'add 0', 'sample', 'learnt 3'],
    ...['learn 4', 'learnt 4'],
  ]);
});

test('the updates of a round are drawn from the rounds before it, all of them and no others', async (t) => {
  const events = await eventsOf({ environmentCount: 2 });
  t.deepEqual(events.slice(0, 14), [
    ...['act 0', 'act 1', 'add 0', 'add 1', 'sample'],
    ...['act 0', 'act 1', 'learn 1', 'sample', 'learnt 1', 'learn 2', 'add 0', 'add 1', 'sample'],
  ]);
  t.deepEqual(events.slice(-5), ['learn 7', 'sample', 'learnt 7', 'learn 8', 'learnt 8']);
});

test('which transitions a batch may hold does not hang on how fast updates and environments are', async (t) => {
  const draws = async (turns: number, environmentTurns: number) => {
    const agent = new FakeAgent();
    agent.turns = turns;
    const replay = new FakeReplay();
    const folder = temporaryFolder();
    const training = { totalTimesteps: 90, gradientSteps: 2 };
    const chaotic = { turns: environmentTurns };
    await fakeRun({ folder, fakeAgent: agent, replay, chaotic, environmentCount: 3, training });
    return { draws: replay.draws, weights: agent.weights };
  };
  // Delays of the environment draw from its stream of numbers: only the updates' may differ here.
  t.deepEqual(await draws(7, 4), await draws(0, 4));
  t.deepEqual(await draws(1, 0), await draws(5, 0));
});

test('a prioritised buffer is drawn from when the update before has given its priorities', async (t) => {
  const events = await eventsOf({ prioritised: true });
  t.deepEqual(events.slice(0, 8), ['act 0', 'add 0', 'act 0', 'sample', 'learn 1', 'add 0', 'learnt 1', 'priorities']);
});

for (const [environmentCount, trainFrequency, gradientSteps, expected] of [
  [1, 1, 1, 280],
  [3, 1, 1, 280],
  [3, 1, -1, 280],
  [3, 4, -1, 280],
  [2, 7, 3, 120],
  [4, 50, -1, 250],
] as const) {
  const ratio = `${gradientSteps} updates per ${trainFrequency} steps`;
  test(`the ratio is held: ${ratio}, ${environmentCount} environments`, async (t) => {
    const folder = temporaryFolder();
    const training = { trainFrequency, gradientSteps };
    const { result, agent } = await fakeRun({ folder, environmentCount, training, isEvaluated: false });
    t.is(result.steps, 300);
    t.is(result.updates, expected);
    t.is(agent.updates, expected);
  });
}

test('steps that environments do not divide are taken exactly', async (t) => {
  const replay = new FakeReplay();
  const { result } = await fakeRun({
    folder: temporaryFolder(),
    environmentCount: 3,
    replay,
    training: { totalTimesteps: 50 },
    isEvaluated: false,
  });
  t.is(result.steps, 50);
  t.is(replay.size, 50);
});

test('learning waits until there is something to draw, and holds the ratio from then on', async (t) => {
  const replay = new FakeReplay({ delay: 30 });
  const { result } = await fakeRun({ folder: temporaryFolder(), replay, training: { totalTimesteps: 60 } });
  // The 31st transition is the first that lets one be drawn.
  t.is(result.updates, 30);
});

test('the first steps are uniformly random, the same for the same seed, and the agent acts from then on', async (t) => {
  const run = async (seed: number) => {
    const actions: number[] = [];
    const observer: TrainingObserver = { onStep: ({ action }) => void actions.push(action[0]!) };
    const { agent } = await fakeRun({ folder: temporaryFolder(), seed, observers: [observer], isEvaluated: false });
    t.is(agent.events.filter((event) => event.startsWith('act')).length, 280);
    return actions;
  };
  const actions = await run(1);
  t.true(actions.slice(0, 20).every((action) => action >= -1 && action < 1));
  t.true(new Set(actions.slice(0, 20)).size === 20);
  t.deepEqual(await run(1), actions);
  t.notDeepEqual((await run(2)).slice(0, 20), actions.slice(0, 20));
});

test('a run learns the same with evaluations and without', async (t) => {
  const run = async (evaluationInterval: number) => {
    const folder = temporaryFolder();
    const { agent, result } = await fakeRun({ folder, training: { evaluationInterval } });
    const progress = progressOf(folder).filter((line) => !line.includes('eval/'));
    return { weights: agent.weights, progress, updates: result.updates };
  };
  const without = await run(0);
  t.is(without.progress.length, 12);
  t.deepEqual(await run(7), without);
  t.deepEqual(await run(100), without);
});

test('every evaluation has the same episodes, and the best policy is kept', async (t) => {
  const folder = temporaryFolder();
  const evaluations: { step: number; meanLength: number; meanReturn: number; weights: readonly number[] }[] = [];
  const agent = new FakeAgent();
  const onEvaluation: TrainingObserver['onEvaluation'] = ({ step, meanLength, meanReturn }) =>
    void evaluations.push({ step, meanLength, meanReturn, weights: agent.weights });
  const { result } = await fakeRun({ folder, fakeAgent: agent, observers: [{ onEvaluation }] });
  t.deepEqual(
    evaluations.map(({ step }) => step),
    [100, 200, 300],
  );
  t.is(new Set(evaluations.map(({ meanLength }) => meanLength)).size, 1);
  const best = evaluations.reduce((a, b) => (b.meanReturn > a.meanReturn ? b : a));
  t.is(result.best?.step, best.step);
  t.not(best.step, 300, 'the last one is the best: this test shows nothing then');
  t.deepEqual(JSON.parse(contentOf(folder)['best'] as string), { weights: best.weights, updates: 79 });
  t.deepEqual((JSON.parse(contentOf(folder)['policy'] as string) as { weights: number[] }).weights, agent.weights);
});

test('episode observers are told of every environment', async (t) => {
  const seen: string[] = [];
  const observer: TrainingObserver = {
    onReset: ({ episode }, source) => void seen.push(`reset ${episode} of ${source}`),
    onEnd: ({ episode, steps, terminated, truncated }, source) =>
      void seen.push(`end ${episode} of ${source} ${steps} ${terminated} ${truncated}`),
  };
  const { result } = await fakeRun({ folder: temporaryFolder(), environmentCount: 2, observers: [observer] });
  t.deepEqual(seen.slice(0, 2), ['reset 0 of 0', 'reset 1 of 1']);
  const ends = seen.filter((line) => line.startsWith('end'));
  t.is(ends.length, result.episodes);
  t.true(ends.some((line) => line.endsWith('true false')) && ends.some((line) => line.endsWith('false true')));
  for (const source of ['0', '1']) {
    const kinds = seen.filter((line) => line.split(' ')[3] === source).map((line) => line.split(' ')[0]);
    t.true(kinds.every((kind, i) => kind === (i % 2 === 0 ? 'reset' : 'end')));
  }
});
