import type { WebSocket } from 'ws';
import { BUFFER_LIMIT } from '../protocol/limits.ts';
import type { Notice, Welcome } from '../protocol/topics.ts';
import { type Board, SLOTS, type Slot } from './board.ts';

/** The part of a WebSocket that sending needs. */
export type Outlet = Pick<WebSocket, 'bufferedAmount' | 'send' | 'close' | 'terminate' | 'ping'>;

/** Notices that wait for a viewer that does not read; older ones are dropped. */
const KEPT_NOTICES = 8;

/**
 * What one viewer has yet to be sent. Of each slot it is sent the newest state only, and nothing while its buffer is
 * full: for one that reads slowly or not at all, no more is kept than the names of slots, a few notices, and
 * {@link BUFFER_LIMIT} bytes and one message in its socket.
 */
export class Viewer {
  readonly number: number;
  readonly controls: boolean;
  /** Whether the last ping was answered. */
  alive = true;
  readonly #outlet: Outlet;
  readonly #board: Board;
  readonly #due = new Set<Slot>(SLOTS);
  readonly #notices: string[] = [];
  #session = -1;
  #rowsSent = 0;

  constructor(outlet: Outlet, board: Board, { viewer, controls }: Pick<Welcome, 'viewer' | 'controls'>) {
    this.number = viewer;
    this.controls = controls;
    this.#outlet = outlet;
    this.#board = board;
  }

  /** Says who it is, and everything that there is. */
  begin(): void {
    const welcome: Welcome = { type: 'welcome', viewer: this.number, controls: this.controls, version: 1 };
    this.#send(JSON.stringify(welcome));
    this.flush();
  }

  /** Something is new. */
  tell(slot: Slot): void {
    this.#due.add(slot);
    this.flush();
  }

  notify(notice: Notice): void {
    this.#notices.push(JSON.stringify(notice));
    if (this.#notices.length > KEPT_NOTICES) this.#notices.shift();
    this.flush();
  }

  /** Sends what is due, as far as the viewer reads. */
  flush(): void {
    while (this.#outlet.bufferedAmount <= BUFFER_LIMIT) {
      const message = this.#next();
      if (message === undefined) return;
      this.#send(message);
    }
  }

  /** Asks for a sign of life. @returns false when the last one never came: the viewer is cut off */
  beat(): boolean {
    if (!this.alive) {
      this.#outlet.terminate();
      return false;
    }
    this.alive = false;
    this.#outlet.ping();
    return true;
  }

  close(code: number, reason: string): void {
    this.#outlet.close(code, reason);
  }

  #next(): string | Buffer | undefined {
    const notice = this.#notices.shift();
    if (notice !== undefined) return notice;
    for (const slot of SLOTS) {
      if (!this.#due.delete(slot)) continue;
      const message = slot === 'telemetry' ? this.#rows() : this.#board.message(slot);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  #rows(): Buffer | undefined {
    const { telemetry } = this.#board;
    if (telemetry.session !== this.#session) {
      this.#session = telemetry.session;
      this.#rowsSent = 0;
    }
    const rows = telemetry.since(this.#rowsSent);
    this.#rowsSent = telemetry.end;
    return rows;
  }

  #send(message: string | Buffer): void {
    // The callback comes when the message has left the buffer, or the connection is gone.
    this.#outlet.send(message, (error) => {
      if (error === undefined || error === null) this.flush();
    });
  }
}
