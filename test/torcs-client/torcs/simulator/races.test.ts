import { InvalidArgumentError, RaceOverError } from '../../../../torcs-client/errors.ts';
import { TorcsSimulator } from '../../../../torcs-client/torcs/simulator/index.ts';
import { steadyControls } from '../../../../torcs-client/torcs/simulator/steady-driver.ts';
import { build, digest, drive, gameTest, withGame } from './game.ts';

gameTest('laps a track, then another in the same process', async (t) => {
  await withGame({}, async (simulator) => {
    for (const [track, lengthM] of [
      ['dirt-1', 1072.93],
      ['g-track-1', 2057.56],
    ] as const) {
      const process = simulator.processId;
      const driven = await drive(
        simulator,
        await simulator.reset({ track }),
        8000,
        steadyControls,
        (s) => s.lastLapTime > 0,
      );
      const last = driven.at(-1);
      t.is(simulator.processId, process);
      t.true(Math.abs((simulator.track?.lengthM ?? 0) - lengthM) < 0.01);
      t.true(last !== undefined && last.lastLapTime > 30 && last.distRaced > lengthM, `${track}: ${last?.distRaced} m`);
      t.is(simulator.tick, driven.length - 1);
    }
  });
});

gameTest('starts where it is told, at rest in the middle of the road', async (t) => {
  await withGame({}, async (simulator) => {
    for (const startDistanceM of [0, 1000, 2050]) {
      const sensors = await simulator.reset({ startDistanceM });
      const { lengthM = 0, widthM = 0 } = simulator.track ?? {};
      const off = Math.abs(sensors.distFromStart - startDistanceM);
      t.true(Math.min(off, lengthM - off) < 0.5, `${sensors.distFromStart} m`);
      t.true(Math.abs(sensors.trackPos) < 0.01 && Math.abs(sensors.speedX) < 1);
      t.true(Math.abs((sensors.track[0] ?? 0) - widthM / 2) < 0.1);
    }
  });
});

gameTest('hits cost damage and driving costs fuel, unless switched off', async (t) => {
  await withGame({}, async (simulator) => {
    const intoTheWall = (s: Parameters<typeof steadyControls>[0]) => ({ ...steadyControls(s), accel: 1, steer: 0.3 });
    const [hard] = (await drive(simulator, await simulator.reset(), 500, intoTheWall)).slice(-1);
    t.true((hard?.damage ?? 0) > 0);
    t.true((hard?.fuel ?? 94) < 94);
    const [soft] = (
      await drive(simulator, await simulator.reset({ damage: false, fuel: false }), 500, intoTheWall)
    ).slice(-1);
    t.is(soft?.damage, 0);
    t.is(soft?.fuel, 94);
  });
});

gameTest('the same race is the same again, in this process and in another, beside a second one', async (t) => {
  const options = { track: 'aalborg', noise: true, seed: 7 };
  const run = async (simulator: TorcsSimulator, seed = 7) =>
    digest(await drive(simulator, await simulator.reset({ ...options, seed }), 600));
  await withGame({}, async (simulator) => {
    const first = await run(simulator);
    t.not(await run(simulator, 8), first, 'another seed, other noise');
    await simulator.reset({ track: 'dirt-1' });
    t.is(await run(simulator), first);
    await withGame({}, async (second) => {
      t.deepEqual(await Promise.all([run(simulator), run(second)]), [first, first]);
    });
  });
});

gameTest('the car takes part in a race of the game’s robots and sees them', async (t) => {
  await withGame({ opponents: ['berniw:2', 'bt'] }, async (simulator) => {
    const run = async () => drive(simulator, await simulator.reset({ track: 'e-track-2' }), 300);
    const driven = await run();
    t.is(driven[0]?.racePos, 4);
    const ahead = (driven[0]?.opponents ?? []).slice(9, 27).filter((distance) => distance < 200);
    t.true(ahead.length >= 2 && Math.min(...ahead) < 25, ahead.join(' '));
    t.notDeepEqual(driven.at(-1)?.opponents, driven[0]?.opponents, 'they drive');
    t.is(digest(await run()), digest(driven), 'robots too are the same again');
    const sensors = await simulator.reset({ track: 'e-track-2', startDistanceM: 1000 });
    t.true(Math.abs(sensors.distFromStart - 1000) < 1);
    t.true(Math.min(...sensors.opponents) < 25);
  });
});

