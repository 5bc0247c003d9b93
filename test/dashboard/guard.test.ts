import test from 'ava';
import { Guard, isLoopback } from '../../src/dashboard/server/guard.ts';

const token = 'a-token-of-some-length';
const guard = new Guard('127.0.0.1', token);
const view = (host: string | undefined, origin?: string, query = '', of = guard) => {
  const headers = { ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) };
  const admission = of.admitViewer({ headers, url: `/live${query}` });
  return admission.admitted ? (admission.controls ? 'controls' : 'looks on') : admission.status;
};

test('on the loopback one looks on without a token, and controls with it', (t) => {
  t.is(view('127.0.0.1:8765', 'http://127.0.0.1:8765'), 'looks on');
  t.is(view('127.0.0.1:8765', 'http://127.0.0.1:8765', `?token=${token}`), 'controls');
  t.is(view('localhost:8765', 'http://localhost:8765', `?token=${token}`), 'controls');
  t.is(view('[::1]:8765', 'http://[::1]:8765'), 'looks on');
  t.is(view('127.0.0.1:8765', undefined, `?token=${token}`), 'controls', 'a program that is no browser');
  t.is(view('127.0.0.1:8765', undefined, '?token='), 'looks on');
});

for (const wrong of ['x', `${token}x`, token.slice(1), token.toUpperCase(), `${token.slice(0, -1)}é`]) {
  test(`another token is refused: ${wrong}`, (t) => {
    t.is(view('127.0.0.1:8765', undefined, `?token=${encodeURIComponent(wrong)}`), 401);
  });
}

for (const host of [
  undefined,
  '',
  'evil.example',
  'evil.example:8765',
  '127.0.0.1.evil.example',
  '192.168.1.2:8765',
  'a@127.0.0.1',
  '127.0.0.1/x',
  ':::',
]) {
  test(`a name that is not this machine's is refused, whatever else fits: ${host}`, (t) => {
    t.is(view(host, `http://${host}`, `?token=${token}`), 400);
    const headers = host === undefined ? {} : { host };
    t.like(guard.admitRequest({ headers }), { admitted: false, status: 400 });
  });
}

for (const origin of [
  'http://evil.example',
  'null',
  'https://127.0.0.1:8765',
  'http://127.0.0.1:9999',
  'http://127.0.0.1',
  '',
]) {
  test(`another page is refused, also with the token: ${origin}`, (t) => {
    t.is(view('127.0.0.1:8765', origin, `?token=${token}`), 403);
  });
}

test('on the network nobody looks on without the token, and names are refused that can be bent', (t) => {
  const open = new Guard('0.0.0.0', token);
  t.is(view('192.168.1.2:8765', 'http://192.168.1.2:8765', '', open), 401);
  t.is(view('192.168.1.2:8765', 'http://192.168.1.2:8765', `?token=${token}`, open), 'controls');
  t.is(view('evil.example:8765', 'http://evil.example:8765', `?token=${token}`, open), 400);
  const named = new Guard('garage.local', token);
  t.is(view('garage.local:8765', 'http://garage.local:8765', `?token=${token}`, named), 'controls');
});

test('what can be reached from this machine only', (t) => {
  for (const host of ['127.0.0.1', '127.8.9.1', 'localhost', '::1']) t.true(isLoopback(host), host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', '1127.0.0.1', 'example'])
    t.false(isLoopback(host), host);
});
