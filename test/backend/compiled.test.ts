import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { CompiledParameters } from '../../src/backend/compiled/compiled-parameters.ts';
import { CONTROL_WORDS, DONE, take, waitForChange } from '../../src/backend/compiled/helper.ts';
import { planPhase } from '../../src/backend/compiled/plan-phase.ts';
import { ShareWorker } from '../../src/backend/compiled/share-worker.ts';
import { CompiledEngine } from '../../src/backend/index.ts';
import { createRuntime } from '../../src/backend/runtime/create-runtime.ts';
import type { InputArrays, LearnerProgram, PhaseResult } from '../../src/core/engine.ts';

const engine = await CompiledEngine.create({ threads: 1 });
const groups = { net: { weights: { shape: [64, 64], initial: new Float32Array(4096).fill(0.01) } } };

function programOf(loss: (weights: tf.Tensor2D, x: tf.Tensor2D) => PhaseResult['loss']): LearnerProgram {
  return {
    inputs: { x: { shape: [64, 64], dtype: 'float32' } },
    phases: {
      fit: {
        trains: 'net',
        reads: [],
        inputs: ['x'],
        optimizer: { learningRate: 1e-3 },
        loss: ({ net }, { x }) => ({ loss: loss(net!['weights'] as tf.Tensor2D, x as tf.Tensor2D) }),
      },
    },
    targets: {},
  };
}

const product = programOf((weights, x) => tf.mean(tf.matMul(tf.matMul(weights, x), x)));

test('an operation without a lowering is refused by name, with the place that called it', async (t) => {
  const store = engine.createParameters(groups);
  const error = await t.throwsAsync(
    () =>
      engine.createLearner(
        store,
        programOf(function calledHere(weights) {
          return tf.mean(tf.asin(weights));
        }),
      ),
    { code: 'ERR_UNSUPPORTED_OPERATION' },
  );
  t.regex(error.message, /`Asin`/);
  t.regex(error.message, /compiled\.test\.ts:\d+/);
});

test('tensors made elsewhere and values read at compile time are refused', async (t) => {
  const store = engine.createParameters(groups);
  const refused = { code: 'ERR_INVALID_ARGUMENT' };
  await tf.setBackend('cpu');
  const foreign = tf.ones([64, 64]);
  await t.throwsAsync(
    () =>
      engine.createLearner(
        store,
        programOf((weights) => tf.mean(tf.mul(weights, foreign))),
      ),
    refused,
  );
  foreign.dispose();
  const reads = programOf((weights) => tf.mul(tf.mean(weights), weights.dataSync()[0]!));
  await t.throwsAsync(() => engine.createLearner(store, reads), refused);
  const unused = programOf((_, x) => tf.mean(x));
  await t.throwsAsync(() => engine.createLearner(store, unused), { ...refused, message: /`weights`/ });
});

test('compiling leaves TensorFlow.js on a backend that computes', async (t) => {
  const store = engine.createParameters(groups);
  await (await engine.createLearner(store, product)).dispose();
  t.is(
    tf.tidy(() => tf.sum(tf.ones([3])).dataSync()[0]),
    3,
  );
});

test("a graph that cannot be built gives ONNX Runtime's own words", async (t) => {
  for (const name of ['c-api', 'onnxruntime-node'] as const) {
    const runtime = createRuntime({ threads: 1 }, name);
    const error = await t.throwsAsync(() => runtime.createSession(Uint8Array.of(8, 8, 1, 2, 3)), {
      code: 'ERR_RUNTIME',
    });
    t.regex(error.message, /protobuf|parse|model/i);
    runtime.dispose();
  }
});

