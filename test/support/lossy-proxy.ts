import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Random } from '../../src/core/random.ts';
import type { Timers } from '../../torcs-client/timers.ts';

export interface Faults {
  /** Probabilities, 0 to 1, of each fault for each datagram. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
}

/** Counts of what happened to the datagrams of one direction. */
export interface FaultCounts {
  passed: number;
  lost: number;
  duplicated: number;
  reordered: number;
}

/** One direction of a bad network: loses, doubles and reorders what goes through, by a seeded stream of chance. */
export class LossyPipe {
  readonly counts: FaultCounts = { passed: 0, lost: 0, duplicated: 0, reordered: 0 };
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #timers: Timers;
  readonly #deliver: (datagram: Buffer) => void;
  /** Held back until others have passed, or a while has gone by. */
  #held: Buffer[] = [];

  constructor(random: Random, faults: Faults, timers: Timers, deliver: (datagram: Buffer) => void) {
    this.#random = random;
    this.#faults = faults;
    this.#timers = timers;
    this.#deliver = deliver;
  }

  send(datagram: Buffer): void {
    const copy = Buffer.from(datagram);
    const [lost, duplicated, reordered] = [this.#random.uniform(), this.#random.uniform(), this.#random.uniform()];
    if (lost < this.#faults.loss) {
      this.counts.lost++;
      return;
    }
    if (duplicated < this.#faults.duplication) {
      this.counts.duplicated++;
      // The copy comes late: after whatever is sent next.
      this.#hold(copy);
    }
    if (reordered < this.#faults.reordering) {
      this.counts.reordered++;
      this.#hold(copy);
      return;
    }
    this.counts.passed++;
    this.#deliver(copy);
    this.#release();
  }

  #hold(datagram: Buffer): void {
    this.#held.push(datagram);
    // Between 1 and 40 ms: some come before the repetition of what they hold up, others long after.
    this.#timers.after(1 + this.#random.below(40), () => {
      if (this.#held.includes(datagram)) {
        this.#held.splice(this.#held.indexOf(datagram), 1);
        this.#deliver(datagram);
      }
    });
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const datagram of held) {
      if (this.#random.uniform() < 0.5) this.#deliver(datagram);
      else this.#held.push(datagram);
    }
  }
}

/** A UDP proxy with faults in both directions, between any number of clients and one server. */
export class LossyProxy {
  /** Datagrams towards the server and towards the clients. */
  readonly upCounts: FaultCounts[] = [];
  readonly downCounts: FaultCounts[] = [];
  readonly #front: Socket;
  readonly #backs: Socket[] = [];
  #closed = false;

  private constructor(front: Socket) {
    this.#front = front;
  }

  static async listen(serverPort: number, random: Random, faults: Faults, timers: Timers): Promise<LossyProxy> {
    const front = dgram.createSocket('udp4');
    const proxy = new LossyProxy(front);
    const routes = new Map<number, LossyPipe>();
    front.on('message', (datagram, { port }) => {
      let up = routes.get(port);
      if (up === undefined) {
        up = proxy.#route(serverPort, port, random.stream(`route ${routes.size}`), faults, timers);
        routes.set(port, up);
      }
      up.send(datagram);
    });
    front.bind(0, '127.0.0.1');
    await once(front, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#front.address() as AddressInfo).port;
  }

  close(): void {
    this.#closed = true;
    this.#front.close();
    for (const back of this.#backs) back.close();
  }

  #route(serverPort: number, clientPort: number, random: Random, faults: Faults, timers: Timers): LossyPipe {
    const back = dgram.createSocket('udp4');
    this.#backs.push(back);
    const guard = (send: () => void) => {
      if (!this.#closed) send();
    };
    const up = new LossyPipe(random.stream('up'), faults, timers, (datagram) =>
      guard(() => back.send(datagram, serverPort, '127.0.0.1')),
    );
    const down = new LossyPipe(random.stream('down'), faults, timers, (datagram) =>
      guard(() => this.#front.send(datagram, clientPort, '127.0.0.1')),
    );
    back.on('message', (datagram) => down.send(datagram));
    this.upCounts.push(up.counts);
    this.downCounts.push(down.counts);
    return up;
  }
}
