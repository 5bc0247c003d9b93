import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { runFiles, type TransitionSource, train } from '../../src/training/index.ts';
import { makeChaotic } from './support/chaotic-environment.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { FakeReplay } from './support/fake-replay.ts';
import { contentOf, temporaryFolder } from './support/run.ts';

/** Transitions that come before update 0, 40 and 70; what they are follows from that number alone. */
class Demonstrations implements TransitionSource {
  static readonly times = [0, 40, 70];
  readonly calls: number[] = [];
  readonly #replay: FakeReplay;
  #brought = 0;

  constructor(replay: FakeReplay) {
    this.#replay = replay;
  }

  async prepare(updates: number): Promise<number> {
    this.calls.push(updates);
    while ((Demonstrations.times[this.#brought] ?? Number.POSITIVE_INFINITY) <= updates) this.#bring();
    return Demonstrations.times[this.#brought] ?? Number.POSITIVE_INFINITY;
  }

  #bring(): void {
    const random = new Random(this.#brought++);
    const draw = () => ({ state: Float32Array.of(random.uniform(), random.uniform()) });
    let observation = draw();
    this.#replay.startEpisode(observation);
    for (let i = 0; i < 20; i++) {
      const nextObservation = draw();
      const action = Float32Array.of(random.uniform());
      const step = { observation, action, reward: random.uniform(), nextObservation, info: {} };
      this.#replay.add({ ...step, terminated: false, truncated: i === 19 });
      observation = nextObservation;
    }
  }
}

interface Options {
  readonly folder: string;
  readonly resume?: boolean;
  readonly stopAfter?: number;
  readonly failAt?: number;
}

async function learn({ folder, resume = false, stopAfter = Number.POSITIVE_INFINITY, failAt = -1 }: Options) {
  const agent = new FakeAgent();
  agent.failAt = failAt;
  const replay = new FakeReplay();
  const source = new Demonstrations(replay);
  const stop = new AbortController();
  const result = await train({
    ...{ folder, resume, agent, replay, experience: source, seed: 2, signal: stop.signal },
    training: {
      totalTimesteps: 100,
      evaluationInterval: 30,
      evaluationEpisodes: 2,
      checkpointInterval: 25,
      logInterval: 10,
    },
    evaluation: { environment: makeChaotic({}), policy: () => agent.policy() },
    observers: [
      {
        onLog: ({ steps }) => {
          if (steps >= stopAfter) stop.abort();
        },
      },
    ],
  });
  return { result, agent, source };
}

test('a run on a dataset makes an update a step, exactly as many as asked for', async (t) => {
  const folder = temporaryFolder();
  const { result, agent, source } = await learn({ folder });
  t.like(result, { outcome: 'finished', steps: 100, updates: 100, episodes: 0 });
  t.is(agent.updates, 100);
  t.is(source.calls[0], 0);
  // No update reaches beyond a moment at which something comes.
  for (const time of Demonstrations.times) t.true(source.calls.includes(time), `${time} of ${source.calls}`);
  t.false(
    agent.events.some((event) => event.startsWith('act')),
    'nothing is stepped',
  );
  const checkpoints = fs.readdirSync(path.join(folder, runFiles.checkpoints)).filter((name) => name !== 'shared');
  t.deepEqual(fs.readdirSync(path.join(folder, runFiles.checkpoints, checkpoints[0]!)).sort(), [
    'actions.f32',
    'agent',
    'checkpoint.json',
  ]);
});

test('a run on a dataset that was interrupted ends as the one that was not', async (t) => {
  const whole = temporaryFolder();
  await learn({ folder: whole });
  const folder = temporaryFolder();
  for (const [i, stopAfter] of [10, 40, 80].entries()) {
    const { result } = await learn({ folder, resume: i > 0, stopAfter });
    t.is(result.outcome, 'interrupted');
  }
  const { result, source } = await learn({ folder, resume: true });
  t.is(result.outcome, 'finished');
  t.true(source.calls[0]! > 0, 'the source is told how far the run was');
  t.deepEqual(contentOf(folder), contentOf(whole));
});

test('a checkpoint of a run in environments is refused for a dataset, with the reason', async (t) => {
  const folder = temporaryFolder();
  await learn({ folder, stopAfter: 40 });
  const checkpoints = path.join(folder, runFiles.checkpoints);
  for (const name of fs.readdirSync(checkpoints).filter((one) => one !== 'shared')) {
    const file = path.join(checkpoints, name, 'checkpoint.json');
    const record = JSON.parse(fs.readFileSync(file, 'utf8')) as { state: { trainer: unknown } };
    record.state.trainer = { steps: 40 };
    fs.writeFileSync(file, JSON.stringify(record));
  }
  await t.throwsAsync(learn({ folder, resume: true }), {
    code: 'ERR_INVALID_FILE',
    message: /a run that learns from a dataset/,
  });
});

test('what is not finite stops a run on a dataset, and the last good weights are kept', async (t) => {
  const folder = temporaryFolder();
  await t.throwsAsync(learn({ folder, failAt: 50 }), {
    code: 'ERR_NOT_FINITE',
    message: /after 49 steps and 49 updates/,
  });
  t.true(fs.existsSync(path.join(folder, runFiles.policy)));
});