test('the event loop goes on while an update runs', async (t) => {
  const store = engine.createParameters({
    net: { weights: { shape: [512, 512], initial: new Float32Array(1 << 18) } },
  });
  const heavy: LearnerProgram = {
    ...product,
    inputs: { x: { shape: [512, 512], dtype: 'float32' } },
  };
  const learner = await engine.createLearner(store, heavy);
  const inputs = learner.createInputs();
  let turns = 0;
  let running = true;
  const turn = () => {
    turns++;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  await learner.update(inputs, [{ phase: 'fit', updateTargets: false }]);
  running = false;
  t.true(turns > 10, `${turns} turns`);
  await learner.dispose();
});

test("updates do not overlap, inputs are the learner's own, and nothing runs after the end", async (t) => {
  const store = engine.createParameters(groups);
  const learner = await engine.createLearner(store, product);
  const inputs = learner.createInputs();
  const calls = [{ phase: 'fit', updateTargets: false }];
  const first = learner.update(inputs, calls);
  await t.throwsAsync(() => learner.update(inputs, calls), { code: 'ERR_INVALID_ARGUMENT' });
  await first;
  await t.throwsAsync(() => learner.update({ x: new Float32Array(4096) }, calls), { code: 'ERR_INVALID_ARGUMENT' });
  await learner.dispose();
  await learner.dispose();
  await t.throwsAsync(() => learner.update(inputs, calls), { code: 'ERR_RUNTIME' });
});

test('several input sets are learnt from in turn', async (t) => {
  const store = engine.createParameters(groups);
  const learner = await engine.createLearner(store, product);
  const sets = [learner.createInputs(), learner.createInputs()] as const;
  sets[0]['x']!.fill(1);
  sets[1]['x']!.fill(2);
  const loss = async (set: InputArrays) =>
    (await learner.update(set, [{ phase: 'fit', updateTargets: false, learningRate: 0 }]))['fit']!['loss']![0]!;
  const [one, two] = [await loss(sets[0]), await loss(sets[1])];
  t.true(Math.abs(two / one - 4) < 1e-4);
  await learner.dispose();
});

/** The net of `product`, larger: its optimizer step is worth a second thread. */
async function stepped(threads: number, updates = 3) {
  const size = 1024;
  const shared = await CompiledEngine.create({ threads });
  const initial = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i) / 100);
  const store = shared.createParameters({
    net: { weights: { shape: [size, size], initial } },
    target: { weights: { shape: [size, size], initial } },
    further: { weights: { shape: [size, size], initial } },
  });
  const learner = await shared.createLearner(store, {
    ...product,
    inputs: { x: { shape: [size, 8], dtype: 'float32' } },
    phases: {
      fit: {
        ...product.phases['fit']!,
        loss: ({ net }, { x }) => ({
          loss: tf.mean(tf.square(tf.matMul(net!['weights'] as tf.Tensor2D, x as tf.Tensor2D))),
        }),
      },
    },
    targets: { target: { follows: 'net', tau: 0.25 }, further: { follows: 'net', tau: 0.5 } },
  });
  const inputs = learner.createInputs();
  inputs['x']!.forEach((_, i, x) => {
    x[i] = Math.cos(i);
  });
  for (let update = 0; update < updates; update++) {
    await learner.update(inputs, [{ phase: 'fit', updateTargets: true }]);
  }
  const weights = Object.fromEntries(
    ['net', 'target', 'further'].map((group) => [group, store.read(group)['weights']!]),
  );
  const result = { initial, weights, optimizer: learner.readOptimizer('fit') };
  await learner.dispose();
  await shared.dispose();
  return result;
}

test('an optimizer step shared by threads is the step of one', async (t) => {
  const alone = await stepped(1);
  t.deepEqual(await stepped(2), alone);
});

test('every target that follows a group moves by its own tau', async (t) => {
  const { initial, weights } = await stepped(2, 1);
  const { net, target, further } = weights;
  for (let i = 0; i < initial.length; i += 1000) {
    const moved = net![i]! - initial[i]!;
    t.not(moved, 0);
    t.true(Math.abs(target![i]! - (initial[i]! + 0.25 * moved)) < 1e-6);
    t.true(Math.abs(further![i]! - (initial[i]! + 0.5 * moved)) < 1e-6);
  }
});

