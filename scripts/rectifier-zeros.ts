/**
 * Prints what share of the hidden numbers of kept policies is not zero behind their rectifiers, layer by layer, while they
 * act: what products of matrices can leave out (see src/backend/machine/sparse-product.ts). Run:
 *
 *     npx tsx scripts/rectifier-zeros.ts [--steps 2000]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadPolicy, readPolicyFolder } from '../src/agents/index.ts';
import { EagerEngine } from '../src/backend/index.ts';
import {
  type ClassicEnvironment,
  InvertedPendulumEnvironment,
  PendulumEnvironment,
  ReacherEnvironment,
} from '../src/environments/index.ts';

const { values } = parseArgs({ options: { steps: { type: 'string', default: '2000' } } });
const steps = Number(values.steps);

interface Layer {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** The hidden layers of the actor `mu`. */
function hiddenLayers(weights: ReadonlyMap<string, Float32Array>): readonly Layer[] {
  const layers: Layer[] = [];
  for (let i = 0; weights.has(`mu.${i + 1}.weight`); i++) {
    layers.push({ weights: weights.get(`mu.${i}.weight`)!, bias: weights.get(`mu.${i}.bias`)! });
  }
  return layers;
}

function forward({ weights, bias }: Layer, input: Float32Array): Float32Array {
  return bias.map((sum, output) => {
    const row = weights.subarray(output * input.length, (output + 1) * input.length);
    return Math.max(
      0,
      row.reduce((total, weight, i) => total + weight * input[i]!, sum),
    );
  });
}

async function measure(name: string, environment: ClassicEnvironment): Promise<void> {
  const folder = fileURLToPath(new URL(`../models/${name}`, import.meta.url));
  const engine = new EagerEngine('cpu');
  const policy = await loadPolicy(folder, { engine });
  const layers = hiddenLayers(readPolicyFolder(folder).weights);
  const notZero = layers.map(() => 0);
  let { observation } = await environment.reset({ seed: 1 });
  for (let step = 0; step < steps; step++) {
    let numbers = observation.state as Float32Array;
    for (const [i, layer] of layers.entries()) {
      numbers = forward(layer, numbers);
      notZero[i]! += numbers.filter((number) => number !== 0).length;
    }
    const next = await environment.step(await policy.act(observation));
    observation = next.terminated || next.truncated ? (await environment.reset()).observation : next.observation;
  }
  const shares = layers.map(({ bias }, i) => `${((100 * notZero[i]!) / steps / bias.length).toFixed(0)} %`);
  process.stdout.write(
    `${name}: not zero of ${layers.map(({ bias }) => bias.length).join(' and ')} hidden numbers ${shares.join(' and ')}\n`,
  );
  await policy.dispose();
  await engine.dispose();
  await environment.close();
}

await measure('pendulum', new PendulumEnvironment());
await measure('inverted-pendulum', await InvertedPendulumEnvironment.create());
await measure('reacher', await ReacherEnvironment.create());
