import test from 'ava';
import { MujocoSimulation } from '../../../src/environments/mujoco/mujoco-simulation.ts';

/** A ball that falls, in the given room for MuJoCo's own use. */
const falling = (memory: string) => `
<mujoco>
  <size memory="${memory}"/>
  <worldbody>
    <body><joint name="drop" type="slide" axis="0 0 1"/><geom size="0.1"/></body>
  </worldbody>
  <actuator><motor joint="drop"/></actuator>
</mujoco>`;

test.serial('memory is freed on close: many simulations fit where one did', async (t) => {
  const first = await MujocoSimulation.load(falling('256K'));
  const memory = () => first.positions.buffer.byteLength;
  (await MujocoSimulation.load(falling('256K'))).close();
  const before = memory();
  for (let i = 0; i < 60; i++) (await MujocoSimulation.load(falling('256K'))).close();
  t.is(memory(), before);
  first.close();
});

test.serial('a simulation goes on where its memory was moved to', async (t) => {
  const first = await MujocoSimulation.load(falling('16M'));
  first.reset([1], [0]);
  first.step(Float32Array.of(0), 1);
  const [expected] = first.positions;
  const before = first.positions;
  const others: MujocoSimulation[] = [];
  while (before.length > 0 && others.length < 50) others.push(await MujocoSimulation.load(falling('16M')));
  t.is(before.length, 0, 'the memory grew');
  t.is(first.positions[0], expected);
  first.step(Float32Array.of(0), 100);
  t.true(first.positions[0]! < expected!);
  for (const simulation of [first, ...others]) simulation.close();
});

test.serial('a model that MuJoCo cannot read is refused with its words', async (t) => {
  await t.throwsAsync(() => MujocoSimulation.load('<mujoco><wheel/></mujoco>'), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /unrecognized element\s.*wheel/,
  });
});
