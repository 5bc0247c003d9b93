import test from 'ava';
import {
  type AgentOptions,
  createDdpgAgent,
  PRESET_NAMES,
  presets,
  resolveAgentOptions,
} from '../../../src/agents/index.ts';
import { InvalidArgumentError } from '../../../src/core/errors.ts';
import { eagerEngine } from '../engines.ts';
import { numbers, smallFilters } from '../support.ts';

test('a preset is what an agent is made of when nothing else is asked for', (t) => {
  for (const preset of PRESET_NAMES) {
    t.deepEqual(resolveAgentOptions({ preset }), presets[preset][preset === 'fast' ? 'pixels' : 'state']);
  }
  t.deepEqual(resolveAgentOptions(), presets.td3.state);
});

test('TD3 is what Stable-Baselines3 has as its defaults, DDPG the same without its tricks', (t) => {
  const { batchSize, tau, gamma, policyDelay, targetPolicyNoise, targetNoiseClip, nCritics, netArch } =
    presets.td3.state;
  t.deepEqual(
    { batchSize, tau, gamma, policyDelay, targetPolicyNoise, targetNoiseClip, nCritics, netArch },
    {
      ...{ batchSize: 256, tau: 0.005, gamma: 0.99, policyDelay: 2, targetPolicyNoise: 0.2, targetNoiseClip: 0.5 },
      nCritics: 2,
      netArch: { pi: [400, 300], qf: [400, 300] },
    },
  );
  const { policyDelay: delay, targetPolicyNoise: noise, nCritics: critics } = presets.ddpg.state;
  t.deepEqual([delay, noise, critics], [1, 0, 1]);
});

test('encoders that see pixels bring the preset for pixels with them', (t) => {
  const conv = { kind: 'conv', filters: 'paper' } as const;
  t.is(resolveAgentOptions({ preset: 'paper', encoder: conv }).batchSize, 16);
  t.is(resolveAgentOptions({ preset: 'paper', actorEncoder: conv }).finalWeightRange, 3e-4);
  t.is(resolveAgentOptions({ preset: 'paper', encoder: { kind: 'recurrent', over: conv } }).batchSize, 16);
  t.is(resolveAgentOptions({ preset: 'paper', criticEncoder: conv }).batchSize, 64);
  t.is(resolveAgentOptions({ preset: 'fast', encoder: { kind: 'mlp' } }).randomShift, 0);
});

test('what is for both networks gives way to what is for one', (t) => {
  const settings = resolveAgentOptions({
    preset: 'paper',
    learningRate: 0.5,
    actorLearningRate: 0.25,
    netArch: [7],
    encoder: { kind: 'mlp', hidden: [3] },
    criticEncoder: { kind: 'mlp' },
  });
  t.is(settings.actorLearningRate, 0.25);
  t.is(settings.criticLearningRate, 0.5);
  t.deepEqual(settings.netArch, { pi: [7], qf: [7] });
  t.deepEqual(settings.actorEncoder, { kind: 'mlp', hidden: [3] });
  t.deepEqual(settings.criticEncoder, { kind: 'mlp', hidden: [] });
  t.deepEqual(resolveAgentOptions({ netArch: { pi: [1], qf: [2] } }).netArch, { pi: [1], qf: [2] });
});

test('zero is a value, not a default', (t) => {
  const settings = resolveAgentOptions({ targetPolicyNoise: 0, learningStarts: 0, gamma: 0, learningRate: 0 });
  t.is(settings.targetPolicyNoise, 0);
  t.is(settings.learningStarts, 0);
  t.is(settings.gamma, 0);
  t.is(settings.actorLearningRate, 0);
});

test('sharing convolutions goes with convolutions that are the same', (t) => {
  t.true(resolveAgentOptions({ preset: 'fast' }).shareEncoder);
  const apart: AgentOptions = { preset: 'fast', criticEncoder: { kind: 'mlp' } };
  t.false(resolveAgentOptions(apart).shareEncoder);
  t.throws(() => resolveAgentOptions({ ...apart, shareEncoder: true }), {
    instanceOf: InvalidArgumentError,
    message: /set `shareEncoder` to false/,
  });
  // The same filters over other pictures are no features in common.
  t.false(
    resolveAgentOptions({ preset: 'fast', criticEncoder: { kind: 'conv', normalizePictures: true } }).shareEncoder,
  );
});

test('wrong options are refused by name', (t) => {
  const wrong: [unknown, RegExp][] = [
    [{ batchsize: 4 }, /batchsize/],
    [{ batchSize: 0 }, /`batchSize`.*got 0/],
    [{ tau: 0 }, /`tau`/],
    [{ gamma: Number.NaN }, /`gamma`/],
    [{ preset: 'ppo' }, /`preset`/],
    [{ netArch: [0] }, /`netArch/],
    [{ encoder: { kind: 'conv', filter: 'fast' } }, /`encoder`.*filter/],
    [{ actionNoise: { kind: 'normal' } }, /`actionNoise.sigma`/],
    [{ learningRate: { from: 1, to: 0 } }, /`learningRate/],
    [{ actionLayer: 3 }, /`actionLayer` .* 0 to 2, got 3/],
    [{ burnIn: 32 }, /`burnIn`.*\(32\), got 32/],
    [{ preset: 'fast', encoder: { kind: 'recurrent', over: { kind: 'conv' } }, randomShift: 2 }, /`randomShift`/],
  ];
  for (const [options, message] of wrong) {
    const error = t.throws(() => resolveAgentOptions(options as AgentOptions), { instanceOf: InvalidArgumentError });
    t.regex(error.message, message);
  }
});

test('options and spaces that do not fit are refused, and nothing is left behind', async (t) => {
  const engine = await eagerEngine.create();
  const create = (options: AgentOptions) =>
    createDdpgAgent({ engine, observationSpace: { state: numbers(3) }, actionSpace: numbers(1), options });
  await t.throwsAsync(create({ preset: 'fast' }), { instanceOf: InvalidArgumentError, message: /without/ });
  await t.throwsAsync(create({ randomShift: 2 }), { instanceOf: InvalidArgumentError, message: /without pictures/ });
  const grey = { state: numbers(3), pixels: { shape: [16, 16, 2], low: 0, high: 255, dtype: 'uint8' } } as const;
  await t.throwsAsync(
    createDdpgAgent({
      ...{ engine, observationSpace: grey, actionSpace: numbers(1) },
      options: { encoder: { kind: 'conv', filters: smallFilters }, randomHue: 0.5 },
    }),
    { instanceOf: InvalidArgumentError, message: /RGB pictures, .*got 2 channels/ },
  );
  const bare = { engine, observationSpace: { state: numbers(0) }, actionSpace: numbers(1) };
  await t.throwsAsync(createDdpgAgent(bare), { instanceOf: InvalidArgumentError, message: /at least one entry/ });
});