function rowByRow(rows: number, outputs: (x: tf.Tensor) => tf.Tensor = (x) => tf.mean(x, 1)): LearnerProgram {
  const loss: LearnerProgram['phases'][string]['loss'] = ({ net }, { x }) => ({
    loss: tf.mul(tf.mean(x!), tf.mean(net!['weights']!)),
    outputs: { outputs: outputs(x!) },
  });
  return {
    inputs: { x: { shape: [rows, 3], dtype: 'float32' } },
    phases: { fit: { ...product.phases['fit']!, rowwise: true, loss } },
    targets: {},
  };
}

/** How many threads take rows of the batch, with these threads and a net of so many weights. */
function sharesOf(program: LearnerProgram, mostShares: number, weights = 64): number {
  const net = { weights: { shape: [weights], initial: new Float32Array(weights) } };
  const parameters = new CompiledParameters({ net });
  return planPhase(parameters, program, 'fit', { blockSize: undefined, mostShares, machineCode: 'none' }).plan.shares
    .length;
}

test('threads share the rows of phases that go row by row, where there are rows enough for most of them', (t) => {
  t.deepEqual(
    [1, 2, 3, 4, 8, 9].map((threads) => sharesOf(rowByRow(64), threads)),
    [1, 2, 2, 4, 4, 1],
  );
  t.is(sharesOf(rowByRow(16), 2), 2);
  t.is(sharesOf(rowByRow(14), 2), 1);
  t.is(sharesOf(rowByRow(33), 2), 1);
  t.is(sharesOf(rowByRow(64), 2, 1 << 23), 2);
  t.is(sharesOf(rowByRow(64), 2, (1 << 23) + 1), 1);
  const whole = rowByRow(64);
  t.is(sharesOf({ ...whole, phases: { fit: { ...whole.phases['fit']!, rowwise: false } } }, 2), 1);
});

/** The weights after a step that one thread takes with all shares, in turn, and the squared norm of the summed gradient. */
async function stepAlone(mostShares: number) {
  const initial = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
  const parameters = new CompiledParameters({ net: { weights: { shape: [64], initial } } });
  const program = rowByRow(64);
  const { plan } = planPhase(parameters, program, 'fit', { blockSize: undefined, mostShares, machineCode: 'none' });
  const count = plan.shares.length;
  const worker = new ShareWorker(
    {
      ...{ memory: parameters.memory.memory, control: new SharedArrayBuffer(0), runtime: 'c-api', threads: 1 },
      machineCode: false,
      ...{ team: count, inputs: program.inputs, phases: [plan] },
    },
    0,
  );
  await worker.open();
  worker.addInputs(0, { x: Float32Array.from({ length: 192 }, (_, i) => Math.cos(i * i)) });
  const each = Array.from({ length: count }, (_, share) => ({ phase: 0, share }));
  for (const share of each) await worker.run(share, 0);
  const squares = each.reduce((sum, share) => sum + worker.gather(share), 0);
  const call = { updateTargets: false, learningRate: 0.1, step: 1, gradientScale: 1 / count };
  for (const share of each) worker.step(share, call);
  await worker.close();
  return { norm: Math.sqrt(squares) / count, weights: [...parameters.view('net', 'weights')], count };
}

test('what a thread takes back from its helpers comes to the same', async (t) => {
  const whole = await stepAlone(1);
  const shared = await stepAlone(4);
  t.deepEqual([whole.count, shared.count], [1, 4]);
  t.true(Math.abs(shared.norm / whole.norm - 1) < 1e-5);
  for (const [i, weight] of whole.weights.entries()) t.true(Math.abs(weight - shared.weights[i]!) < 1e-5);
});

test('a task is taken once', (t) => {
  const words = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
  t.deepEqual(
    [1, 1, 2, 4, 2].map((task) => take(words, task)),
    [true, false, true, false, false],
  );
  words[DONE] = 7;
  t.is(waitForChange(words, DONE, 6), 7);
});

test('an output that does not go row by row is refused where its phase says that it does', async (t) => {
  const store = engine.createParameters({ net: { weights: { shape: [4], initial: new Float32Array(4) } } });
  const mean = rowByRow(64, (x) => tf.mean(x));
  await t.throwsAsync(() => engine.createLearner(store, mean), { code: 'ERR_INVALID_ARGUMENT', message: /`outputs`/ });
});

test.after.always(() => engine.dispose());
