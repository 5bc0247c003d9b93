/**
 * Feeds fuzzed datagrams to the SCR server's and client's handling of datagrams and prints what came of them, and how
 * much memory the process had before and after.
 *
 *     npx tsx scripts/fuzz-scr.ts [COUNT] [SEED]
 */
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '../src/core/random.ts';
import { ClientSession } from '../torcs-client/client/session.ts';
import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../torcs-client/controls.ts';
import {
  checkControls,
  formatControls,
  formatInit,
  formatSensors,
  formatSpecial,
} from '../torcs-client/messages/index.ts';
import { parseOptions } from '../torcs-client/options.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG, type Sensors } from '../torcs-client/sensors.ts';
import { CarLink } from '../torcs-client/server/car-link.ts';
import { linkOptionsSchema } from '../torcs-client/server/options.ts';
import type { Timers } from '../torcs-client/timers.ts';

/** What came of the datagrams of one side. */
export interface FuzzReport {
  /** Datagrams that were fed in. */
  readonly datagrams: number;
  /** Of those, how many the side counted as unreadable or not meant for it. */
  readonly dropped: number;
  /** How many moved the race on. */
  readonly acted: number;
  /** How many the side sent; never more than it got and was asked to send. */
  readonly sent: number;
  readonly rssBeforeMiB: number;
  readonly rssAfterMiB: number;
}

const SESSION = 1234567;
/** Readings of the memory begin after this many datagrams: code is compiled and buffers are grown by then. */
const WARM_UP = 0.1;
const BATCH = 16;
const MIB = 2 ** 20;

const SENSORS: Sensors = {
  ...{ angle: 0.01, curLapTime: 1.5, damage: 0, distFromStart: 100.5, distRaced: 100.5, fuel: 93.5, gear: 2 },
  ...{ lastLapTime: 0, racePos: 1, rpm: 5000, speedX: 55.5, speedY: 0, speedZ: 0, trackPos: 0.25, z: 0.345263 },
  focus: [-1, -1, -1, -1, -1],
  opponents: new Array<number>(36).fill(200),
  track: Array.from({ length: 19 }, (_, i) => 4.5 + i),
  wheelSpinVel: [50.5, 50.5, 51, 51],
  extra: {},
};

/** Time that stands still: nothing is repeated on its own, and what waits for arrived datagrams runs after each batch. */
class StillTimers implements Timers {
  #arrived: (() => void)[] = [];

  now(): number {
    return 0;
  }

  after(): () => void {
    return () => undefined;
  }

  afterArrived(callback: () => void): void {
    this.#arrived.push(callback);
  }

  flush(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const callback of arrived) callback();
  }
}

/** Random bytes, or one of the seeds with bytes changed, cut, doubled, or other seeds put in. */
function fuzzed(random: Random, seeds: readonly Buffer[]): Buffer {
  const kind = random.uniform();
  if (kind < 0.02) return Buffer.alloc(0);
  if (kind < 0.1) return randomBytes(random, random.below(300));
  if (kind < 0.101) return randomBytes(random, random.below(65_508));
  const datagram = Buffer.from(random.pick(seeds));
  if (kind < 0.2) return datagram;
  if (kind < 0.35) return datagram.subarray(0, random.below(datagram.length + 1));
  if (kind < 0.5) return Buffer.concat([datagram, random.pick(seeds)]);
  if (kind < 0.65) {
    const [from, to] = [random.below(datagram.length), random.below(datagram.length)];
    return Buffer.concat([datagram.subarray(0, to), datagram.subarray(from), datagram.subarray(to)]);
  }
  for (let change = random.below(8); change >= 0; change--) {
    const at = random.below(datagram.length);
    datagram[at] =
      random.uniform() < 0.5 ? random.below(256) : random.pick(Buffer.from('()0123456789.-+eE \0naif*').toJSON().data);
  }
  return datagram;
}

function randomBytes(random: Random, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = random.below(256);
  return bytes;
}

interface Subject {
  receive(datagram: Buffer): void;
  readonly dropped: number;
}

async function feed(subject: Subject, seeds: () => Buffer[], timers: StillTimers, count: number, random: Random) {
  let rssBefore = 0;
  for (let done = 0; done < count; done += BATCH) {
    if (rssBefore === 0 && done >= WARM_UP * count) rssBefore = process.memoryUsage.rss();
    const batchSeeds = seeds();
    for (let i = Math.min(BATCH, count - done); i > 0; i--) subject.receive(fuzzed(random, batchSeeds));
    timers.flush();
    await turn();
  }
  return { rssBeforeMiB: rssBefore / MIB, rssAfterMiB: process.memoryUsage.rss() / MIB };
}

