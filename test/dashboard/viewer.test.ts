import test from 'ava';
import { BUFFER_LIMIT, KEPT_ROWS } from '../../src/dashboard/protocol/limits.ts';
import { Board } from '../../src/dashboard/server/board.ts';
import { RateLimit } from '../../src/dashboard/server/rate-limit.ts';
import { TelemetryRing } from '../../src/dashboard/server/telemetry-ring.ts';
import { type Outlet, Viewer } from '../../src/dashboard/server/viewer.ts';

/** A connection whose other side reads when the test says so. */
class FakeOutlet implements Outlet {
  readonly sent: (string | Buffer)[] = [];
  bufferedAmount = 0;
  reads = true;
  pings = 0;
  terminated = false;
  #callbacks: (() => void)[] = [];

  send(message: string | Buffer, ...rest: unknown[]): void {
    this.sent.push(message);
    if (!this.reads) this.bufferedAmount += message.length;
    this.#callbacks.push(rest.at(-1) as () => void);
    if (this.reads) this.read();
  }

  read(): void {
    this.bufferedAmount = 0;
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  ping(): void {
    this.pings++;
  }

  close(): void {}

  terminate(): void {
    this.terminated = true;
  }
}

const session = { type: 'session', id: 1, mode: 'watch', title: '', views: [] } as const;
const can = { start: false, pace: false, wheel: false, record: false };
const channels = ['a', 'b'].map((key) => ({ key, label: key, unit: '', digits: 0 }));

function boardWithSession(): Board {
  const board = new Board();
  board.publish({ ...session, can, channels });
  return board;
}

function sleeper(board: Board): { viewer: Viewer; outlet: FakeOutlet } {
  const outlet = new FakeOutlet();
  const viewer = new Viewer(outlet, board, { viewer: 3, controls: false });
  viewer.begin();
  outlet.reads = false;
  outlet.sent.length = 0;
  return { viewer, outlet };
}

test('who comes is welcomed, and gets the state of everything', (t) => {
  const board = boardWithSession();
  board.publish({ type: 'map', track: null });
  board.telemetry.add(Float32Array.of(1, 2, 3, 4));
  const outlet = new FakeOutlet();
  new Viewer(outlet, board, { viewer: 3, controls: true }).begin();
  t.deepEqual(JSON.parse(outlet.sent[0] as string), { type: 'welcome', viewer: 3, controls: true, version: 1 });
  const kinds = outlet.sent
    .slice(1)
    .map((message) => (typeof message === 'string' ? JSON.parse(message).type : message[0]));
  t.deepEqual(kinds, ['session', 'map', 3]);
});

test('one that reads nothing is sent no more than its buffer and one message, and later the newest only', (t) => {
  const board = boardWithSession();
  const { viewer, outlet } = sleeper(board);
  const picture = (value: number) => Buffer.alloc(20_000, value);
  for (let i = 0; i < 200; i++) {
    board.showPicture('camera', picture(i));
    viewer.tell('camera');
    board.telemetry.add(Float32Array.of(i, i));
    viewer.tell('telemetry');
  }
  t.true(outlet.bufferedAmount <= BUFFER_LIMIT + 20_000, `${outlet.bufferedAmount} bytes wait`);
  const before = outlet.sent.length;
  outlet.reads = true;
  outlet.read();
  const pictures = outlet.sent.slice(before).filter((message) => message.length === 20_000);
  t.deepEqual(pictures, [picture(199)], 'the newest picture, and none of those between');
  const rows = outlet.sent.at(-1) as Buffer;
  t.is(rows[0], 3);
  t.is(rows.readFloatLE(rows.length - 4), 199, 'no row is lost as long as they are kept');
});

test('notices wait too, a few of them', (t) => {
  const { viewer, outlet } = sleeper(boardWithSession());
  outlet.bufferedAmount = BUFFER_LIMIT + 1;
  for (let i = 0; i < 50; i++) viewer.notify({ type: 'notice', level: 'info', text: String(i) });
  outlet.reads = true;
  outlet.read();
  viewer.flush();
  const texts = outlet.sent.map((message) => JSON.parse(message as string).text);
  t.deepEqual(texts, ['42', '43', '44', '45', '46', '47', '48', '49']);
});

test('a viewer that gives no sign of life is cut off', (t) => {
  const { viewer, outlet } = sleeper(boardWithSession());
  t.true(viewer.beat());
  viewer.alive = true;
  t.true(viewer.beat());
  t.is(outlet.pings, 2);
  t.false(viewer.beat());
  t.true(outlet.terminated);
});

test('a new session forgets the pictures and the rows of the one before', (t) => {
  const board = boardWithSession();
  board.showPicture('camera', Buffer.alloc(1));
  board.telemetry.add(Float32Array.of(1, 2));
  board.publish({ ...session, can, channels, title: 'the same one' });
  t.is(board.telemetry.end, 1);
  board.publish({ ...session, can, channels, id: 2 });
  t.is(board.message('camera'), undefined);
  t.is(board.telemetry.end, 0);
});

test('telemetry: the last rows are kept, and given from a number on', (t) => {
  const ring = new TelemetryRing(1, 1, 3);
  ring.add(Float32Array.of(0, 1, 2, 3, 4));
  const values = (message: Buffer | undefined) =>
    message && [message.readUInt32LE(8), ...new Float32Array(Uint8Array.from(message.subarray(12)).buffer)];
  t.deepEqual(values(ring.since(0)), [2, 2, 3, 4]);
  t.deepEqual(values(ring.since(4)), [4, 4]);
  t.is(ring.since(5), undefined);
  t.is(ring.since(4), ring.since(4), 'viewers in step share the bytes');
  t.true(KEPT_ROWS >= 1500, 'a minute');
});

test('the limit of messages: a burst, then so many a second', (t) => {
  const limit = new RateLimit(10, 3, 0);
  t.deepEqual(
    [0, 0, 0, 0].map((now) => limit.take(now)),
    [true, true, true, false],
  );
  t.deepEqual(
    [99, 100, 150, 5000, 5000, 5000, 5000].map((now) => limit.take(now)),
    [false, true, false, true, true, true, false],
  );
});
