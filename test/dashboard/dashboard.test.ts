import test from 'ava';
import { Dashboard } from '../../src/dashboard/index.ts';
import { LiveClient } from './live-client.ts';

const can = { start: true, pace: true, wheel: true, record: true };
const channels = [{ key: 'timeS', label: 'Time', unit: 's', digits: 2 }];
const session = { type: 'session', id: 4, mode: 'watch', title: 'one', views: [], channels, can } as const;
const picture = (size = 16) => {
  const data = new Uint8Array(size * size * 3).fill(90);
  return { kind: 'camera', width: size, height: size, channels: 3, pictures: 1, data } as const;
};
const turn = () => new Promise(setImmediate);

test('what is published in this thread is served by another', async (t) => {
  const heard: string[] = [];
  const dashboard = await Dashboard.open(
    {},
    {
      onCommand: (viewer, message) => void heard.push(`${viewer} ${message.type}`),
      onJoined: () => void heard.push('joined'),
      onLeft: (viewer) => void heard.push(`${viewer} left`),
      onProblem: (text) => void heard.push(text),
    },
  );
  t.teardown(() => dashboard.close());
  t.is(dashboard.url, `http://127.0.0.1:${dashboard.port}/#token=${dashboard.token}`);
  t.regex(dashboard.token, /^[\w-]{32}$/);
  t.is(dashboard.viewers, 0);
  t.false(dashboard.wantsPicture, 'nobody looks');

  const viewer = new LiveClient(dashboard.port, dashboard.token);
  t.like(await viewer.text('welcome'), { controls: true });
  t.is(dashboard.viewers, 1, 'seen without a turn of the event loop');
  dashboard.publish(session);
  dashboard.addRows(Float32Array.of(0.25));
  t.is((await viewer.nextBinary(3)).readFloatLE(12), 0.25);

  const shown = viewer.nextBinary(1);
  t.true(dashboard.wantsPicture);
  const sent = picture();
  dashboard.showPicture(sent);
  t.is(sent.data.length, 0, 'its memory has moved, not its bytes');
  t.is((await shown).readUInt16LE(4), 16);
  while (!dashboard.wantsPicture) await turn();

  dashboard.notify('problem', 'look out');
  t.like(await viewer.text('notice'), { level: 'problem', text: 'look out' });
  viewer.send({ type: 'pause' });
  while (!heard.includes('1 pause')) await turn();
  viewer.socket.close();
  while (!heard.includes('1 left')) await turn();
  t.deepEqual(heard, ['joined', '1 pause', '1 left']);
  t.is(dashboard.viewers, 0);
});

test('while pictures are under way no others are wanted: the thread sets the pace, not the driver', async (t) => {
  const dashboard = await Dashboard.open();
  t.teardown(() => dashboard.close());
  const viewer = new LiveClient(dashboard.port);
  await viewer.text('welcome');
  dashboard.showPicture(picture(2000));
  dashboard.showPicture(picture(2000));
  t.false(dashboard.wantsPicture);
  const third = picture(2000);
  dashboard.showPicture(third);
  t.true(third.data.length > 0, 'it stays where it is');
  for (let i = 0; i < 1000; i++) dashboard.addRows(new Float32Array(1000));
  await viewer.nextBinary(1);
  while (!dashboard.wantsPicture) await turn();
  t.true(viewer.binaries.filter(([kind]) => kind === 1).length <= 2);
});

test('a taken port and wrong options are told, and nothing is left running', async (t) => {
  const dashboard = await Dashboard.open();
  t.teardown(() => dashboard.close());
  await t.throwsAsync(Dashboard.open({ port: dashboard.port }), { code: 'ERR_PORT_UNAVAILABLE' });
  await t.throwsAsync(Dashboard.open({ token: 'short' }), { code: 'ERR_INVALID_ARGUMENT', message: /token/ });
});

test('after the end nothing is sent, and nothing throws', async (t) => {
  const dashboard = await Dashboard.open();
  await Promise.all([dashboard.close(), dashboard.close()]);
  dashboard.publish(session);
  dashboard.showPicture(picture());
  dashboard.addRows(Float32Array.of(1));
  dashboard.notify('info', 'anybody?');
  t.false(dashboard.wantsPicture);
});
