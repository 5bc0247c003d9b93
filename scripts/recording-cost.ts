import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScriptedDriver } from '../src/agents/index.ts';
import type { EpisodeStart, Transition } from '../src/core/index.ts';
import { DrivingEnvironment, type DrivingInfo } from '../src/environments/index.ts';
import { openRecording, RecordingWriter } from '../src/recordings/index.ts';
import { EmbeddedSimulator } from '../src/simulator/index.ts';
import { runEpisodes } from '../src/training/loop.ts';

/**
 * Prints what recording costs, by number of steps: time, memory and bytes, each size written and read in a process of
 * its own. The steps are a scripted drive on the embedded simulator, with its camera's pictures of 64 × 64; the drive
 * is kept in memory and recorded again and again, so that only the recording is measured.
 *
 * Run: npx tsx scripts/recording-cost.ts [STEPS=1000 10000 50000]
 */
const SIZE = { width: 64, height: 64 };
const DRIVE_STEPS = 1000;
const MEGABYTE = 1e6;

interface Cost {
  /** Resident memory before the first call, and its peak, MB. */
  readonly before: number;
  readonly peak: number;
  /** Per step, ms. */
  readonly step: number;
  readonly seal: number;
}

const [mode, dir = '', steps = '0'] = process.argv.slice(2);
if (mode === 'write') console.log(JSON.stringify(await write(dir, Number(steps))));
else if (mode === 'read') console.log(JSON.stringify(await read(dir)));
else compare(process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000, 50_000]);

function compare(sizes: readonly number[]): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recording-cost-'));
  console.log(
    '  steps   onStep ms  sealing ms  read ms   bytes  writing: MB before   peak  reading: MB before   peak  (ms and bytes per step)',
  );
  for (const count of sizes) {
    const target = path.join(folder, String(count));
    const written = inProcess('write', target, String(count));
    const seen = inProcess('read', target);
    const bytes = fs
      .readdirSync(target, { recursive: true, encoding: 'utf8' })
      .map((name) => fs.statSync(path.join(target, name)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    const cells: [string, number][] = [
      [String(count), 7],
      [written.step.toFixed(3), 12],
      [written.seal.toFixed(3), 12],
      [seen.step.toFixed(3), 9],
      [(bytes / count).toFixed(0), 8],
      [written.before.toFixed(0), 20],
      [written.peak.toFixed(0), 7],
      [seen.before.toFixed(0), 20],
      [seen.peak.toFixed(0), 7],
    ];
    console.log(cells.map(([text, width]) => text.padStart(width)).join(''));
    fs.rmSync(target, { recursive: true });
  }
  fs.rmSync(folder, { recursive: true });
}

function inProcess(...args: string[]): Cost {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, ['--import=tsx', script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`Expected the measuring process to end well, got status ${child.status}`);
  return JSON.parse(child.stdout) as Cost;
}

function peakMegabytes(): number {
  return (process.resourceUsage().maxRSS * 1024) / MEGABYTE;
}

async function write(target: string, count: number): Promise<Cost> {
  const { environment, start, transitions } = await driveOnce();
  const before = peakMegabytes();
  const writer = await RecordingWriter.open(
    {
      dir: target,
      fps: 50,
      stateNames: [...(environment.observationSpace.state.names ?? [])],
      actionNames: [...(environment.actionSpace.names ?? [])],
      camera: SIZE,
    },
    { picture: (_observation, info) => (info as DrivingInfo).frame?.data },
  );
  let stepMs = 0;
  const began = performance.now();
  for (let done = 0; done < count; ) {
    await writer.onReset(start);
    let returnSum = 0;
    for (let i = 0; i < transitions.length && done < count; i++, done++) {
      const transition = transitions[i] as Transition;
      const at = performance.now();
      await writer.onStep(transition);
      stepMs += performance.now() - at;
      returnSum += transition.reward;
    }
    await writer.onEnd({ episode: 0, steps: 0, returnSum, terminated: false, truncated: true, info: {} });
  }
  await writer.close();
  const allMs = performance.now() - began;
  return { before, peak: peakMegabytes(), step: stepMs / count, seal: (allMs - stepMs) / count };
}

async function read(target: string): Promise<Cost> {
  const before = peakMegabytes();
  const start = performance.now();
  let count = 0;
  let pixels = 0;
  for await (const row of (await openRecording(target)).transitions()) {
    pixels += (await row.picture?.decode())?.data.length ?? 0;
    count++;
  }
  const step = (performance.now() - start) / count;
  if (pixels !== count * SIZE.width * SIZE.height * 3)
    throw new Error(`Expected a picture per row, got ${pixels} bytes`);
  return { before, peak: peakMegabytes(), step, seal: 0 };
}

/** A minute's drive or less, as the steps that an observer would see. */
async function driveOnce(): Promise<{
  environment: DrivingEnvironment;
  start: EpisodeStart;
  transitions: Transition[];
}> {
  const driver = new ScriptedDriver();
  const environment = new DrivingEnvironment({
    simulator: new EmbeddedSimulator({ camera: { ...SIZE, view: 'bonnet-fixed', panels: false } }),
    options: {
      actions: 'controls',
      rangeFinderAnglesDeg: [...driver.rangeFinderAnglesDeg],
      rawFrames: true,
      offTrackLimit: null,
    },
  });
  const transitions: Transition[] = [];
  let start: EpisodeStart | undefined;
  await runEpisodes({
    environment,
    policy: driver,
    maxSteps: DRIVE_STEPS,
    seed: 1,
    observers: [
      {
        onReset: (begun) => {
          start = begun;
        },
        onStep: (transition) => void transitions.push(transition),
      },
    ],
  });
  if (start === undefined || transitions.length < DRIVE_STEPS) {
    throw new Error(`Expected a drive of ${DRIVE_STEPS} steps, got ${transitions.length}`);
  }
  return { environment, start, transitions };
}
