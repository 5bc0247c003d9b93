import * as tf from '@tensorflow/tfjs-core';
import anyTest, { type TestFn } from 'ava';
import { CompiledEngine, createEngine, TfjsNodeMissingError } from '../../src/backend/index.ts';
import type { Engine, LearnerProgram, ParameterGroup, Tensors } from '../../src/core/engine.ts';
import { Random } from '../../src/core/random.ts';
import { fillInputs } from './gradients.ts';

const test = anyTest as TestFn;

/** Rows enough for the largest team of threads. */
const BATCH = 64;
const row = (length: number) => ({ shape: [BATCH, length], dtype: 'float32' as const });
const both = [
  { phase: 'critic', updateTargets: true },
  { phase: 'actor', updateTargets: true },
];

function network(random: Random, sizes: readonly number[]): ParameterGroup {
  const draw = (length: number, bound: number) => Float32Array.from({ length }, () => random.between(-bound, bound));
  return Object.fromEntries(
    sizes.slice(1).flatMap((to, layer) => {
      const from = sizes[layer]!;
      return [
        [`weights${layer}`, { shape: [to, from], initial: draw(to * from, 1 / Math.sqrt(from)) }],
        [`bias${layer}`, { shape: [to], initial: draw(to, 1 / Math.sqrt(from)) }],
      ];
    }),
  );
}

function forward(weights: Tensors, x: tf.Tensor): tf.Tensor {
  const layers = Object.keys(weights).length / 2;
  for (let layer = 0; layer < layers; layer++) {
    const kernel = weights[`weights${layer}`] as tf.Tensor2D;
    x = tf.add(tf.matMul(x as tf.Tensor2D, kernel, false, true), weights[`bias${layer}`]!);
    if (layer < layers - 1) x = tf.relu(x);
  }
  return x;
}

const act = (weights: Tensors, state: tf.Tensor) => tf.tanh(forward(weights, state));
const judge = (weights: Tensors, state: tf.Tensor, action: tf.Tensor) =>
  forward(weights, tf.concat([state, action], 1));

function actorCritic() {
  const random = new Random(5);
  const actor = network(random, [4, 16, 2]);
  const critic = network(random, [6, 16, 1]);
  const program: LearnerProgram = {
    inputs: { state: row(4), nextState: row(4), action: row(2), reward: row(1), discount: row(1) },
    phases: {
      critic: {
        trains: 'critic',
        reads: ['targetActor', 'targetCritic'],
        inputs: ['state', 'nextState', 'action', 'reward', 'discount'],
        optimizer: { learningRate: 1e-2, weightDecay: 1e-2, maxGradientNorm: 0.5 },
        rowwise: true,
        loss: ({ critic: trained, targetActor, targetCritic }, inputs) => {
          const next = judge(targetCritic!, inputs['nextState']!, act(targetActor!, inputs['nextState']!));
          const target = tf.add(inputs['reward']!, tf.mul(inputs['discount']!, next));
          const error = tf.sub(judge(trained!, inputs['state']!, inputs['action']!), target);
          return { loss: tf.mean(tf.square(error)), outputs: { error } };
        },
      },
      actor: {
        trains: 'actor',
        reads: ['critic'],
        inputs: ['state'],
        optimizer: { learningRate: 1e-2 },
        rowwise: true,
        loss: ({ actor: trained, critic: fixed }, { state }) => ({
          loss: tf.neg(tf.mean(judge(fixed!, state!, act(trained!, state!)))),
        }),
      },
    },
    targets: { targetActor: { follows: 'actor', tau: 0.1 }, targetCritic: { follows: 'critic', tau: 0.1 } },
  };
  return { groups: { actor, critic, targetActor: actor, targetCritic: critic }, program };
}

async function withLearner<Result>(
  engine: Engine,
  use: (parts: Awaited<ReturnType<typeof open>>) => Promise<Result>,
): Promise<Result> {
  const parts = await open(engine);
  try {
    return await use(parts);
  } finally {
    await parts.learner.dispose();
    parts.store.dispose();
  }
}

async function open(engine: Engine) {
  const { groups, program } = actorCritic();
  const store = engine.createParameters(groups);
  const learner = await engine.createLearner(store, program);
  const inputs = learner.createInputs();
  const random = new Random(11);
  fillInputs(inputs, () => random.normal());
  return { store, learner, inputs };
}

const groupNames = ['actor', 'critic', 'targetActor', 'targetCritic'];

/** All weights, and both optimizers' memories, after 20 updates. */
async function trained(engine: Engine) {
  return withLearner(engine, async ({ store, learner, inputs }) => {
    const outputs = [];
    for (let update = 0; update < 20; update++) {
      outputs.push(await learner.update(inputs, update % 2 === 0 ? both : both.slice(0, 1)));
    }
    return {
      outputs,
      weights: Object.fromEntries(groupNames.map((name) => [name, store.read(name)])),
      optimizers: [learner.readOptimizer('critic'), learner.readOptimizer('actor')],
    };
  });
}

