import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { PictureWay } from '../../../torcs-client/camera/index.ts';
import { PICTURE_WAYS } from '../../../torcs-client/camera/index.ts';
import type { TorcsBuild } from '../../../torcs-client/torcs/build/build-store.ts';
import { TorcsSimulator, type TorcsSimulatorOptions } from '../../../torcs-client/torcs/simulator/index.ts';
import { steadyControls } from '../../../torcs-client/torcs/simulator/steady-driver.ts';
import { listTorcsTracks } from '../../../torcs-client/torcs/tracks.ts';

export interface BenchTorcsOptions {
  /** The game, from `requireTorcs()`. */
  readonly build: TorcsBuild;
  /** Takes one line of text at a time. */
  readonly log: (line: string) => void;
  /** Share of the full amount of work, 0.01 to 1. Default 1. */
  readonly scale?: number;
}

export interface Spread {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface PictureRate {
  readonly way: PictureWay;
  readonly width: number;
  readonly height: number;
  readonly picturesPerS: number;
  /** Every picture was of the tick of the sensors beside it. */
  readonly paired: boolean;
}

export interface Growth {
  readonly resets: number;
  readonly camera: boolean;
  readonly residentMibAfter20: number;
  readonly residentMibAfter: number;
  readonly handlesAfter20: number;
  readonly handlesAfter: number;
  readonly relaunches: number;
}

export interface BenchTorcsResult {
  readonly ticksPerS: number;
  readonly resetToAnotherTrack: Spread;
  readonly pictures: readonly PictureRate[];
  readonly instances: {
    readonly count: number;
    readonly ticksPerSInAll: number;
    /** Every instance drove the very trajectory of a lone one. */
    readonly identical: boolean;
  };
  readonly growth: readonly Growth[];
}

/** Measures the real game through the public API: speed, resets, pictures, many at once, growth. Prints as it goes. */
export async function benchTorcs(options: BenchTorcsOptions): Promise<BenchTorcsResult> {
  const { build, log, scale = 1 } = options;
  const amount = (full: number) => Math.max(1, Math.round(full * scale));
  const ticksPerS = await measureTicks(build, amount(60_000));
  log(`lockstep over UDP              ${ticksPerS.toFixed(0)} ticks/s`);

  const resetToAnotherTrack = await measureResets(build, amount(76));
  const { medianMs, p95Ms, maxMs } = resetToAnotherTrack;
  log(`reset to another track         median ${ms(medianMs)}, 95 % ${ms(p95Ms)}, longest ${ms(maxMs)}`);

  const pictures: PictureRate[] = [];
  for (const [width, height, count] of [
    [64, 64, 1500],
    [640, 480, 300],
  ] as const) {
    for (const way of PICTURE_WAYS) {
      const rate = await measurePictures(build, { width, height, way, count: amount(count) });
      const label = `pictures ${width}x${height}, ${way}`.padEnd(31);
      log(`${label}${rate.picturesPerS.toFixed(0)}/s, paired: ${rate.paired}`);
      pictures.push(rate);
    }
  }

  const instances = await measureInstances(build, 8, amount(4000));
  log(
    `${instances.count} instances at once            ${instances.ticksPerSInAll.toFixed(0)} ticks/s in all, identical: ${instances.identical}`,
  );

  const growth: Growth[] = [];
  for (const camera of [false, true]) {
    const grown = await measureGrowth(build, Math.max(21, amount(200)), camera);
    log(
      `${grown.resets} resets, ${camera ? 'with pictures' : 'no pictures  '}      ` +
        `${grown.residentMibAfter20.toFixed(1)} -> ${grown.residentMibAfter.toFixed(1)} MiB, ` +
        `${grown.handlesAfter20} -> ${grown.handlesAfter} handles, ${grown.relaunches} relaunches`,
    );
    growth.push(grown);
  }
  return { ticksPerS, resetToAnotherTrack, pictures, instances, growth };
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

async function using<Result>(
  options: TorcsSimulatorOptions,
  use: (simulator: TorcsSimulator) => Promise<Result>,
): Promise<Result> {
  const simulator = await TorcsSimulator.launch(options);
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** Drives a number of ticks; a race that ends is followed by the next. */
async function drive(simulator: TorcsSimulator, ticks: number, track: string): Promise<number> {
  let sensors = await simulator.reset({ track });
  const start = performance.now();
  for (let tick = 0; tick < ticks; tick++) {
    sensors = simulator.raceOver ? await simulator.reset({ track }) : await simulator.step(steadyControls(sensors));
  }
  return (performance.now() - start) / 1000;
}

function measureTicks(build: TorcsBuild, ticks: number): Promise<number> {
  return using({ build }, async (simulator) => {
    await drive(simulator, 2000, 'g-track-1');
    return ticks / (await drive(simulator, ticks, 'g-track-1'));
  });
}

function measureResets(build: TorcsBuild, count: number): Promise<Spread> {
  const tracks = listTorcsTracks(build.dataFolder);
  return using({ build }, async (simulator) => {
    const times: number[] = [];
    await simulator.reset();
    for (let i = 0; i < count; i++) {
      const track = tracks[i % tracks.length]?.name ?? 'g-track-1';
      const start = performance.now();
      const sensors = await simulator.reset({ track });
      times.push(performance.now() - start);
      await simulator.step(steadyControls(sensors));
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
    return { medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
  });
}

interface PictureTask {
  readonly width: number;
  readonly height: number;
  readonly way: PictureWay;
  readonly count: number;
}

/** A tick driven for every picture, as an agent that learns from pixels does. */
function measurePictures(build: TorcsBuild, { width, height, way, count }: PictureTask): Promise<PictureRate> {
  return using({ build, camera: { width, height }, pictureWay: way }, async (simulator) => {
    const pixels = new Uint8Array(width * height * 3);
    let sensors = await simulator.reset();
    await simulator.renderCamera(pixels);
    let paired = true;
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      sensors = await simulator.step(steadyControls(sensors));
      const { tick } = await simulator.renderCamera(pixels);
      paired &&= tick === simulator.tick;
    }
    return { way, width, height, picturesPerS: (1000 * count) / (performance.now() - start), paired };
  });
}

async function measureInstances(build: TorcsBuild, count: number, ticks: number) {
  const alone = await using({ build }, (simulator) => trajectory(simulator, ticks));
  const simulators = await Promise.all(Array.from({ length: count }, () => TorcsSimulator.launch({ build })));
  try {
    const start = performance.now();
    const driven = await Promise.all(simulators.map((simulator) => trajectory(simulator, ticks)));
    const seconds = (performance.now() - start) / 1000;
    const identical = driven.every((digest) => digest === alone);
    return { count, ticksPerSInAll: (count * ticks) / seconds, identical };
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  }
}

/** A digest of all that was sensed along a number of ticks. */
async function trajectory(simulator: TorcsSimulator, ticks: number): Promise<string> {
  const hash = createHash('sha256');
  let sensors = await simulator.reset({ track: 'aalborg' });
  for (let tick = 0; tick < ticks && !simulator.raceOver; tick++) {
    hash.update(JSON.stringify(sensors));
    sensors = await simulator.step(steadyControls(sensors));
  }
  return hash.digest('hex');
}

/** Races of a few ticks on tracks in turn; memory and handles after the 20th, when all caches are warm, and the last. */
function measureGrowth(build: TorcsBuild, resets: number, withCamera: boolean): Promise<Growth> {
  const camera = withCamera ? { width: 64, height: 64 } : undefined;
  const tracks = ['g-track-1', 'aalborg', 'dirt-1', 'e-track-2'];
  return using({ build, ...(camera === undefined ? {} : { camera }) }, async (simulator) => {
    const pixels = new Uint8Array(64 * 64 * 3);
    let before = { residentMib: 0, handles: 0 };
    for (let i = 1; i <= resets; i++) {
      let sensors = await simulator.reset({ track: tracks[i % tracks.length] ?? 'g-track-1' });
      if (withCamera) await simulator.renderCamera(pixels);
      for (let tick = 0; tick < 20; tick++) sensors = await simulator.step(steadyControls(sensors));
      if (i === 20) before = usage(simulator.processId);
    }
    const after = usage(simulator.processId);
    return {
      resets,
      camera: withCamera,
      residentMibAfter20: before.residentMib,
      residentMibAfter: after.residentMib,
      handlesAfter20: before.handles,
      handlesAfter: after.handles,
      relaunches: simulator.relaunches,
    };
  });
}

function usage(pid: number | undefined): { residentMib: number; handles: number } {
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return { residentMib: Number(resident) / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
}
