import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { Clock } from '../../../src/core/clock.ts';
import { TensorBoardLogger } from '../../../src/training/loggers/index.ts';
import { crc32c } from '../../../src/training/loggers/tensorboard/crc32c.ts';
import { temporaryFolder } from '../support/run.ts';

test('CRC-32C gives the check values of RFC 3720', (t) => {
  t.is(crc32c(Buffer.from('123456789')), 0xe306_9283);
  t.is(crc32c(new Uint8Array(32)), 0x8a91_36aa);
  t.is(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8_ab43);
  t.is(crc32c(new Uint8Array(0)), 0);
});

/** What `scripts/check-tensorboard.py --golden` had TensorBoard's own writer write: time in s, step, figures. */
const GOLDEN: readonly [number, number, Record<string, number>][] = [
  [1_700_000_000.25, 0, { 'rollout/ep_rew_mean': -1234.5 }],
  [1_700_000_001.5, 127, { 'train/actor_loss': 0, 'train/critic_loss': 1e-30, 'train/n_updates': 16_777_216 }],
  [1_700_000_002, 128, { 'eval/mean_reward': 0.1 }],
  [1_700_000_003, 300_000, { 'rollout/ep_len_mean': -0, 'time/fps': 123_456.789 }],
  [1_700_000_004, 5_000_000_000, { ['a'.repeat(130)]: 1 }],
];

/** Shows each of the times once, then the next one. */
function clockOf(timesS: number[]): Clock {
  return { now: () => 0, date: () => new Date(1000 * timesS.shift()!) };
}

test("the event file is the one that TensorBoard's own writer writes, byte for byte", (t) => {
  const file = path.join(path.dirname(temporaryFolder()), 'events');
  const logger = new TensorBoardLogger(file, clockOf([GOLDEN[0]![0], ...GOLDEN.map(([timeS]) => timeS)]));
  logger.onStart();
  for (const [, steps, values] of GOLDEN) logger.onLog({ steps, values });
  logger.close();
  t.deepEqual(fs.readFileSync(file), fs.readFileSync(new URL('./golden.tfevents', import.meta.url)));
});

test('a logger that goes on writes no second head', (t) => {
  const file = path.join(path.dirname(temporaryFolder()), 'events');
  const times = () => [GOLDEN[0]![0], ...GOLDEN.map(([timeS]) => timeS)];
  const killed = new TensorBoardLogger(file, clockOf(times()));
  killed.onStart();
  for (const [, steps, values] of GOLDEN.slice(0, 2)) killed.onLog({ steps, values });
  const state = killed.checkpoint.save();
  for (const [, steps, values] of GOLDEN.slice(2)) killed.onLog({ steps, values });
  const whole = fs.readFileSync(file);
  killed.close();
  const resumed = new TensorBoardLogger(file, clockOf(times().slice(3)));
  resumed.checkpoint.load(state);
  resumed.onStart();
  for (const [, steps, values] of GOLDEN.slice(2)) resumed.onLog({ steps, values });
  resumed.close();
  t.deepEqual(fs.readFileSync(file), whole);
});
