import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { DdpgNetworks } from '../../../src/agents/ddpg/networks.ts';
import { type AgentOptions, createDdpgAgent, resolveAgentOptions } from '../../../src/agents/index.ts';
import { InvalidArgumentError, NotFiniteError } from '../../../src/core/errors.ts';
import { engines } from '../engines.ts';
import { close, tensorsOf } from '../networks/tensors.ts';
import { drawObservation, numbers, observationSpace, pictures, seeded, smallFilters, watched } from '../support.ts';

const named = { state: { ...numbers(3), names: ['speed', 'angle', 'trackPos'] }, pixels: pictures(16, 2) };
const small = { netArch: [4], batchSize: 2 } satisfies AgentOptions;

for (const { name, create } of engines) {
  const agentOf = async (options: AgentOptions, actionSpace = numbers(2)) =>
    createDdpgAgent({
      engine: await create(),
      observationSpace: named,
      actionSpace,
      options: { ...small, ...options },
      seed: 4,
    });

  test(`${name}: actions are fresh, within bounds, and the same without exploring`, async (t) => {
    const agent = await agentOf({}, { ...numbers(2), low: [-2, 3], high: [2, 4] });
    const observation = drawObservation(seeded(1));
    const [first, second] = [await agent.act(observation), await agent.act(observation)];
    t.not(first, second);
    t.deepEqual(first, second);
    t.true(Math.abs(first[0]!) <= 2 && first[1]! >= 3 && first[1]! <= 4);
    await agent.dispose();
  });

  test(`${name}: exploring adds noise by the schedule, cut at the bounds`, async (t) => {
    const agent = await agentOf(
      { actionNoise: { kind: 'normal', sigma: { from: 10, to: 0, over: 20 } } },
      numbers(2, -3, 3),
    );
    const observation = drawObservation(seeded(1));
    const quiet = await agent.act(observation);
    const loud = [];
    for (let i = 0; i < 20; i++) loud.push(await agent.act(observation, { explore: true }));
    t.true(loud.every((action) => action.every((value) => Math.abs(value) <= 3)));
    t.true(loud.some((action) => action.includes(3)) && loud.some((action) => action.includes(-3)));
    t.deepEqual(await agent.act(observation, { explore: true }), quiet, 'the schedule ends at 0');
    await agent.dispose();
  });

  test(`${name}: what is not finite or of another size is refused by name`, async (t) => {
    const agent = await agentOf({ preset: 'ddpg', encoder: { kind: 'conv', filters: smallFilters, state: true } });
    const { state, pixels } = drawObservation(seeded(1));
    const act = async (observation: { state: Float32Array; pixels?: Uint8Array }) => agent.act(observation);
    const error = await t.throwsAsync(act({ state: Float32Array.of(1, Number.NaN, 0), pixels: pixels! }), {
      instanceOf: NotFiniteError,
    });
    t.regex(error.message, /NaN for angle/);
    await t.throwsAsync(act({ state }), { instanceOf: InvalidArgumentError, message: /pixels has 512 .* none/ });
    await t.throwsAsync(act({ state: new Float32Array(4), pixels: pixels! }), { message: /state has 3 .* got 4/ });
    t.is((await act({ state, pixels: pixels! })).length, 2);
    await agent.dispose();
  });

  test(`${name}: an observation's pictures, channels last, are those of a batch, channels first`, async (t) => {
    const options: AgentOptions = { ...small, preset: 'ddpg', encoder: { kind: 'conv', filters: smallFilters } };
    const spaces = { observationSpace: named, actionSpace: numbers(2) };
    const { engine, stores } = watched(await create());
    const agent = await createDdpgAgent({ engine, ...spaces, options });
    const observation = drawObservation(seeded(1));
    const action = await agent.act(observation);
    await tf.setBackend('cpu');
    const { actor } = new DdpgNetworks(resolveAgentOptions(options), spaces);
    const weights = tensorsOf(
      Object.fromEntries(
        actor.parameters.map(({ name, shape }) => [name, { shape, initial: stores[0]!.read('actor')[name]! }]),
      ),
    );
    const pixels = tf.transpose(tf.tensor4d(observation.pixels!, [1, 16, 16, 2], 'int32'), [0, 3, 1, 2]);
    const { features } = actor.encoder.encode(weights, { pixels, convolved: new Map() }, { steps: 1 });
    close(t, actor.action(weights, features), [...action]);
    await agent.dispose();
  });

  for (const cell of ['gru', 'lstm'] as const) {
    test(`${name}: a ${cell} remembers within an episode, and forgets at its end`, async (t) => {
      const encoder = { kind: 'recurrent', cell, hiddenSize: 4, previousAction: false } as const;
      const agent = await agentOf({ encoder, sequenceLength: 3 });
      const random = seeded(1);
      const seen = Array.from({ length: 3 }, () => drawObservation(random, observationSpace));
      const drive = async () => {
        agent.reset();
        const actions = [];
        for (const observation of seen) actions.push(await agent.act(observation));
        return actions;
      };
      const first = await drive();
      t.deepEqual(await drive(), first);
      agent.reset();
      t.notDeepEqual(await agent.act(seen[2]!), first[2], 'what went before counts');
      await agent.dispose();
    });
  }

  test(`${name}: a recurrent agent is told the action that it took in the end, noise included`, async (t) => {
    const options: AgentOptions = {
      encoder: { kind: 'recurrent', hiddenSize: 4 },
      actionNoise: { kind: 'normal', sigma: { from: 1, to: 0, over: 1 } },
      sequenceLength: 3,
    };
    const observation = drawObservation(seeded(1));
    const second = async (explore: boolean) => {
      const agent = await agentOf(options);
      agent.reset();
      await agent.act(observation, { explore });
      const action = await agent.act(observation);
      await agent.dispose();
      return action;
    };
    t.notDeepEqual(await second(true), await second(false));
  });
}
