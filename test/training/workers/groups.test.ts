import test, { type ExecutionContext } from 'ava';
import { type EnvironmentGroup, InProcessGroup, WorkerGroup } from '../../../src/training/index.ts';
import { type ChaoticOptions, makeChaotic } from '../support/chaotic-environment.ts';
import { contentOf, describeChaotic, fakeRun, temporaryFolder } from '../support/run.ts';

/** Worker threads and the like that keep this process alive. */
const threads = () => process.getActiveResourcesInfo().filter((name) => name.includes('MessagePort')).length;

const kinds: Record<string, (options: readonly ChaoticOptions[]) => Promise<EnvironmentGroup>> = {
  'in this process': async (options) => new InProcessGroup(options.map(makeChaotic)),
  'in worker threads': (options) => WorkerGroup.start(options.map(describeChaotic)),
};

async function walk(group: EnvironmentGroup): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let source = 0; source < group.count; source++) seen.push(await group.reset(source, 100 + source));
  for (let step = 0; step < 4; step++) {
    const actions = [Float32Array.of(0.1 * step), step === 2 ? undefined : Float32Array.of(-0.5)];
    seen.push(await group.step(actions));
    actions[0]!.fill(0);
  }
  return seen;
}

test.serial('both kinds of groups give the same observations, rewards and ends', async (t) => {
  const options = [{ pixels: true }, { pixels: true }];
  const [first, second] = await Promise.all(
    Object.values(kinds).map(async (start) => {
      const group = await start(options);
      if (group instanceof WorkerGroup) t.is(threads(), 2);
      const seen = { walk: await walk(group), spaces: [group.observationSpace, group.actionSpace] };
      await group.close();
      await group.close();
      return seen;
    }),
  );
  t.deepEqual(second, first);
  t.is(((first!.walk[4] as unknown[])[1] as unknown) ?? 'not stepped', 'not stepped');
  t.is(threads(), 0);
});

test.serial('a run in worker threads is the same as in one process, whichever environment is faster', async (t) => {
  const run = async (workers: boolean) => {
    const folder = temporaryFolder();
    const training = { totalTimesteps: 120, evaluationInterval: 40 };
    await fakeRun({ folder, workers, environmentCount: 3, chaotic: { pixels: true, turns: 3 }, training });
    return contentOf(folder);
  };
  t.deepEqual(await run(true), await run(false));
  t.is(threads(), 0);
});

for (const [name, start] of Object.entries(kinds)) {
  test.serial(
    `an error of an environment is passed on as it is, after the others have answered: ${name}`,
    async (t) => {
      const slow: ChaoticOptions = { turns: 30 };
      const group = await start([slow, { fails: { step: 2, how: 'throw' } }, slow]);
      for (let source = 0; source < 3; source++) await group.reset(source, 7);
      const actions = Array.from({ length: 3 }, () => Float32Array.of(0));
      await group.step(actions);
      const error = await t.throwsAsync(group.step(actions), { message: 'Expected no step 2' });
      t.regex(error?.stack ?? '', /chaotic-environment/);
      // The others are not in the middle of something: they go on.
      const [first, , third] = await group.step([actions[0], undefined, actions[2]]);
      t.is(first?.info['step'], 3);
      t.is(third?.info['step'], 3);
      await group.close();
      t.is(threads(), 0);
    },
  );

  test.serial(`environments of different spaces are refused: ${name}`, async (t) => {
    await t.throwsAsync(start([{}, { pixels: true }]), { code: 'ERR_INVALID_ARGUMENT', message: /at source 1/ });
    await t.throwsAsync(start([]), { code: 'ERR_INVALID_ARGUMENT' });
    t.is(threads(), 0);
  });
}

async function refused(t: ExecutionContext, change: object, expected: object): Promise<void> {
  const description = { ...describeChaotic({}), ...change };
  await t.throwsAsync(WorkerGroup.start([describeChaotic({}), description]), expected);
  t.is(threads(), 0);
}

test.serial('when one environment cannot be made, no thread is left', async (t) => {
  await refused(t, { factory: 'makeCoffee' }, { code: 'ERR_INVALID_ARGUMENT', message: /a function `makeCoffee`/ });
  await refused(t, { module: 'file:///nowhere.js' }, { message: /nowhere/ });
  await refused(t, { arguments: [null] }, { message: /null/ });
});

test.serial('a thread that ends in the middle of a step is an error, and the rest can be closed', async (t) => {
  const group = await WorkerGroup.start([{}, { fails: { step: 1, how: 'exit' } } as const].map(describeChaotic));
  await group.reset(0, 1);
  await group.reset(1, 1);
  const actions = [Float32Array.of(0), Float32Array.of(0)];
  await t.throwsAsync(group.step(actions), { code: 'ERR_WORKER_THREAD', message: /its end with code 3/ });
  await t.throwsAsync(group.reset(1, 1), { code: 'ERR_WORKER_THREAD' });
  await group.close();
  t.is(threads(), 0);
});

test.serial('a run whose worker thread fails tells it, and nothing is left', async (t) => {
  const fails = { step: 4, how: 'nan' } as const;
  const run = fakeRun({ folder: temporaryFolder(), workers: true, environmentCount: 2, chaotic: { fails } });
  await t.throwsAsync(run, { code: 'ERR_NOT_FINITE' });
  t.is(threads(), 0);
});