/** Largest difference between two structures of numbers; infinite when they differ otherwise. */
function difference(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Number.POSITIVE_INFINITY;
  const keys = Object.keys(a);
  if (keys.join() !== Object.keys(b).join()) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...keys.map((key) => difference(a[key as keyof typeof a], b[key as keyof typeof b])));
}

const reference = await createEngine('tfjs-cpu');
const expected = await trained(reference);

async function tfjsNode(): Promise<Engine | undefined> {
  try {
    return await createEngine('tfjs-node');
  } catch (error) {
    if (!(error instanceof TfjsNodeMissingError)) throw error;
    console.log('# tfjs-node: skipped, its native library is not set up');
    return undefined;
  }
}

const engines: readonly (readonly [string, Engine | undefined])[] = [
  ['tfjs-cpu', reference],
  ['tfjs-node', await tfjsNode()],
  ['compiled, C API', await CompiledEngine.create({ threads: 1, runtime: 'c-api' })],
  ['compiled, rows shared by two threads', await CompiledEngine.create({ threads: 2, runtime: 'c-api' })],
  [
    'compiled, rows shared, without machine code',
    await CompiledEngine.create({ threads: 2, runtime: 'c-api', machineCode: false }),
  ],
  ['compiled, rows shared by four threads', await CompiledEngine.create({ threads: 4, runtime: 'c-api' })],
  ['compiled, onnxruntime-node', await CompiledEngine.create({ threads: 1, runtime: 'onnxruntime-node' })],
];

