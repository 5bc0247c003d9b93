import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { TorcsPilotError } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import { startWorker } from '../core/worker.ts';
import { DashboardFailedError } from './errors.ts';
import { type DashboardOptions, dashboardOptionsSchema } from './options.ts';
import type { ClientMessage } from './protocol/client-message.ts';
import type { Notice, StateTopic } from './protocol/topics.ts';
import type { RawPicture } from './server/picture-encoder.ts';
import { COUNTER, type ThreadOrder, type ThreadReport, type ThreadStart } from './server/thread-messages.ts';

/** What a dashboard tells its owner. */
export interface DashboardListener {
  /** A viewer with the token says something. */
  onCommand?(viewer: number, message: ClientMessage): void;
  /** Somebody looks who has seen nothing yet. */
  onJoined?(): void;
  /** A viewer is gone. */
  onLeft?(viewer: number): void;
  /** Something that a person at the terminal should know; the page's failure too, which ends nothing else. */
  onProblem?(text: string): void;
}

/** Orders under way to the serving thread; while so many are, pictures and rows are skipped. */
const MOST_PICTURES_UNDER_WAY = 2;
const MOST_ROWS_UNDER_WAY = 16;

/**
 * The live page, served by a thread of its own. What is published is taken at once or, when the thread is behind, not at
 * all: neither viewers nor the thread can hold up who drives. Nothing here throws once it is open.
 */
export class Dashboard {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly #worker: Worker;
  readonly #counters: Int32Array;
  #picturesSent = 0;
  #rowsSent = 0;
  #session = 0;
  #ended = false;
  #closing: Promise<void> | undefined;

  private constructor(worker: Worker, counters: Int32Array, at: { host: string; port: number; token: string }) {
    this.#worker = worker;
    this.#counters = counters;
    this.host = at.host;
    this.port = at.port;
    this.token = at.token;
  }

  /** @throws DashboardUnavailableError when the address is taken; InvalidArgumentError for options that do not fit */
  static async open(options: DashboardOptions = {}, listener: DashboardListener = {}): Promise<Dashboard> {
    const checked = parseOptions(dashboardOptionsSchema, options, 'dashboard options');
    const counters = new SharedArrayBuffer(COUNTER.count * Int32Array.BYTES_PER_ELEMENT);
    const worker = startWorker(new URL('./server/server-thread.ts', import.meta.url), {
      workerData: { options: checked, counters } satisfies ThreadStart,
    });
    const [first] = (await once(worker, 'message')) as [ThreadReport];
    if (first.kind === 'unavailable') throw new TorcsPilotError(first.code, first.message);
    if (first.kind !== 'listening') throw new DashboardFailedError();
    const { port, token } = first;
    const dashboard = new Dashboard(worker, new Int32Array(counters), { host: checked.host, port, token });
    dashboard.#listen(listener);
    return dashboard;
  }

  /** The page's address, with the token that lets control. Browsers do not send what follows `#`. */
  get url(): string {
    const name = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `http://${name}:${this.port}/#token=${this.token}`;
  }

  /** Who looks at present. */
  get viewers(): number {
    return Atomics.load(this.#counters, COUNTER.viewers);
  }

  /** Whether a picture would be looked at now: somebody is there, and the last ones were taken. */
  get wantsPicture(): boolean {
    const underWay = this.#picturesSent - Atomics.load(this.#counters, COUNTER.picturesTaken);
    return !this.#ended && this.viewers > 0 && underWay < MOST_PICTURES_UNDER_WAY;
  }

  publish(topic: StateTopic): void {
    if (topic.type === 'session') this.#session = topic.id;
    this.#post({ kind: 'topic', topic });
  }

  /** @param picture its memory moves to the other thread when it is alone in its buffer: it must not be used again */
  showPicture(picture: RawPicture): void {
    if (!this.wantsPicture) return;
    this.#picturesSent++;
    const { buffer, byteLength } = picture.data;
    const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    this.#post({ kind: 'picture', picture }, whole ? [buffer] : []);
  }

  /** @param rows whole rows of the session's channels; dropped when the thread is behind */
  addRows(rows: Float32Array): void {
    const underWay = this.#rowsSent - Atomics.load(this.#counters, COUNTER.rowsTaken);
    if (underWay >= MOST_ROWS_UNDER_WAY) return;
    this.#rowsSent++;
    this.#post({ kind: 'rows', session: this.#session, rows });
  }

  /** @param viewer whom to tell; left out: everyone */
  notify(level: Notice['level'], text: string, viewer?: number): void {
    this.#post({ kind: 'notice', notice: { type: 'notice', level, text }, viewer });
  }

  /** Says goodbye to the viewers and ends the thread. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ended) return;
    const exit = once(this.#worker, 'exit');
    this.#post({ kind: 'close' });
    this.#ended = true;
    await exit;
  }

  #post(order: ThreadOrder, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.#ended) this.#worker.postMessage(order, transfer);
  }

  #listen({ onCommand, onJoined, onLeft, onProblem }: DashboardListener): void {
    this.#worker.on('message', (report: ThreadReport) => {
      if (report.kind === 'command') onCommand?.(report.viewer, report.message);
      else if (report.kind === 'problem') onProblem?.(report.text);
      else if (report.kind !== 'viewers') return;
      else if (report.left === undefined) onJoined?.();
      else onLeft?.(report.left);
    });
    this.#worker.on('error', (error) => onProblem?.(String(error)));
    this.#worker.on('exit', () => {
      if (!this.#ended) onProblem?.(new DashboardFailedError().message);
      this.#ended = true;
    });
  }
}
