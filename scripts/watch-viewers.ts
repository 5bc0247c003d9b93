import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { EpisodeObserver } from '../src/core/index.ts';
import { median } from '../src/core/median.ts';
import { runEpisodes } from '../src/training/loop.ts';
import { openWatchedDrive } from './support/watched-drive.ts';

/**
 * Prints what viewers of the live page cost a driver: its rate without the page, with the page and nobody looking, and
 * with 50 viewers, one of which reads nothing. The scripted driver laps the embedded simulator as fast as it goes, which
 * is the hardest case: at real time nobody would notice. The viewers are another process, which shares the machine. One
 * drive goes through the three in turn, a window each, and each round gives a ratio: what else the machine does falls on
 * all alike.
 *
 * Run: npx tsx scripts/watch-viewers.ts [ROUNDS]
 */

const VIEWERS = 50;
const WINDOW_MS = 1500;
/** After each change, until sockets are open and what is compiled is compiled. */
const SETTLE_MS = 300;
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
else await measure(Number(process.argv[2] ?? 15));

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
  const { environment, policy, watching, close } = await openWatchedDrive({ title: 'viewers', speed: 0 });
  const abort = new AbortController();
  const state = { ticks: 0, isShown: true };
  // Without the page its observers are not asked.
  const shown = watching.observers.map(
    (observer): EpisodeObserver => ({
      onReset: (start) => observer.onReset?.(start),
      onStep: (transition) => (state.isShown ? observer.onStep?.(transition) : undefined),
    }),
  );
  const counter: EpisodeObserver = { onStep: () => void state.ticks++ };
  const drive = runEpisodes({ environment, policy, observers: [counter, ...shown], signal: abort.signal });
  const rates = { bare: [] as Rate[], nobody: [] as Rate[], viewers: [] as Rate[] };
  // The first round, in which much is compiled, does not count.
  for (let round = 0; round <= rounds; round++) {
    state.isShown = false;
    const bare = await rateOf(state);
    state.isShown = true;
    const nobody = await rateOf(state);
    const opened = once(child, 'message');
    child.send(watching.dashboard.port);
    await opened;
    const viewers = await rateOf(state);
    const megabytes = (await leave(child)) / 1e6 / ((WINDOW_MS + SETTLE_MS) / 1000);
    if (round === 0) continue;
    rates.bare.push(bare);
    rates.nobody.push(nobody);
    rates.viewers.push({ ...viewers, megabytes });
  }
  abort.abort();
  await drive;
  child.disconnect();
  await close();
  print(rates);
}

function print(rates: Readonly<Record<'bare' | 'nobody' | 'viewers', readonly Rate[]>>): void {
  console.log(
    `medians of ${rates.bare.length} rounds of ${WINDOW_MS / 1000} s; costs are medians of the rounds' ratios`,
  );
  console.log(`${''.padEnd(24)}${'ticks/s'.padEnd(26)} ticks/s of the driving thread's time`);
  for (const [name, of] of [
    ['without the page', rates.bare],
    ['the page, nobody looks', rates.nobody],
    [`${VIEWERS} viewers, one asleep`, rates.viewers],
  ] as const) {
    const columns = (['wall', 'own'] as const).map((kind) => {
      const cost = median(of.map((rate, round) => 1 - rate[kind] / rates.bare[round]![kind])) * 100;
      return `${String(Math.round(median(of.map((rate) => rate[kind])))).padStart(6)} (costs ${cost.toFixed(1)} %)`.padEnd(
        26,
      );
    });
    console.log(`${name.padEnd(24)}${columns.join(' ')}`.trimEnd());
  }
  console.log(`${median(rates.viewers.map(({ megabytes }) => megabytes)).toFixed(1)} MB/s sent to the viewers`);
}

/** The rate of the drive in the next window. */
async function rateOf(state: { readonly ticks: number }): Promise<Rate> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const [ticks, startedMs, startedS] = [state.ticks, performance.now(), threadTimeS()];
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const driven = state.ticks - ticks;
  const elapsedS = (performance.now() - startedMs) / 1000;
  return { wall: driven / elapsedS, own: driven / (threadTimeS() - startedS), megabytes: 0 };
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
