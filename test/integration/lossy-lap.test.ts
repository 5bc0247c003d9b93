import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { EmbeddedSimulator } from '../../src/simulator/index.ts';
import { ScrClient, ScrServer, type Sensors } from '../../torcs-client/index.ts';
import { systemTimers } from '../../torcs-client/timers.ts';
import { createOverlay } from '../../torcs-client/torcs/overlay/overlay.ts';
import { GameProcess } from '../../torcs-client/torcs/simulator/game-process.ts';
import { steadyControls } from '../../torcs-client/torcs/simulator/steady-driver.ts';
import { LossyProxy } from '../support/lossy-proxy.ts';
import { build, gameTest } from '../torcs-client/torcs/simulator/game.ts';

const FAULTS = { loss: 0.2, duplication: 0.2, reordering: 0.2 };
/** On a real network 20 ms; here a lap has some thousand faults to get over. */
const REPEAT_AFTER_MS = 2;

/** Drives one lap through a port and returns all that was sensed. */
async function driveThrough(port: number): Promise<Sensors[]> {
  const client = await ScrClient.connect({ port, repeatAfterMs: REPEAT_AFTER_MS, identifyRetryMs: 50 });
  try {
    let sensors = await client.start();
    const driven = [sensors];
    while (sensors.lastLapTime === 0) {
      const event = await client.exchange(steadyControls(sensors));
      if (event.kind !== 'state') throw new Error(`Expected a state, got ${event.kind}`);
      ({ sensors } = event);
      driven.push(sensors);
    }
    return driven;
  } finally {
    await client.close();
  }
}

/** The same through a proxy that loses, doubles and reorders a fifth of the datagrams each way. */
async function driveThroughFaults(port: number): Promise<{ driven: Sensors[]; faults: number }> {
  const proxy = await LossyProxy.listen(port, new Random(7), FAULTS, systemTimers);
  try {
    const driven = await driveThrough(proxy.port);
    const counts = [...proxy.upCounts, ...proxy.downCounts];
    return { driven, faults: counts.reduce((sum, one) => sum + one.lost + one.duplicated + one.reordered, 0) };
  } finally {
    proxy.close();
  }
}

test('a lap of the embedded simulator over a bad network is the same to the tick', async (t) => {
  const race = async <Result>(use: (port: number) => Promise<Result>): Promise<Result> => {
    const simulator = new EmbeddedSimulator({ track: 'copper-bowl' });
    const resetOptions = { laps: 2 };
    const server = await ScrServer.listen({ simulator, port: 0, repeatAfterMs: REPEAT_AFTER_MS, resetOptions });
    try {
      return await use(server.ports[0]!);
    } finally {
      await server.close();
    }
  };
  const clean = await race((port) => driveThrough(port));
  const { driven, faults } = await race((port) => driveThroughFaults(port));
  t.true(clean.at(-1)!.lastLapTime > 0, 'a lap was driven');
  t.deepEqual(driven, clean);
  t.true(faults > clean.length / 4, `${faults} faults in ${clean.length} ticks`);
});

gameTest('a lap of the real game over a bad network is the same to the tick', async (t) => {
  const overlay = createOverlay(build());
  try {
    const game = await GameProcess.start({
      build: build(),
      overlay,
      camera: undefined,
      pictureWay: 'file',
      startTimeoutMs: 30_000,
      onOver: () => undefined,
      onFailure: () => undefined,
    });
    try {
      const race = async () => {
        const ready = await game.race('race track=dirt-1 category=dirt laps=5', 30_000);
        return Number(ready.values.get('port'));
      };
      const clean = await driveThrough(await race());
      const { driven, faults } = await driveThroughFaults(await race());
      t.true(clean.at(-1)!.lastLapTime > 0, 'a lap was driven');
      t.deepEqual(driven, clean);
      t.true(faults > clean.length / 4, `${faults} faults in ${clean.length} ticks`);
    } finally {
      await game.close();
    }
  } finally {
    overlay.remove();
  }
});
