import http from 'node:http';
import { WebSocket } from 'ws';

/** A viewer of a test: keeps what it is sent. */
export class LiveClient {
  readonly socket: WebSocket;
  readonly texts: Record<string, unknown>[] = [];
  readonly binaries: Buffer[] = [];
  readonly closed: Promise<number>;
  #changed: (() => void)[] = [];

  constructor(port: number, token?: string, headers: Readonly<Record<string, string>> = {}) {
    const query = token === undefined ? '' : `?token=${token}`;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/live${query}`, { headers });
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.binaries.push(data);
      else this.texts.push(JSON.parse(data.toString()) as Record<string, unknown>);
      for (const look of this.#changed.splice(0)) look();
    });
    this.socket.on('error', () => undefined);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message));
  }

  /** Waits for the newest text of a type, one that `fits`. */
  async text(type: string, fits: (message: Record<string, unknown>) => boolean = () => true) {
    for (;;) {
      const message = this.texts.findLast((one) => one['type'] === type && fits(one));
      if (message !== undefined) return message;
      await this.#change();
    }
  }

  /** Waits for a binary message of a kind that is not there yet. @returns the first new one */
  async nextBinary(kind: number): Promise<Buffer> {
    const seen = this.binaries.length;
    for (;;) {
      const message = this.binaries.slice(seen).find((one) => one[0] === kind);
      if (message !== undefined) return message;
      await this.#change();
    }
  }

  /** How the server answered the wish to look on. */
  async answer(): Promise<number> {
    return new Promise((resolve) => {
      this.socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        this.socket.terminate();
      });
      this.socket.on('open', () => resolve(101));
    });
  }

  #change(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#changed.push(resolve);
      void this.closed.then((code) => reject(new Error(`Expected a message, got the end with code ${code}`)));
    });
  }
}

/** Asks for a file with any headers. */
export function request(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = http.request({ port, path, host: '127.0.0.1', agent: false, ...options }, async (response) => {
      let body = '';
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    asked.on('error', reject);
    asked.end();
  });
}