for (const [name, engine] of engines) {
  const testEngine = engine === undefined ? test.skip : test.serial;

  testEngine(`${name}: 20 updates give the losses, weights and moments of the reference`, async (t) => {
    const result = await trained(engine!);
    t.true(difference(result, expected) < 2e-5, String(difference(result, expected)));
  });

  testEngine(`${name}: targets stand still while they are not asked to move, and follow by tau`, (t) =>
    withLearner(engine!, async ({ store, learner, inputs }) => {
      const before = store.read('targetCritic')['weights0']!;
      await learner.update(inputs, [{ phase: 'critic', updateTargets: false }]);
      t.deepEqual(store.read('targetCritic')['weights0'], before);
      await learner.update(inputs, [{ phase: 'critic', updateTargets: true }]);
      const online = store.read('critic')['weights0']!;
      const moved = store.read('targetCritic')['weights0']!;
      const wanted = before.map((value, i) => value + 0.1 * (online[i]! - value));
      t.true(difference([...moved], [...wanted]) < 1e-6);
    }),
  );

  testEngine(`${name}: a learning rate given at an update counts instead of the optimizer's own`, (t) =>
    withLearner(engine!, async ({ store, learner, inputs }) => {
      const before = store.read('critic');
      await learner.update(inputs, [{ phase: 'critic', updateTargets: false, learningRate: 0 }]);
      t.deepEqual(store.read('critic'), before);
    }),
  );

  testEngine(`${name}: a number that is not finite stops the update, and the weights are kept`, (t) =>
    withLearner(engine!, async ({ store, learner, inputs }) => {
      await learner.update(inputs, both);
      const before = groupNames.map((group) => store.read(group));
      const optimizer = learner.readOptimizer('critic');
      for (const wrong of [3, BATCH - 1]) {
        const reward = inputs['reward']![wrong]!;
        inputs['reward']![wrong] = Number.NaN;
        const error = await t.throwsAsync(() => learner.update(inputs, both), { code: 'ERR_NOT_FINITE' });
        t.regex(error.message, /loss of `critic`/);
        t.deepEqual(
          groupNames.map((group) => store.read(group)),
          before,
        );
        t.deepEqual(learner.readOptimizer('critic'), optimizer);
        inputs['reward']![wrong] = reward;
      }
      await t.notThrowsAsync(() => learner.update(inputs, both));
    }),
  );

  testEngine(
    `${name}: the norm of a gradient of more than half a million numbers is told, and looked at`,
    async (t) => {
      const [from, to] = [1024, 600];
      const store = engine!.createParameters({
        net: { weights: { shape: [from, to], initial: new Float32Array(from * to) } },
      });
      const learner = await engine!.createLearner(store, {
        inputs: { x: row(from), scale: row(1) },
        phases: {
          net: {
            trains: 'net',
            reads: [],
            inputs: ['x', 'scale'],
            optimizer: { learningRate: 1e-2 },
            rowwise: true,
            // Its value is 0 where the weights are, whatever the scale: only the gradient grows with it.
            loss: ({ net }, { x, scale }) => ({
              loss: tf.mean(tf.mul(tf.matMul(x as tf.Tensor2D, net!['weights'] as tf.Tensor2D), scale!)),
            }),
          },
        },
        targets: {},
      });
      const inputs = learner.createInputs();
      inputs['x']!.fill(1);
      inputs['scale']!.fill(1e30);
      inputs['x']![5] = 1e30;
      const before = store.read('net');
      const calls = [{ phase: 'net', updateTargets: false }];
      const error = await t.throwsAsync(() => learner.update(inputs, calls), { code: 'ERR_NOT_FINITE' });
      t.regex(error.message, /gradient of `net`/);
      t.deepEqual(store.read('net'), before);
      inputs['x']!.fill(1);
      inputs['scale']!.fill(1);
      const { net } = await learner.update(inputs, calls);
      t.true(difference(net!['gradientNorm']![0], Math.sqrt(from * to) / to) < 1e-4);
      await learner.dispose();
      store.dispose();
    },
  );

  testEngine(`${name}: weights and optimizer written back go on as if nothing had been`, async (t) => {
    const { actor, critic } = await withLearner(engine!, async ({ store, learner, inputs }) => {
      for (let update = 0; update < 3; update++) await learner.update(inputs, both);
      const weights = groupNames.map((group) => [group, store.read(group)] as const);
      const optimizers = (['actor', 'critic'] as const).map((phase) => [phase, learner.readOptimizer(phase)] as const);
      await learner.update(inputs, both);
      const wanted = { actor: store.read('actor'), critic: store.read('critic') };
      await withLearner(engine!, async (second) => {
        for (const [group, values] of weights) second.store.write(group, values);
        for (const [phase, state] of optimizers) second.learner.writeOptimizer(phase, state);
        await second.learner.update(second.inputs, both);
        t.deepEqual({ actor: second.store.read('actor'), critic: second.store.read('critic') }, wanted);
      });
      return wanted;
    });
    t.notDeepEqual(actor, critic);
  });

  testEngine(`${name}: functions read the live weights`, (t) =>
    withLearner(engine!, async ({ store, learner, inputs }) => {
      const policy = await engine!.createFunction(store, {
        reads: ['actor'],
        inputs: { state: { shape: [1, 4], dtype: 'float32' } },
        compute: ({ actor }, { state }) => ({ action: act(actor!, state!) }),
      });
      policy.inputs['state']!.set([0.1, -0.2, 0.3, 0.4]);
      await policy.run();
      const before = policy.outputs['action']!.slice();
      await learner.update(inputs, both);
      await policy.run();
      t.not(difference([...policy.outputs['action']!], [...before]), 0);
      await policy.dispose();
    }),
  );

  testEngine(`${name}: wrong names, lengths and foreign parts are refused`, (t) =>
    withLearner(engine!, async ({ store, learner, inputs }) => {
      const refused = { code: 'ERR_INVALID_ARGUMENT' };
      const { groups, program } = actorCritic();
      await t.throwsAsync(() => learner.update(inputs, [{ phase: 'critics', updateTargets: true }]), refused);
      t.throws(() => store.write('actor', {}), refused);
      t.throws(() => store.write('actor', { ...store.read('actor'), bias1: new Float32Array(3) }), refused);
      const short = { shape: [3, 2], initial: new Float32Array(5) };
      t.throws(() => engine!.createParameters({ group: { short } }), refused);
      const phase = program.phases['actor']!;
      const misread = { ...program, phases: { actor: { ...phase, reads: ['nobody'] } } };
      await t.throwsAsync(() => engine!.createLearner(store, misread), refused);
      const whole = { actor: { ...phase, inputs: ['state', 'reward'], rowwise: true } };
      const inputs8 = { ...program.inputs, reward: { shape: [8, 1], dtype: 'float32' as const } };
      await t.throwsAsync(() => engine!.createLearner(store, { inputs: inputs8, phases: whole, targets: {} }), {
        ...refused,
        message: /rows, got state \[64,4\], reward \[8,1\]/,
      });
      const misfit = { ...program, targets: { targetActor: { follows: 'critic', tau: 0.1 } } };
      await t.throwsAsync(() => engine!.createLearner(store, misfit), refused);
      const other = engine === reference ? engines[2]![1]! : reference;
      await t.throwsAsync(() => engine!.createLearner(other.createParameters(groups), program), refused);
    }),
  );

  testEngine(`${name}: no tensor is left behind by a hundred updates`, async (t) => {
    const before = tf.memory().numTensors;
    await withLearner(engine!, async ({ learner, inputs }) => {
      await learner.update(inputs, both);
      const during = tf.memory().numTensors;
      for (let update = 0; update < 100; update++) await learner.update(inputs, both);
      t.is(tf.memory().numTensors, during);
    });
    t.is(tf.memory().numTensors, before);
  });
}

test.after.always(async () => {
  for (const [, engine] of engines) await engine?.dispose();
});
