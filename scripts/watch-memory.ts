/**
 * Shows a long drive on the live page to viewers who come and go, one of whom reads nothing, and prints resident memory
 * after each five simulated minutes; memory that grows from the second line on would be a leak:
 *
 *     npx tsx scripts/watch-memory.ts [--minutes 60] [--speed 10]
 *
 * The viewers are another process.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import type { EpisodeObserver } from '../src/core/index.ts';
import { runEpisodes } from '../src/training/loop.ts';
import { collectGarbage } from './support/garbage.ts';
import { residentMib } from './support/resident.ts';
import { openWatchedDrive } from './support/watched-drive.ts';

const REPORT_S = 300;
/** One of them reads nothing, and is sent away with the others. */
const VIEWERS = 3;
/** Wall clock after which they leave and others come. */
const STAY_MS = 5000;
const TICK_S = 0.02;

if (process.send !== undefined) await viewersProcess();
else await measure();

async function viewersProcess(): Promise<void> {
  process.on('disconnect', () => process.exit());
  const [port] = (await once(process, 'message')) as [number];
  let [seen, comings] = [0, 0];
  process.on('message', () => process.send?.({ seen, comings }));
  for (;;) {
    comings += VIEWERS;
    const sockets = Array.from({ length: VIEWERS }, () => new WebSocket(`ws://127.0.0.1:${port}/live`));
    for (const [index, socket] of sockets.entries()) {
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        seen += data.length;
        if (index === 0) socket.pause();
      });
    }
    await new Promise((resolve) => setTimeout(resolve, STAY_MS));
    for (const socket of sockets) socket.terminate();
  }
}

async function measure(): Promise<void> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '60' }, speed: { type: 'string', default: '10' } },
  });
  const seconds = Number(values.minutes) * 60;
  const { environment, policy, watching, close } = await openWatchedDrive({
    title: 'memory',
    speed: Number(values.speed),
  });
  const child = fork(fileURLToPath(import.meta.url), [], { execArgv: ['--import=tsx'] });
  child.send(watching.dashboard.port);
  const abort = new AbortController();
  let ticks = 0;
  const reporter: EpisodeObserver = {
    onStep() {
      ticks++;
      const timeS = ticks * TICK_S;
      if (ticks % (REPORT_S / TICK_S) === 0) {
        collectGarbage();
        const { heapUsed } = process.memoryUsage();
        const [resident, heap] = [residentMib('self'), heapUsed / 2 ** 20].map((size) => size.toFixed(1));
        console.log(`${(timeS / 60).toFixed(0)} min: ${resident} MiB resident, ${heap} MiB heap`);
      }
      if (timeS >= seconds) abort.abort();
    },
  };
  const started = performance.now();
  await runEpisodes({ environment, policy, observers: [reporter, ...watching.observers], signal: abort.signal });
  const wallS = (performance.now() - started) / 1000;
  const answered = once(child, 'message');
  child.send('tell');
  const [{ seen, comings }] = (await answered) as [{ seen: number; comings: number }];
  console.log(
    `${ticks} ticks in ${wallS.toFixed(1)} s, ${(seen / 1e6).toFixed(0)} MB seen by ${comings} viewers who came and went`,
  );
  child.disconnect();
  await close();
}
