import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { collectGarbage } from '../../scripts/support/garbage.ts';
import type { ClientMessage } from '../../src/dashboard/index.ts';
import { LARGEST_MESSAGE, MESSAGE_BURST } from '../../src/dashboard/protocol/limits.ts';
import { DashboardServer, type DashboardServerParts } from '../../src/dashboard/server/dashboard-server.ts';
import { LiveClient, request } from './live-client.ts';

const token = 'token-of-the-server-test';

async function listen(t: ExecutionContext, changes: Partial<DashboardServerParts> = {}) {
  const commands: { viewer: number; message: ClientMessage }[] = [];
  const counts: { count: number; left: number | undefined }[] = [];
  const server = await DashboardServer.listen({
    host: '127.0.0.1',
    port: 0,
    token,
    mostViewers: 128,
    heartbeatMs: 3_600_000,
    onCommand: (viewer, message) => void commands.push({ viewer, message }),
    onViewers: (count, left) => void counts.push({ count, left }),
    ...changes,
  });
  t.teardown(() => server.close());
  return { server, commands, counts, port: server.port };
}

const can = { start: true, pace: true, wheel: true, record: true };
const channels = [{ key: 'timeS', label: 'Time', unit: 's', digits: 2 }];
const session = { type: 'session', id: 1, mode: 'watch', title: 'one', views: [], channels, can } as const;

