import { Random } from '../src/core/index.ts';
import {
  type ClassicEnvironment,
  InvertedPendulumEnvironment,
  PendulumEnvironment,
  ReacherEnvironment,
} from '../src/environments/index.ts';

/** Prints what a step and a picture of each classic task cost. Run: npx tsx scripts/classic-speed.ts */

const MEASURE_MS = 2000;
const WARM_UP_MS = 500;

/** Calls of `work` per second, after a warm-up. */
async function ratePerS(work: () => void | Promise<void>): Promise<number> {
  let rate = 0;
  for (const durationMs of [WARM_UP_MS, MEASURE_MS]) {
    let calls = 0;
    const start = performance.now();
    while (performance.now() - start < durationMs) {
      await work();
      calls++;
    }
    rate = (1000 * calls) / (performance.now() - start);
  }
  return rate;
}

async function measure(name: string, environment: ClassicEnvironment): Promise<void> {
  const random = new Random(1);
  const size = environment.actionSpace.shape[0]!;
  await environment.reset({ seed: 1 });
  const steps = await ratePerS(async () => {
    for (let i = 0; i < 100; i++) {
      const action = Float32Array.from({ length: size }, () => random.between(-0.1, 0.1));
      const { terminated, truncated } = await environment.step(action);
      if (terminated || truncated) await environment.reset();
    }
  });
  console.log(`${name.padEnd(20)} ${(steps * 100).toFixed(0).padStart(9)} steps/s`);
  for (const format of [
    { width: 64, height: 64 },
    { width: 640, height: 480 },
  ]) {
    const into = new Uint8Array(format.width * format.height * 3);
    const pictures = await ratePerS(() => void environment.renderFrame(format, into));
    const text = `${format.width}x${format.height}`;
    console.log(`${name.padEnd(20)} ${(1000 / pictures).toFixed(4).padStart(9)} ms per picture of ${text}`);
  }
  await environment.close();
}

await measure('pendulum', new PendulumEnvironment());
await measure('inverted-pendulum', await InvertedPendulumEnvironment.create());
await measure('reacher', await ReacherEnvironment.create());
