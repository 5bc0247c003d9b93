import test from 'ava';
import { type Mirror, mirrorAtRandom } from '../../../src/agents/ddpg/mirror.ts';
import { createCloneAgent, createDdpgAgent } from '../../../src/agents/index.ts';
import { eagerEngine } from '../engines.ts';
import { fillBatch, numbers, seeded } from '../support.ts';

const mirror: Mirror = { action: [-1, 1], state: [1, -1] };
/** Height 2, width 3, one channel. */
const picture = [1, 2, 3, 4, 5, 6];
const mirrored = [3, 2, 1, 6, 5, 4];

test('about half of the rows are mirrored: pictures and states before and after, and action, together', (t) => {
  const size = 200;
  const inputs = {
    pixels: Uint8Array.from({ length: size * 6 }, (_, i) => picture[i % 6]!),
    nextPixels: Uint8Array.from({ length: size * 6 }, (_, i) => picture[i % 6]!),
    state: Float32Array.from({ length: size * 2 }, (_, i) => i + 1),
    nextState: Float32Array.from({ length: size * 2 }, (_, i) => i + 2),
    action: Float32Array.from({ length: size * 2 }, (_, i) => i + 1),
    weight: new Float32Array(size).fill(1),
  };
  const before = structuredClone(inputs);
  mirrorAtRandom(inputs, { size, pixels: [2, 3, 1], state: 2, action: 2 }, mirror, seeded(1));
  let turned = 0;
  for (let row = 0; row < size; row++) {
    const isTurned = inputs.action[2 * row]! < 0;
    if (isTurned) turned++;
    for (const pixels of [inputs.pixels, inputs.nextPixels]) {
      t.deepEqual([...pixels.subarray(row * 6, row * 6 + 6)], isTurned ? mirrored : picture);
    }
    const sign = isTurned ? -1 : 1;
    t.deepEqual(
      [inputs.action[2 * row], inputs.action[2 * row + 1]],
      [sign * before.action[2 * row]!, before.action[2 * row + 1]],
    );
    for (const name of ['state', 'nextState'] as const) {
      const [now, then] = [inputs[name], before[name]];
      t.deepEqual([now[2 * row], now[2 * row + 1]], [then[2 * row], sign * then[2 * row + 1]!]);
    }
  }
  t.true(turned > 70 && turned < 130, String(turned));
  t.deepEqual(inputs.weight, before.weight);
});

test('a sequence is mirrored whole: all its instants, or none', (t) => {
  const size = 8;
  const steps = 5;
  const inputs = {
    pixels: Uint8Array.from({ length: (steps + 1) * size * 6 }, (_, i) => picture[i % 6]!),
    action: new Float32Array(steps * size * 2).fill(1),
  };
  const shape = { size, sequenceLength: steps, pixels: [2, 3, 1], action: 2 } as const;
  mirrorAtRandom(inputs, shape, mirror, seeded(2));
  const kinds = new Set<boolean>();
  for (let row = 0; row < size; row++) {
    const isTurned = inputs.action[2 * row]! < 0;
    kinds.add(isTurned);
    for (let step = 0; step <= steps; step++) {
      const at = (step * size + row) * 6;
      t.deepEqual([...inputs.pixels.subarray(at, at + 6)], isTurned ? mirrored : picture);
      if (step < steps) t.is(inputs.action[2 * (step * size + row)]! < 0, isTurned);
    }
  }
  t.is(kinds.size, 2);
});

for (const [name, createAgent] of [
  ['an agent with critics', createDdpgAgent],
  ['a clone', createCloneAgent],
] as const) {
  test(`${name} sees about half of its batch in the mirror that it is given`, async (t) => {
    const engine = await eagerEngine.create();
    const spaces = { observationSpace: { state: numbers(2) }, actionSpace: numbers(2) };
    const options = { batchSize: 64, netArch: [4] };
    for (const [given, least, most] of [
      [{ mirror }, 20, 44],
      [{}, 0, 0],
    ] as const) {
      const agent = await createAgent({ engine, ...spaces, options, seed: 3, ...given });
      const batch = fillBatch(agent.createBatch(), seeded(4));
      const { action } = structuredClone(batch);
      await agent.learn(batch);
      const turned = Array.from({ length: 64 }, (_, row) => batch.action[2 * row] !== action[2 * row]).filter(Boolean);
      t.true(turned.length >= least && turned.length <= most, String(turned.length));
      await agent.dispose();
    }
  });
}
