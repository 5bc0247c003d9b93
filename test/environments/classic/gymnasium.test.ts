import { readFileSync } from 'node:fs';
import test from 'ava';
import { TASK_NAMES, TASKS, type TaskName } from './tasks.ts';

/** Recorded by scripts/record-gymnasium.py; the first line of each file says with which versions. */
interface RecordedEpisode {
  readonly name: string;
  readonly state: readonly number[];
  /** Of our environment; given where Gymnasium's had keywords. */
  readonly options?: Record<string, number>;
  readonly observation: readonly number[];
  readonly actions: readonly (readonly number[])[];
  readonly observations: readonly (readonly number[])[];
  /** The physics in float64, where observations are float32 in Gymnasium too. */
  readonly states?: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  readonly terminated: boolean;
  readonly truncated: boolean;
}

const TOLERANCE = 1e-6;
/** Steps that Gymnasium's own time limit allows; recordings that are longer were made with this limit instead. */
const LIMITS: Readonly<Record<TaskName, number>> = { pendulum: 200, 'inverted-pendulum': 1000, reacher: 50 };

function recorded(task: TaskName): { provenance: Record<string, string>; episodes: RecordedEpisode[] } {
  const text = readFileSync(new URL(`../vectors/${task}.jsonl`, import.meta.url), 'utf8');
  const [provenance, ...episodes] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { provenance, episodes };
}

/** What Gymnasium observes, in float64, from our environment's exact state where that says it all. */
function exactObservation(task: TaskName, state: readonly number[]): readonly number[] {
  if (task === 'inverted-pendulum') return state;
  const [shoulder, elbow, targetX, targetY, shoulderSpeed, elbowSpeed] = state as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const { cos, sin } = Math;
  return [cos(shoulder), cos(elbow), sin(shoulder), sin(elbow), targetX, targetY, shoulderSpeed, elbowSpeed];
}

function greatestDifference(ours: Iterable<number>, theirs: readonly number[]): number {
  return Math.max(...[...ours].map((value, i) => Math.abs(value - theirs[i]!)));
}

for (const task of TASK_NAMES) {
  const { provenance, episodes } = recorded(task);
  const versions = `gymnasium ${provenance['gymnasium']}, mujoco ${provenance['mujoco']}`;

  test(`${task}: at least 200 recorded steps are compared`, (t) => {
    t.true(episodes.reduce((total, episode) => total + episode.rewards.length, 0) >= 200);
    if (task !== 'inverted-pendulum') t.true(episodes.filter((episode) => episode.rewards.length === 200).length >= 5);
    t.true(episodes.some((episode) => episode.rewards.length === LIMITS[task] && episode.truncated));
  });

  for (const episode of episodes) {
    test(`${task} does as ${provenance['environment']} (${versions}): ${episode.name}`, async (t) => {
      const steps = episode.rewards.length;
      const limit = steps > LIMITS[task] ? { maxEpisodeSteps: steps } : {};
      const environment = await TASKS[task]({ options: { ...episode.options, ...limit } });
      const worst = { observation: 0, state: 0, reward: 0 };
      const compare = (observation: Float32Array, at: number) => {
        const theirs = at < 0 ? episode.observation : episode.observations[at]!;
        // Ours is float32, which is coarser than 1e-6 from 16 on: there it is compared relatively, and the physics beside,
        // in float64, absolutely.
        const sizes = theirs.map((value) => Math.max(1, Math.abs(value)));
        const scaled = (values: Iterable<number>) => [...values].map((value, i) => value / sizes[i]!);
        const difference = greatestDifference(scaled(observation), scaled(theirs));
        worst.observation = Math.max(worst.observation, difference);
        const exact = task === 'pendulum' ? (at < 0 ? episode.state : episode.states![at]!) : theirs;
        const ours = task === 'pendulum' ? environment.state : exactObservation(task, environment.state);
        worst.state = Math.max(worst.state, greatestDifference(ours, exact));
        t.is(observation.length, theirs.length);
      };
      try {
        const { observation } = await environment.reset({ options: { state: episode.state } });
        compare(observation.state, -1);
        for (const [at, action] of episode.actions.entries()) {
          const result = await environment.step(Float32Array.from(action));
          compare(result.observation.state, at);
          worst.reward = Math.max(worst.reward, Math.abs(result.reward - episode.rewards[at]!));
          const last = at === steps - 1;
          t.is(result.terminated, last && episode.terminated, `terminated at step ${at + 1}`);
          t.is(result.truncated, last && episode.truncated, `truncated at step ${at + 1}`);
        }
      } finally {
        await environment.close();
      }
      t.log(`greatest differences over ${steps} steps: ${JSON.stringify(worst)}`);
      t.true(Math.max(worst.observation, worst.state, worst.reward) < TOLERANCE);
    });
  }
}