gameTest('passes on the countdown, range-finder angles and a focus reading', async (t) => {
  await withGame({}, async (simulator) => {
    const angles = Array.from({ length: 19 }, (_, i) => (i === 9 ? 0 : -90));
    const sensors = await simulator.reset({ countdown: true, rangeFinderAnglesDeg: angles });
    t.is(sensors.curLapTime, -0.982);
    t.is(sensors.track[0], sensors.track[18]);
    t.not(sensors.track[0], sensors.track[9]);
    const driven = await drive(simulator, sensors, 60, () => ({ ...steadyControls(sensors), focus: 0 }));
    const readings = driven.filter((s) => s.focus[0] !== -1);
    t.true(readings.length === 1 && (readings[0]?.curLapTime ?? -1) >= 0, 'one in a second, none before the start');
    t.is(readings[0]?.focus[2], readings[0]?.track[9]);
  });
});

gameTest('a race ends after its laps, or when a restart is asked for, and the next begins', async (t) => {
  await withGame({}, async (simulator) => {
    await drive(simulator, await simulator.reset({ track: 'dirt-1', laps: 1 }), 20_000);
    t.true(simulator.raceOver);
    t.is(simulator.outcome, 'finished');
    const sensors = await simulator.reset();
    const broken = { ...steadyControls(sensors), steer: Number.NaN };
    await t.throwsAsync(simulator.step(broken), { instanceOf: InvalidArgumentError });
    await simulator.step({ ...steadyControls(sensors), restart: true });
    t.true(simulator.raceOver);
    await t.throwsAsync(simulator.step(steadyControls(sensors)), { instanceOf: RaceOverError });
    t.is((await simulator.reset()).distRaced, 0);
  });
});

gameTest('in real time the race goes on without us', async (t) => {
  await withGame({ mode: 'real-time' }, async (simulator) => {
    const first = await simulator.reset();
    const start = performance.now();
    const driven = await drive(simulator, first, 25);
    const elapsedS = (performance.now() - start) / 1000;
    const simulatedS = (driven.at(-1)?.curLapTime ?? 0) - first.curLapTime;
    t.true(simulatedS > 0.4 && Math.abs(simulatedS - elapsedS) < 0.3, `${simulatedS} s in ${elapsedS} s`);
    t.true(simulator.tick >= 25);
  });
});

gameTest('refuses what the game does not have', async (t) => {
  const launch = (options: object) => TorcsSimulator.launch({ build: build(), ...options });
  const invalid = { instanceOf: InvalidArgumentError };
  await t.throwsAsync(launch({ opponents: ['nobody'] }), { ...invalid, message: /berniw/ });
  await t.throwsAsync(launch({ opponents: ['bt:99'] }), { ...invalid, message: /1 to/ });
  await t.throwsAsync(launch({ camera: { width: 0, height: 64 } }), invalid);
  await t.throwsAsync(launch({ camera: { width: 100_000, height: 64 } }), invalid);
  await t.throwsAsync(launch({ speed: 2 }), invalid);
  await withGame({}, async (simulator) => {
    await t.throwsAsync(simulator.reset({ track: 'g-track-9' }), { ...invalid, message: /g-track-1/ });
    await t.throwsAsync(simulator.reset({ laps: 0 }), invalid);
    await t.throwsAsync(simulator.reset({ startDistanceM: 99_999 }), { ...invalid, message: /length of g-track-1/ });
    t.true(simulator.raceOver);
    await t.throwsAsync(simulator.renderCamera(new Uint8Array(12)), invalid);
    await simulator.reset();
  });
});
