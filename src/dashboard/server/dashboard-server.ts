import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type Clock, systemClock } from '../../core/clock.ts';
import { systemCode } from '../../core/errors.ts';
import { DashboardUnavailableError } from '../errors.ts';
import type { CheckedDashboardOptions } from '../options.ts';
import { type ClientMessage, parseClientMessage } from '../protocol/client-message.ts';
import { CLOSE, LARGEST_MESSAGE, MESSAGE_BURST, MESSAGES_PER_SECOND } from '../protocol/limits.ts';
import type { Notice, StateTopic } from '../protocol/topics.ts';
import { Board, type Slot } from './board.ts';
import { Guard } from './guard.ts';
import { RateLimit } from './rate-limit.ts';
import { answerRequest, loadStaticFiles, refuse } from './static-files.ts';
import { Viewer } from './viewer.ts';

export interface DashboardServerParts extends CheckedDashboardOptions {
  /** Gets what viewers with the token say. */
  readonly onCommand: (viewer: number, message: ClientMessage) => void;
  /** A viewer came or went. `left`: the number of the one that went. */
  readonly onViewers: (count: number, left?: number) => void;
  readonly clock?: Clock;
}

const TOO_MANY = { violation: { code: CLOSE.policy, reason: 'expected fewer messages' } } as const;
/** Slowest sending of a request's head that is waited for, ms. */
const HEAD_TIMEOUT_MS = 5000;

/** Serves the page and its live connections: what is published goes to every viewer, as far as each reads. */
export class DashboardServer {
  readonly port: number;
  readonly token: string;
  readonly #parts: DashboardServerParts;
  readonly #http: http.Server;
  readonly #sockets: WebSocketServer;
  readonly #guard: Guard;
  readonly #board = new Board();
  readonly #viewers = new Map<number, Viewer>();
  readonly #beat: NodeJS.Timeout;
  #nextViewer = 1;

  private constructor(parts: DashboardServerParts, server: http.Server, guard: Guard) {
    this.#parts = parts;
    this.#http = server;
    this.#guard = guard;
    this.port = (server.address() as AddressInfo).port;
    this.token = guard.token;
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#beat = setInterval(() => this.beat(), parts.heartbeatMs);
    this.#beat.unref();
  }

  /** @throws {@link DashboardUnavailableError} when the address cannot be listened at */
  static async listen(parts: DashboardServerParts): Promise<DashboardServer> {
    const { host, port, token = randomBytes(24).toString('base64url') } = parts;
    const guard = new Guard(host, token);
    const files = loadStaticFiles();
    const server = http.createServer(
      { headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: HEAD_TIMEOUT_MS, maxHeaderSize: 8192 },
      (request, response) => {
        const admission = guard.admitRequest(request);
        if (admission.admitted) answerRequest(files, request, response);
        else refuse(response, admission.status, admission.reason);
      },
    );
    server.maxConnections = 2 * parts.mostViewers + 64;
    try {
      server.listen(port, host);
      await once(server, 'listening');
    } catch (error) {
      throw new DashboardUnavailableError(host, port, systemCode(error) ?? String(error));
    }
    return new DashboardServer(parts, server, guard);
  }

  get viewerCount(): number {
    return this.#viewers.size;
  }

  publish(topic: StateTopic): void {
    this.#tell(this.#board.publish(topic));
  }

  showPicture(slot: 'camera' | 'eyes', message: Buffer): void {
    this.#board.showPicture(slot, message);
    this.#tell(slot);
  }

  /** @param rows of the session's telemetry; those of another session come too late and are dropped */
  addRows(session: number, rows: Float32Array): void {
    if (session !== this.#board.telemetry.session) return;
    this.#board.telemetry.add(rows);
    this.#tell('telemetry');
  }

  /** @param viewer whom to tell; left out: everyone */
  notify(notice: Notice, viewer?: number): void {
    const whom = viewer === undefined ? [...this.#viewers.values()] : [this.#viewers.get(viewer)];
    for (const one of whom) one?.notify(notice);
  }

  /** Asks every viewer for a sign of life, and cuts off those that did not answer the last time. */
  beat(): void {
    for (const viewer of this.#viewers.values()) viewer.beat();
  }

  /** Says goodbye to everyone and stops listening. Safe to call twice. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    if (!this.#http.listening) return;
    const closed = once(this.#http, 'close');
    for (const viewer of this.#viewers.values()) viewer.close(CLOSE.goingAway, 'the program ended');
    this.#http.close();
    this.#http.closeIdleConnections();
    // One that reads nothing does not say goodbye either.
    const impatience = setTimeout(() => this.#cutOff(), 500);
    await closed;
    clearTimeout(impatience);
  }

  #cutOff(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
  }

  #tell(slot: Slot): void {
    for (const viewer of this.#viewers.values()) viewer.tell(slot);
  }

  #upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const admission = this.#guard.admitViewer(request);
    if ((request.url ?? '').split('?')[0] !== '/live') refuseUpgrade(socket, 404, 'Not Found');
    else if (!admission.admitted) refuseUpgrade(socket, admission.status, admission.reason);
    else if (this.#viewers.size >= this.#parts.mostViewers) refuseUpgrade(socket, 503, 'Too many viewers');
    else this.#sockets.handleUpgrade(request, socket, head, (live) => this.#welcome(live, admission.controls));
  }

  #welcome(socket: WebSocket, controls: boolean): void {
    const { clock = systemClock, onViewers, onCommand } = this.#parts;
    const number = this.#nextViewer++;
    const limit = new RateLimit(MESSAGES_PER_SECOND, MESSAGE_BURST, clock.now());
    // What is too long, or no UTF-8, `ws` closes itself, with 1009 and 1007; the error only says so.
    socket.on('error', () => undefined);
    const viewer = new Viewer(socket, this.#board, { viewer: number, controls });
    this.#viewers.set(number, viewer);
    socket.on('pong', () => {
      viewer.alive = true;
    });
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (socket.readyState !== socket.OPEN) return;
      const parsed = limit.take(clock.now()) ? parseClientMessage(data as Buffer, isBinary) : TOO_MANY;
      if ('violation' in parsed) socket.close(parsed.violation.code, parsed.violation.reason);
      else if (!controls) socket.close(CLOSE.policy, 'expected the token of the printed address');
      else onCommand(number, parsed.message);
    });
    socket.on('close', () => {
      this.#viewers.delete(number);
      onViewers(this.#viewers.size, number);
    });
    onViewers(this.#viewers.size);
    viewer.begin();
  }
}

function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
