/**
 * Prints what SCR costs: µs per datagram read and written, and lockstep round trips per second between a client and a
 * server with a simulator that does nothing, in one process and in two.
 *
 *     npx tsx scripts/scr-speed.ts [ROUND_TRIPS]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  type Controls,
  DEFAULT_CONTROLS,
  formatControls,
  formatSensors,
  parseControls,
  parseServerMessage,
  ScrClient,
  ScrServer,
  type Sensors,
  type Simulator,
} from '../torcs-client/index.ts';

const SENSORS: Sensors = {
  ...{ angle: 0.0123456, curLapTime: 12.345, damage: 0, distFromStart: 1234.567, distRaced: 1234.567, fuel: 93.1234 },
  ...{ gear: 3, lastLapTime: 0, racePos: 1, rpm: 7654.32, speedX: 123.456, speedY: -0.123456, speedZ: 0.0012345 },
  focus: [-1, -1, -1, -1, -1],
  opponents: new Array<number>(36).fill(200),
  track: Array.from({ length: 19 }, (_, i) => 4.1234567 * (i + 1)),
  trackPos: 0.333333,
  wheelSpinVel: [101.2345, 102.3456, 103.4567, 104.5678],
  z: 0.345263,
  extra: {},
};
const CONTROLS: Controls = { ...DEFAULT_CONTROLS, accel: 0.8123456789, steer: -0.0345678912345, gear: 3 };
const LOCKSTEP = { session: 1234567890, tick: 12345 };

const idleSimulator: Simulator = {
  name: 'embedded',
  tick: 0,
  raceOver: false,
  camera: undefined,
  track: undefined,
  reset: async () => SENSORS,
  step: async () => SENSORS,
  renderCamera: () => Promise.reject(new Error('no camera')),
  close: async () => undefined,
};

function microseconds(work: () => unknown): number {
  const count = 100_000;
  for (let i = 0; i < count; i++) work();
  const start = performance.now();
  for (let i = 0; i < count; i++) work();
  return (1000 * (performance.now() - start)) / count;
}

async function roundTripsPerSecond(port: number, count: number): Promise<number> {
  const client = await ScrClient.connect({ port });
  await client.start();
  for (let i = 0; i < count / 10; i++) await client.exchange(CONTROLS);
  const start = performance.now();
  for (let i = 0; i < count; i++) await client.exchange(CONTROLS);
  const seconds = (performance.now() - start) / 1000;
  await client.close();
  return count / seconds;
}

const file = fileURLToPath(import.meta.url);
if (process.send !== undefined) {
  const server = await ScrServer.listen({ simulator: idleSimulator, port: 0 });
  process.once('disconnect', () => server.close());
  process.send(server.ports[0]);
} else if (process.argv[1] === file) {
  const count = Number(process.argv[2] ?? 100_000);
  const state = formatSensors(SENSORS, LOCKSTEP);
  const answer = formatControls(CONTROLS, LOCKSTEP);
  const server = await ScrServer.listen({ simulator: idleSimulator, port: 0 });
  const oneProcess = await roundTripsPerSecond(server.ports[0]!, count);
  await server.close();
  const child = fork(file);
  const [port] = (await once(child, 'message')) as [number];
  const twoProcesses = await roundTripsPerSecond(port, count);
  child.disconnect();
  await once(child, 'exit');
  console.table({
    'write a state, µs': microseconds(() => formatSensors(SENSORS, LOCKSTEP)),
    'read a state, µs': microseconds(() => parseServerMessage(state)),
    'write controls, µs': microseconds(() => formatControls(CONTROLS, LOCKSTEP)),
    'read controls, µs': microseconds(() => parseControls(answer)),
    'round trips/s, one process': Math.round(oneProcess),
    'round trips/s, two processes': Math.round(twoProcesses),
  });
}
