import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { composeDriver } from '../src/cli/compose/driver.ts';
import { composeSimulator, type SimulatorSettings } from '../src/cli/compose/simulator.ts';
import { lookOn } from '../src/cli/watch/look-on.ts';
import { pictureSource } from '../src/cli/watch/picture-source.ts';
import type { EpisodeObserver } from '../src/core/index.ts';
import { runEpisodes } from '../src/training/loop.ts';

/**
 * Prints what viewers of the live page cost a driver: its rate without the page, with the page and nobody looking, and
 * with 50 viewers, one of which reads nothing. The scripted driver laps the embedded simulator as fast as it goes, which
 * is the hardest case: at real time nobody would notice. The viewers are another process, which shares the machine.
 *
 * Run: npx tsx scripts/watch-viewers.ts [ROUNDS]
 */

const VIEWERS = 50;
const WINDOW_MS = 3000;
const self = fileURLToPath(import.meta.url);

interface Rate {
  /** Ticks a second of the wall clock. */
  readonly wall: number;
  /**
   * Ticks a second of the driving thread's own processor time (proc(5), in hundredths of a second): what is left when
   * other processes, the viewers' too, take the processors. NaN where there is no such file.
   */
  readonly own: number;
  /** Sent to the viewers, MB/s. */
  readonly megabytes: number;
}

if (process.send !== undefined) await viewersProcess();
else await measure(Number(process.argv[2] ?? 5));

/** Reads and drops what it is sent; the first viewer stops reading as soon as it is welcomed. */
async function viewersProcess(): Promise<void> {
  let sockets: WebSocket[] = [];
  let bytes = 0;
  process.on('message', async (port: number | 'leave') => {
    if (port === 'leave') {
      for (const socket of sockets) socket.terminate();
      process.send?.({ bytes });
      return;
    }
    bytes = 0;
    sockets = Array.from({ length: VIEWERS }, () => new WebSocket(`ws://127.0.0.1:${port}/live`));
    for (const [index, socket] of sockets.entries()) {
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        bytes += data.length;
        if (index === 0) socket.pause();
      });
    }
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    process.send?.('watching');
  });
  await once(process, 'disconnect');
  process.exit();
}

async function measure(rounds: number): Promise<void> {
  const child = fork(self, [], { execArgv: ['--import=tsx'] });
  const rates = { bare: [] as Rate[], nobody: [] as Rate[], viewers: [] as Rate[] };
  // What is compiled while it runs is compiled by then.
  for (const who of [undefined, 'viewers'] as const) await rateOf(who, child);
  // In turn, so that what else the machine does falls on all alike.
  for (let round = 1; round <= rounds; round++) {
    rates.bare.push(await rateOf(undefined, child));
    rates.nobody.push(await rateOf('nobody', child));
    rates.viewers.push(await rateOf('viewers', child));
    const shown = Object.values(rates).map((of) => `${Math.round(of.at(-1)!.wall)} (${Math.round(of.at(-1)!.own)})`);
    console.error(`round ${round}: ${shown.join(', ')}`);
  }
  child.disconnect();
  console.log(`medians of ${rounds} rounds of ${WINDOW_MS / 1000} s, in turn:`);
  console.log('                        ticks/s of the wall clock | ticks/s of the driving thread');
  for (const [name, of] of [
    ['without the page', rates.bare],
    ['the page, nobody looks', rates.nobody],
    [`${VIEWERS} viewers, one asleep`, rates.viewers],
  ] as const) {
    const columns = (['wall', 'own'] as const).map((kind) => {
      const rate = median(of.map((one) => one[kind]));
      const cost = (1 - rate / median(rates.bare.map((one) => one[kind]))) * 100;
      return `${String(Math.round(rate)).padStart(7)} (costs ${cost.toFixed(1)} %)`.padEnd(25);
    });
    console.log(`${name.padEnd(24)}${columns.join(' | ')}`);
  }
  console.log(`${median(rates.viewers.map(({ megabytes }) => megabytes)).toFixed(1)} MB/s sent to the viewers`);
}

/** A drive's rate while so many look on. */
async function rateOf(who: 'nobody' | 'viewers' | undefined, child: ChildProcess): Promise<Rate> {
  const settings: SimulatorSettings = { choice: { kind: 'embedded' }, track: 'willow-park' };
  const driver = await composeDriver('scripted');
  const simulator = await composeSimulator(settings);
  const { environment, policy } = await driver.compose(simulator, 0, {
    laps: null,
    timeLimitS: null,
    noProgress: null,
  });
  const watching =
    who === undefined
      ? undefined
      : await lookOn({
          choice: { port: 0 },
          mode: 'drive',
          title: 'viewers',
          driver: 'scripted',
          environment,
          stack: 1,
          source: pictureSource(simulator, settings, 'behind'),
          speed: 0,
          log: () => undefined,
        });
  try {
    if (who === 'viewers') {
      const watchingNow = once(child, 'message');
      child.send(watching!.dashboard.port);
      await watchingNow;
    }
    const abort = new AbortController();
    let ticks = 0;
    const counter: EpisodeObserver = { onStep: () => void ticks++ };
    const drive = runEpisodes({
      environment,
      policy,
      observers: [counter, ...(watching?.observers ?? [])],
      signal: abort.signal,
    });
    // The first second warms up: compilers, the cameras of viewers.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [ticksBefore, startedMs, startedS] = [ticks, performance.now(), threadTimeS()];
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const [driven, elapsedMs, ownS] = [ticks - ticksBefore, performance.now() - startedMs, threadTimeS() - startedS];
    abort.abort();
    await drive;
    const megabytes = who === 'viewers' ? (await leave(child)) / 1e6 / ((elapsedMs + 1000) / 1000) : 0;
    return { wall: (driven * 1000) / elapsedMs, own: driven / ownS, megabytes };
  } finally {
    await watching?.close();
    await environment.close();
    await driver.dispose();
  }
}

/** Sends the viewers away. @returns bytes that they were sent */
async function leave(child: ChildProcess): Promise<number> {
  const left = once(child, 'message');
  child.send('leave');
  return ((await left)[0] as { bytes: number }).bytes;
}

/** Processor time of this process's first thread, s. */
function threadTimeS(): number {
  const file = `/proc/self/task/${process.pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const text = readFileSync(file, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