const inits = (session: number) => [
  formatInit({ rangeFinderAnglesDeg: DEFAULT_RANGE_FINDER_ANGLES_DEG }),
  formatInit({ rangeFinderAnglesDeg: DEFAULT_RANGE_FINDER_ANGLES_DEG, session }),
];

/** The server: a car whose driver and a stranger send fuzzed answers; every answer that counts must be drivable. */
export async function fuzzServer(count: number, random: Random): Promise<FuzzReport> {
  const timers = new StillTimers();
  let [acted, sent, dropped, tick, over] = [0, 0, 0, 0, false];
  const link = new CarLink({
    ...parseOptions(linkOptionsSchema, { timers }),
    extension: true,
    send: () => {
      sent++;
    },
    onTakeover: () => undefined,
    onDrop: () => {
      dropped++;
    },
  });
  const identified = link.identify();
  link.receive(inits(SESSION)[1]!, 'driver', 1);
  await identified;
  link.begin();
  const race = (async () => {
    while (!over) {
      const answer = await link.exchange(SENSORS, tick);
      if (typeof answer === 'string') return;
      checkControls(answer);
      acted++;
      tick++;
    }
  })();
  const controls: Controls = {
    accel: 0.5,
    brake: 0,
    clutch: 0,
    gear: 2,
    steer: -0.25,
    focus: NO_FOCUS,
    restart: false,
  };
  const seeds = () => [
    ...inits(SESSION),
    formatControls(controls),
    formatControls(controls, { session: SESSION, tick }),
    formatControls(controls, { session: SESSION, tick: tick + 1 }),
    Buffer.from('(accel nan)(brake inf)(gear 99999999999)(steer 1e999)(focus -90 -45 0 45 90)(meta 0)'),
  ];
  const receive = (datagram: Buffer) => link.receive(datagram, random.uniform() < 0.8 ? 'driver' : 'stranger', 1);
  const memory = await feed({ receive, dropped }, seeds, timers, count, random);
  over = true;
  link.close();
  await race;
  return { datagrams: count, dropped, acted, sent, ...memory };
}

/** The client: a driver who gets fuzzed states and words, drives on each that counts and joins again after an end. */
export async function fuzzClient(count: number, random: Random): Promise<FuzzReport> {
  const timers = new StillTimers();
  let [acted, sent, tick, session, over] = [0, 0, 0, SESSION, false];
  const client = new ClientSession({ timers, drawSession: () => ++session }, 'the server', () => {
    sent++;
  });
  const drive = (async () => {
    while (!over) {
      try {
        tick = 0;
        await client.start();
        acted++;
        for (;;) {
          const event = await client.exchange(DEFAULT_CONTROLS);
          if (event.kind !== 'state') break;
          acted++;
          tick++;
        }
      } catch (error) {
        const { code } = error as { code?: string };
        // A state that lacks keys ends a session, as does a word of farewell before the first state.
        if (code !== 'ERR_SCR_MESSAGE' && code !== 'ERR_RACE_OVER' && code !== 'ERR_SCR_CLOSED') throw error;
      }
    }
  })();
  const seeds = () => [
    formatSpecial('identified'),
    formatSpecial('identified', session),
    formatSpecial('restart', session),
    formatSpecial('shutdown'),
    formatSensors(SENSORS),
    formatSensors(SENSORS, { session, tick: 0 }),
    formatSensors(SENSORS, { session, tick: tick + 1 }),
    formatSensors({ ...SENSORS, extra: { yaw: [0.5], x: [1] } }, { session, tick }),
  ];
  const memory = await feed(
    { receive: (datagram) => client.receive(datagram), dropped: 0 },
    seeds,
    timers,
    count,
    random,
  );
  over = true;
  client.close();
  await drive;
  return { datagrams: count, dropped: client.malformedCount, acted, sent, ...memory };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] ?? 1_000_000);
  const random = new Random(Number(process.argv[3] ?? 1));
  console.log('server', await fuzzServer(count / 2, random.stream('server')));
  console.log('client', await fuzzClient(count / 2, random.stream('client')));
}
