import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** What a request may do. */
export type Admission =
  | { readonly admitted: true; readonly controls: boolean }
  | { readonly admitted: false; readonly status: 400 | 401 | 403; readonly reason: string };

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Lets in who may look, and says who may control.
 *
 * - `Host` must name this machine as one who was given the address would: a page of somebody else's whose name was bent to
 *   this address (DNS rebinding) carries that name. Addresses in numbers cannot be bent.
 * - `Origin`, where there is one, must be this page itself: browsers send it with every WebSocket, other programs do not.
 * - The token makes a viewer one who controls. Looking on goes without it on the loopback only.
 */
export class Guard {
  readonly token: string;
  readonly #host: string;
  readonly #token: Buffer;

  /** @param host address that the server listens at */
  constructor(host: string, token: string) {
    this.token = token;
    this.#host = host;
    this.#token = Buffer.from(token);
  }

  /** A request for a file of the page. They hold nothing that anyone could not have. */
  admitRequest(request: Pick<IncomingMessage, 'headers'>): Admission {
    if (!this.#isOurName(request.headers.host)) {
      return { admitted: false, status: 400, reason: 'Expected this machine as Host, got another name' };
    }
    return { admitted: true, controls: false };
  }

  /** A request to become a viewer. */
  admitViewer(request: Pick<IncomingMessage, 'headers' | 'url'>): Admission {
    const admission = this.admitRequest(request);
    if (!admission.admitted) return admission;
    const { origin, host } = request.headers;
    if (origin !== undefined && origin !== `http://${host}`) {
      return { admitted: false, status: 403, reason: 'Expected this page as Origin, got another' };
    }
    const given = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
    if (given === null || given === '') {
      if (isLoopback(this.#host)) return { admitted: true, controls: false };
      return { admitted: false, status: 401, reason: 'Expected the token of the printed address, got none' };
    }
    if (!this.#isToken(given)) {
      return { admitted: false, status: 401, reason: 'Expected the token of the printed address, got another' };
    }
    return { admitted: true, controls: true };
  }

  #isOurName(header: string | undefined): boolean {
    if (header === undefined || !URL.canParse(`http://${header}`)) return false;
    const { hostname, pathname, username } = new URL(`http://${header}`);
    if (pathname !== '/' || username !== '') return false;
    const name = hostname.replace(/^\[|\]$/g, '');
    if (isLoopback(this.#host)) return isLoopback(name);
    return name === 'localhost' || name === this.#host || isIP(name) !== 0;
  }

  #isToken(given: string): boolean {
    const bytes = Buffer.from(given);
    return bytes.length === this.#token.length && timingSafeEqual(bytes, this.#token);
  }
}
