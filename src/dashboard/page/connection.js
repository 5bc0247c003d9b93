import { readMessage } from './bytes.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const STORED = 'torcs-pilot-token';

/** The token that came with the address; it is kept for this tab, and taken out of what the address bar shows. */
function findToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(STORED, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(STORED);
}

/** The live connection: comes back when it is lost, and tells each message to who listens. */
export class Connection extends EventTarget {
  #token = findToken();
  #socket;
  #pauseMs = FIRST_PAUSE_MS;
  #welcomed = false;

  open() {
    const query = this.#token === null ? '' : `?token=${encodeURIComponent(this.#token)}`;
    const socket = new WebSocket(`ws://${location.host}/live${query}`);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#welcomed = false;
    socket.addEventListener('message', ({ data }) => this.#hear(data));
    socket.addEventListener('close', (event) => this.#lose(event));
  }

  /** Says something, where there is somebody to hear it. */
  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #hear(data) {
    const message = typeof data === 'string' ? JSON.parse(data) : readMessage(data);
    if (message === undefined) return;
    if (message.type === 'welcome') {
      this.#welcomed = true;
      this.#pauseMs = FIRST_PAUSE_MS;
    }
    this.dispatchEvent(new CustomEvent(message.type ?? message.kind, { detail: message }));
  }

  #lose({ code, reason }) {
    // An address of an earlier start: its token is no good any more, looking on may be.
    if (!this.#welcomed && this.#token !== null) {
      this.#token = null;
      sessionStorage.removeItem(STORED);
    }
    this.dispatchEvent(new CustomEvent('lost', { detail: { code, reason } }));
    setTimeout(() => this.open(), this.#pauseMs);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