test('the page: everything it asks for is there, with headers that let nothing else in', async (t) => {
  const { port } = await listen(t);
  const { status, headers, body } = await request(port, '/');
  t.is(status, 200);
  t.is(headers['content-type'], 'text/html; charset=utf-8');
  const policy = String(headers['content-security-policy']);
  t.regex(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
  t.regex(policy, new RegExp(`connect-src 'self' ws://127.0.0.1:${port};`));
  t.notRegex(policy, /unsafe|\*/);
  t.like(headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
  t.notRegex(body, /<script(?![^>]* src=)|<style| style=| on[a-z]+="/, 'nothing inline, which the policy would stop');
  const files = readdirSync(new URL('../../src/dashboard/page/', import.meta.url)).filter(
    (name) => name !== 'index.html',
  );
  for (const name of [...files, 'uplot.js', 'uplot.css']) {
    const file = await request(port, `/${name}`);
    t.is(file.status, 200, name);
    for (const [, imported] of file.body.matchAll(/^import .*'\.\/(.+)';$/gm)) {
      t.is((await request(port, `/${imported}`)).status, 200, `${imported}, which ${name} imports`);
    }
  }
  const head = await request(port, '/', { method: 'HEAD' });
  t.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', String(Buffer.byteLength(body))]);
});

for (const path of [
  '/../package.json',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/etc/passwd',
  '//etc/passwd',
  '/server/guard.ts',
  '/index.html/..',
  '/\\..\\..\\package.json',
  '/live',
  '/constructor',
  '/?/../main.js/x',
]) {
  test(`no address leads off the page, and no answer names a place of this machine: ${path}`, async (t) => {
    const { port } = await listen(t);
    const { status, body } = await request(port, path);
    t.is(status, path.startsWith('/?') ? 200 : 404);
    t.false(body.includes(process.cwd()) || body.includes(homedir()));
  });
}

test('other methods and other names are refused', async (t) => {
  const { port } = await listen(t);
  t.is((await request(port, '/', { method: 'POST' })).status, 405);
  t.is((await request(port, '/', { headers: { host: 'evil.example' } })).status, 400);
});

test('a foreign page, a bent name and a wrong token do not get in', async (t) => {
  const { port, counts } = await listen(t);
  t.is(await new LiveClient(port, token, { origin: 'http://evil.example' }).answer(), 403);
  t.is(await new LiveClient(port, token, { host: 'evil.example' }).answer(), 400);
  t.is(await new LiveClient(port, 'another-token-than-that').answer(), 401);
  t.is(await new LiveClient(port, undefined, { origin: `http://127.0.0.1:${port}` }).answer(), 101);
  t.is(counts[0]?.count, 1);
});

test('who has no token looks on, and is put out for a command', async (t) => {
  const { server, port, commands } = await listen(t);
  server.publish(session);
  const viewer = new LiveClient(port);
  t.like(await viewer.text('welcome'), { controls: false });
  t.like(await viewer.text('session'), { title: 'one' });
  viewer.send({ type: 'take-wheel' });
  t.is(await viewer.closed, 1008);
  t.deepEqual(commands, []);
});

test('who has the token commands', async (t) => {
  const { port, commands } = await listen(t);
  const viewer = new LiveClient(port, token);
  t.like(await viewer.text('welcome'), { controls: true });
  viewer.send({ type: 'step', steps: 2 });
  viewer.send('nonsense');
  t.is(await viewer.closed, 1008, 'nonsense ends it');
  t.deepEqual(commands, [{ viewer: 1, message: { type: 'step', steps: 2 } }]);
});

for (const [what, message, code] of [
  ['garbage', '}{', 1008],
  ['binary', Uint8Array.of(1, 2, 3), 1003],
  ['an oversized message', `"${'x'.repeat(LARGEST_MESSAGE)}"`, 1009],
] as const) {
  test(`hostile messages end the connection with a code: ${what}`, async (t) => {
    const { port, commands } = await listen(t);
    const viewer = new LiveClient(port, token);
    await viewer.text('welcome');
    viewer.send(message);
    t.is(await viewer.closed, code);
    t.deepEqual(commands, []);
  });
}

test('a flood ends the connection with 1008, and others do not notice', async (t) => {
  const clock = { now: () => 0, date: () => new Date(0) };
  const { server, port, commands } = await listen(t, { clock });
  const [flooder, other] = [new LiveClient(port, token), new LiveClient(port, token)];
  await Promise.all([flooder.text('welcome'), other.text('welcome')]);
  for (let i = 0; i < 2 * MESSAGE_BURST; i++) flooder.send({ type: 'pause' });
  t.is(await flooder.closed, 1008);
  t.is(commands.length, MESSAGE_BURST);
  server.publish(session);
  await other.text('session');
});

test('two viewers see the same, and one who comes late sees it all', async (t) => {
  const { server, port, counts } = await listen(t);
  const [first, second] = [new LiveClient(port), new LiveClient(port)];
  await Promise.all([first.text('welcome'), second.text('welcome')]);
  server.publish(session);
  server.addRows(1, Float32Array.of(0.5, 1));
  server.addRows(2, Float32Array.of(9));
  const rows = await Promise.all([first.nextBinary(3), second.nextBinary(3)]);
  t.deepEqual(rows[0], rows[1]);
  t.is(rows[0]?.length, 12 + 8, 'rows of another session are dropped');
  server.showPicture('camera', Buffer.from([1, 0, 1]));
  const late = new LiveClient(port);
  t.like(await late.text('session'), { title: 'one' });
  while (late.binaries.length < 2) await late.nextBinary(3).catch(() => undefined);
  t.deepEqual(
    late.binaries.map(([kind]) => kind),
    [1, 3],
  );
  server.notify({ type: 'notice', level: 'info', text: 'only you' }, 2);
  server.notify({ type: 'notice', level: 'info', text: 'all' });
  await Promise.all([first, second, late].map((viewer) => viewer.text('notice', ({ text }) => text === 'all')));
  const notices = [first, second, late].map(({ texts }) => texts.filter(({ type }) => type === 'notice').length);
  t.deepEqual(notices.toSorted(), [1, 1, 2]);
  second.socket.terminate();
  await second.closed;
  while (counts.at(-1)?.left === undefined) await new Promise(setImmediate);
  t.is(counts.at(-1)?.count, 2);
});

test('a viewer that reads nothing holds nobody up, costs a bounded buffer, and is cut off', async (t) => {
  const { server, port } = await listen(t);
  const [asleep, awake] = [new LiveClient(port), new LiveClient(port)];
  await Promise.all([asleep.text('welcome'), awake.text('welcome')]);
  asleep.socket.pause();
  const picture = Buffer.alloc(200_000, 1);
  collectGarbage();
  const before = process.memoryUsage();
  for (let i = 0; i < 300; i++) {
    const next = awake.nextBinary(1);
    server.showPicture('camera', Buffer.from(picture));
    await next;
    awake.binaries.length = 0;
  }
  collectGarbage();
  const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
  t.true(grown < 30e6, `${grown} bytes more after 60 MB of pictures`);
  server.beat();
  await new Promise((resolve) => awake.socket.once('ping', resolve));
  awake.send('');
  await awake.closed;
  server.beat();
  while (server.viewerCount > 0) await new Promise(setImmediate);
  t.pass('it did not answer');
  asleep.socket.terminate();
});

test('so many viewers and no more', async (t) => {
  const { port } = await listen(t, { mostViewers: 2 });
  const viewers = [new LiveClient(port), new LiveClient(port)];
  for (const viewer of viewers) await viewer.text('welcome');
  t.is(await new LiveClient(port).answer(), 503);
});

test('the end is told with 1001, and one that reads nothing does not put it off', async (t) => {
  const { server, port } = await listen(t);
  const [asleep, awake] = [new LiveClient(port), new LiveClient(port)];
  await Promise.all([asleep.text('welcome'), awake.text('welcome')]);
  asleep.socket.pause();
  await Promise.all([server.close(), awake.closed.then((code) => t.is(code, 1001))]);
  await t.throwsAsync(request(port, '/'), { code: 'ECONNREFUSED' });
  asleep.socket.terminate();
  await server.close();
});

test('a port that is taken is told', async (t) => {
  const { port } = await listen(t);
  await t.throwsAsync(listen(t, { port }), {
    code: 'ERR_PORT_UNAVAILABLE',
    message: /port \d+, got EADDRINUSE; choose/,
  });
});
