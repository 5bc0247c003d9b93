import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '../src/core/random.ts';
import { openRecording, repairRecording, verifyRecording } from '../src/recordings/index.ts';
import { recordAndKill } from '../test/recordings/kill.ts';

/**
 * Kills a recording process (SIGKILL) at random moments, repairs the folder, verifies it, and counts what was lost of
 * what the writer had acknowledged. Each round appends to the same dataset. Prints a table; exits with 1 on any loss.
 * Run: npx tsx scripts/recording-kill-test.ts [ROUNDS=50] [SEED=1]
 */
const rounds = Number(process.argv[2] ?? 50);
const random = new Random(Number(process.argv[3] ?? 1));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'recording-kill-'));
let total = 0;
let bad = 0;
console.log(
  'round  after ms  ended  open steps  recovered episodes  open recovered  lost ended  lost open  torn bytes  verify',
);
for (let round = 0; round < rounds; round++) {
  const delayMs = Math.round(random.between(0, 400));
  // Short episodes die while files are made, long ones while steps are written.
  const steps = random.pick([10, 40, 400, 4000]);
  const killed = await recordAndKill(dir, delayMs, { steps, megabytes: 0.1, first: total });
  const report = await repairRecording(dir);
  const hasData = fs.existsSync(path.join(dir, 'meta/info.json'));
  const episodes = hasData ? (await openRecording(dir)).episodes : [];
  const fresh = episodes.slice(total);
  const whole = fresh.filter(({ outcome, frames }) => outcome === 'terminated' && frames === steps).length;
  const open = fresh.filter(({ outcome }) => outcome === 'interrupted').reduce((sum, { frames }) => sum + frames, 0);
  const lostEnded = Math.max(0, killed.ended - whole);
  // When the end was written but not acknowledged, the open steps are in a whole episode.
  const lostOpen = whole > killed.ended ? 0 : Math.max(0, killed.openSteps - open);
  const verified = hasData ? await verifyRecording(dir) : undefined;
  const isGood = lostEnded === 0 && lostOpen === 0 && verified?.ok !== false;
  if (!isGood) bad++;
  total = episodes.length;
  const cells = [round, delayMs, killed.ended, killed.openSteps, whole, open, lostEnded, lostOpen, report.tornBytes];
  const widths = [5, 8, 5, 10, 18, 14, 10, 9, 10];
  const verdict = verified === undefined ? 'nothing' : verified.ok ? 'ok' : JSON.stringify(verified.problems[0]);
  console.log(`${cells.map((cell, i) => String(cell).padStart(widths[i] as number)).join('  ')}  ${verdict}`);
}
console.log(`${rounds} kills, ${total} episodes in the dataset, ${bad} rounds with a loss or a damaged file`);
fs.rmSync(dir, { recursive: true });
process.exitCode = bad === 0 ? 0 : 1;
