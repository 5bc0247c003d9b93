import type { TestFn } from 'ava';
import type { Box, Environment, Observation } from '../../src/core/environment.ts';
import { Random } from '../../src/core/random.ts';

export interface EnvironmentContract {
  /** Shown in the tests' titles. */
  readonly name: string;
  /** A fresh environment whose episodes end by themselves within `mostSteps` random actions. */
  readonly make: () => Environment | Promise<Environment>;
  readonly mostSteps: number;
}

/** What holds for every environment, whatever is behind it. */
export function testEnvironmentContract(test: TestFn, { name, make, mostSteps }: EnvironmentContract): void {
  const withEnvironment = async (use: (environment: Environment) => Promise<void>) => {
    const environment = await make();
    try {
      await use(environment);
    } finally {
      await environment.close();
    }
  };

  test(`${name}: observations fit the observation space and are not changed later`, (t) =>
    withEnvironment(async (environment) => {
      const actions = actionsOf(environment.actionSpace, 1);
      const { observation } = await environment.reset({ seed: 1 });
      const first = structuredClone({ state: observation.state, pixels: observation.pixels });
      t.deepEqual(misfit(environment, observation), []);
      for (let step = 0; step < 5; step++) {
        const result = await environment.step(actions());
        t.deepEqual(misfit(environment, result.observation), []);
        t.true(Number.isFinite(result.reward));
        if (result.terminated || result.truncated) break;
      }
      t.deepEqual({ state: observation.state, pixels: observation.pixels }, first);
    }));

  test(`${name}: the same seed and actions give the same episode`, (t) =>
    withEnvironment(async (environment) => {
      const drive = async () => {
        const actions = actionsOf(environment.actionSpace, 7);
        const states = [[...(await environment.reset({ seed: 3 })).observation.state]];
        const rewards: number[] = [];
        for (let step = 0; step < 20; step++) {
          const result = await environment.step(actions());
          states.push([...result.observation.state]);
          rewards.push(result.reward);
          if (result.terminated || result.truncated) break;
        }
        return { states, rewards };
      };
      t.deepEqual(await drive(), await drive());
    }));

  test(`${name}: actions beyond the bounds act as the bounds`, (t) =>
    withEnvironment(async (environment) => {
      const size = environment.actionSpace.shape[0]!;
      const bounds = Float32Array.from({ length: size }, (_, i) => bound(environment.actionSpace.high, i));
      await environment.reset({ seed: 5 });
      const atBounds = await environment.step(bounds);
      await environment.reset({ seed: 5 });
      const beyond = await environment.step(bounds.map((value) => value + 100));
      t.deepEqual([...beyond.observation.state], [...atBounds.observation.state]);
      t.is(beyond.reward, atBounds.reward);
    }));

  test(`${name}: actions that are no numbers or of another length are refused and change nothing`, (t) =>
    withEnvironment(async (environment) => {
      const size = environment.actionSpace.shape[0]!;
      const action = actionsOf(environment.actionSpace, 9)();
      await environment.reset({ seed: 5 });
      const expected = await environment.step(action);
      await environment.reset({ seed: 5 });
      const refused = { code: 'ERR_INVALID_ARGUMENT' };
      await t.throwsAsync(() => environment.step(new Float32Array(size).fill(Number.NaN)), refused);
      await t.throwsAsync(() => environment.step(new Float32Array(size + 1)), refused);
      t.deepEqual([...(await environment.step(action)).observation.state], [...expected.observation.state]);
    }));

  test(`${name}: an episode ends either by termination or by truncation, and has to be reset then`, (t) =>
    withEnvironment(async (environment) => {
      const needsReset = { code: 'ERR_RESET_NEEDED' };
      const actions = actionsOf(environment.actionSpace, 11);
      await t.throwsAsync(() => environment.step(actions()), needsReset);
      await environment.reset({ seed: 2 });
      let ended = false;
      for (let step = 0; step < mostSteps && !ended; step++) {
        const { terminated, truncated } = await environment.step(actions());
        t.false(terminated && truncated);
        ended = terminated || truncated;
      }
      t.true(ended, `no end within ${mostSteps} steps`);
      await t.throwsAsync(() => environment.step(actions()), needsReset);
      await environment.reset();
      await t.notThrowsAsync(() => environment.step(actions()));
    }));

  test(`${name}: unknown reset options are refused, and closing twice is safe`, (t) =>
    withEnvironment(async (environment) => {
      await t.throwsAsync(() => environment.reset({ options: { colour: 'red' } }), { code: 'ERR_INVALID_ARGUMENT' });
      await environment.close();
      await t.notThrowsAsync(() => environment.close());
      await t.throwsAsync(() => environment.reset(), { code: 'ERR_RESET_NEEDED' });
    }));
}

function bound(bounds: number | readonly number[], i: number): number {
  return typeof bounds === 'number' ? bounds : bounds[i]!;
}

function actionsOf(space: Box, seed: number): () => Float32Array {
  const random = new Random(seed);
  return () =>
    Float32Array.from({ length: space.shape[0]! }, (_, i) => random.between(bound(space.low, i), bound(space.high, i)));
}

/** What of an observation does not fit the environment's space. */
function misfit(environment: Environment, observation: Observation): string[] {
  const { state, pixels } = environment.observationSpace;
  const faults: string[] = [];
  if (observation.state.length !== product(state)) faults.push(`state has ${observation.state.length} numbers`);
  if (state.names !== undefined && state.names.length !== product(state)) faults.push('state names');
  observation.state.forEach((value, i) => {
    if (!(value >= bound(state.low, i) && value <= bound(state.high, i))) faults.push(`state[${i}] is ${value}`);
  });
  const pixelCount = pixels === undefined ? undefined : product(pixels);
  if (observation.pixels?.length !== pixelCount) faults.push(`pixels has ${observation.pixels?.length} bytes`);
  return faults;
}

function product(box: Box): number {
  return box.shape.reduce((total, length) => total * length, 1);
}
