import dgram from 'node:dgram';
import { on } from 'node:events';
import test from 'ava';
import { ScrServer } from '../../../torcs-client/index.ts';
import { PointMassSimulator } from '../../support/point-mass.ts';

const INIT = 'SCR(init -90 -75 -60 -45 -30 -20 -15 -10 -5 0 5 10 15 20 30 45 60 75 90)';

/** A socket that keeps what came until it is asked for. */
function openSocket(port: number) {
  const socket = dgram.createSocket('udp4');
  const inbox = on(socket, 'message');
  const receive = async (): Promise<string> => String((await inbox.next()).value[0]);
  const send = (text: string) => socket.send(text, port, '127.0.0.1');
  const ask = (text: string) => {
    send(text);
    return receive();
  };
  return { ask, receive, send, close: () => socket.close() };
}

test('a client that asks twice for a restart and comes back on a new socket, the old one still open, drives on', async (t) => {
  // A Node.js client does so when it has stalled: its action asks for the restart, and its restart routine asks again.
  const simulator = new PointMassSimulator();
  const server = await ScrServer.listen({ simulator, port: 0, resetOptions: {} });
  const port = server.ports[0]!;
  const before = openSocket(port);
  const after = openSocket(port);
  const restart = '(accel 0.000)(brake 0.000)(gear 0)(steer 0.000)(meta 1)(focus 360)';
  t.is(await before.ask(INIT), '***identified***\0');
  await before.receive();
  t.is(await before.ask(restart), '***restart***\0');
  before.send(restart);
  t.is(await after.ask(INIT), '***identified***\0');
  await after.receive();
  t.regex(await after.ask('(accel 0.500)(brake 0.000)(gear 1)(steer 0.000)(meta 0)(focus 360)'), /^\(angle /);
  t.is(server.raceCount, 2);
  await server.close();
  t.is(await after.receive(), '***shutdown***\0');
  before.close();
  after.close();
});
