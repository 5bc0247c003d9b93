import type { ExecutionContext, TestFn } from 'ava';
import { type Controls, NO_FOCUS } from '../../torcs-client/controls.ts';
import { TorcsPilotError } from '../../torcs-client/errors.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import type { CameraFormat, Simulator } from '../../torcs-client/simulator.ts';

/** A simulator under the contract, and what its tests may count on. */
export interface SimulatorContract {
  /** Begins the titles of the tests. */
  readonly title: string;
  /** Makes a simulator that nobody else uses; the test closes it. */
  readonly create: (camera?: CameraFormat) => Simulator | Promise<Simulator>;
  /** A short track with a straight start that {@link driveSafely} can lap, and another one. */
  readonly track: string;
  readonly otherTrack: string;
  /** Whether `create` honours its argument. */
  readonly hasCamera: boolean;
  /** Skip with this reason: the simulator is not installed here. */
  readonly skip?: string;
}

const COAST: Controls = { accel: 0, brake: 0, clutch: 0, gear: 1, steer: 0, focus: NO_FOCUS, restart: false };
const CAMERA: CameraFormat = { width: 32, height: 24, view: 'road', panels: false };

/** A slow driver for any road track: follows the middle, slower where the road ahead is short. */
export function driveSafely(sensors: Sensors): Controls {
  const ahead = sensors.track[9] ?? 0;
  const targetKmh = ahead < 0 ? 30 : Math.min(150, 40 + ahead);
  const steer = (sensors.angle * 1.2 - sensors.trackPos * 0.3) / 0.366519;
  let gear = Math.max(1, sensors.gear);
  if (sensors.rpm > 8500) gear = Math.min(6, gear + 1);
  else if (sensors.rpm < 3500) gear = Math.max(1, gear - 1);
  return {
    ...COAST,
    accel: Math.max(0, Math.min(1, (targetKmh - sensors.speedX) / 15)),
    brake: Math.max(0, Math.min(0.4, (sensors.speedX - targetKmh - 5) / 40)),
    steer: Math.max(-1, Math.min(1, steer)),
    gear,
  };
}

/** Registers the tests that every {@link Simulator} passes. */
export function testSimulatorContract(test: TestFn, contract: SimulatorContract): void {
  const { track, otherTrack } = contract;

  function check(
    what: string,
    run: (t: ExecutionContext, simulator: Simulator) => Promise<void>,
    camera?: CameraFormat,
  ) {
    const title = `${contract.title}: ${what}`;
    if (contract.skip !== undefined) {
      test.skip(`${title} (${contract.skip})`, (t) => t.pass());
      return;
    }
    test(title, async (t) => {
      const simulator = await contract.create(camera);
      try {
        await run(t, simulator);
      } finally {
        await simulator.close();
      }
    });
  }

  async function throws(t: ExecutionContext, code: string, run: () => Promise<unknown>) {
    const error = await t.throwsAsync(run, { instanceOf: TorcsPilotError });
    t.is(error?.code, code);
    return error;
  }

  async function drive(simulator: Simulator, ticks: number, controls: Partial<Controls>): Promise<Sensors> {
    let sensors = await simulator.step({ ...COAST, ...controls });
    for (let i = 1; i < ticks; i++) sensors = await simulator.step({ ...COAST, ...controls });
    return sensors;
  }

  check('has no race before the first reset', async (t, simulator) => {
    t.true(simulator.raceOver);
    await throws(t, 'ERR_RACE_OVER', () => simulator.step(COAST));
  });

  check('reset returns the first sensors of a race', async (t, simulator) => {
    const sensors = await simulator.reset({ track });
    t.is(simulator.tick, 0);
    t.false(simulator.raceOver);
    t.is(simulator.track?.name, track);
    t.true(Math.abs(sensors.curLapTime - 0.018) < 1e-4, `curLapTime ${sensors.curLapTime}`);
    t.is(sensors.gear, 0);
    t.is(sensors.damage, 0);
    t.is(sensors.fuel, 94);
    t.is(sensors.lastLapTime, 0);
    t.is(sensors.racePos, 1);
    t.true(Math.abs(sensors.speedX) < 1);
    t.true(Math.abs(sensors.distRaced) < 0.5);
    t.true(Math.abs(sensors.rpm - 942.478) < 0.01);
    t.true(Math.abs(sensors.z - 0.345) < 0.02, `z ${sensors.z}`);
    t.deepEqual(
      [sensors.track.length, sensors.opponents.length, sensors.focus.length, sensors.wheelSpinVel.length],
      [19, 36, 5, 4],
    );
    t.true(sensors.opponents.every((distance) => distance === 200));
    const across = (sensors.track[0]! + sensors.track[18]!) * Math.cos(sensors.angle);
    t.true(Math.abs(across - (simulator.track?.widthM ?? 0)) < 0.2, `${across} m from edge to edge`);
  });

  check('step counts ticks of 20 or 22 ms and returns fresh sensors', async (t, simulator) => {
    const first = await simulator.reset({ track });
    let last = first;
    for (let tick = 1; tick <= 100; tick++) {
      const sensors = await simulator.step({ ...COAST, accel: 1 });
      t.not(sensors, last);
      t.is(simulator.tick, tick);
      const milliseconds = Math.round((sensors.curLapTime - last.curLapTime) * 1000);
      t.true(milliseconds === 20 || milliseconds === 22, `${milliseconds} ms`);
      last = sensors;
    }
    t.true(last.speedX > 20, `${last.speedX} km/h after two seconds of full throttle`);
    t.true(last.distRaced > 3 && last.distRaced < 30, `${last.distRaced} m`);
    t.true(Math.abs(first.curLapTime - 0.018) < 1e-4, 'sensors kept from before do not change');
  });

  check('steering +1 turns left', async (t, simulator) => {
    await simulator.reset({ track });
    const straight = await drive(simulator, 100, { accel: 0.6 });
    const turned = await drive(simulator, 15, { accel: 0.2, steer: 0.4 });
    t.true(turned.angle < straight.angle - 0.02, `angle from ${straight.angle} to ${turned.angle}`);
  });

  check('the same controls give the same sensors', async (t, simulator) => {
    const runs: Sensors[] = [];
    for (let i = 0; i < 2; i++) {
      await simulator.reset({ track, seed: 7, noise: true });
      await drive(simulator, 60, { accel: 1 });
      runs.push(await drive(simulator, 60, { accel: 0.5, steer: 0.1, gear: 2 }));
    }
    t.deepEqual(runs[0], runs[1]);
  });

  check('reset changes track and start distance', async (t, simulator) => {
    await simulator.reset({ track });
    await simulator.step(COAST);
    const sensors = await simulator.reset({ track: otherTrack, startDistanceM: 300 });
    t.is(simulator.track?.name, otherTrack);
    t.is(simulator.tick, 0);
    t.true(Math.abs(sensors.distFromStart - 300) < 1, `distFromStart ${sensors.distFromStart}`);
  });

  check('counts the countdown with negative times when asked', async (t, simulator) => {
    let sensors = await simulator.reset({ track, countdown: true });
    t.true(Math.abs(sensors.curLapTime + 0.982) < 1e-4, `curLapTime ${sensors.curLapTime}`);
    t.is(simulator.tick, 0);
    let negative = 1;
    for (let i = 0; i < 60; i++) {
      sensors = await simulator.step({ ...COAST, accel: 1 });
      if (sensors.curLapTime < 0) {
        negative++;
        t.is(sensors.gear, 0);
      }
    }
    t.is(negative, 49);
  });

  check('gives a focus reading once a second', async (t, simulator) => {
    await simulator.reset({ track });
    const readings: number[] = [];
    for (let i = 0; i < 120; i++) {
      const sensors = await simulator.step({ ...COAST, focus: 10 });
      if (sensors.focus[0] !== -1) readings.push(i);
    }
    t.true(readings.length >= 2 && readings.length <= 3, `readings at ticks ${readings.join(', ')}`);
  });

  check('burns no fuel when told so', async (t, simulator) => {
    await simulator.reset({ track, fuel: false });
    t.is((await drive(simulator, 100, { accel: 1 })).fuel, 94);
    await simulator.reset({ track });
    t.true((await drive(simulator, 100, { accel: 1 })).fuel < 94);
  });

  check('refuses bad controls and drives on', async (t, simulator) => {
    await simulator.reset({ track });
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.step({ ...COAST, steer: Number.NaN }));
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.step({ ...COAST, accel: 2 }));
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.step({ ...COAST, gear: 7 }));
    await simulator.step(COAST);
    t.is(simulator.tick, 1);
  });

  check('refuses bad reset options', async (t, simulator) => {
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.reset({ track, laps: 0 }));
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.reset({ track, seed: -1 }));
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.reset({ track, startDistanceM: Number.NaN }));
    await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.reset({ track, rangeFinderAnglesDeg: [0] }));
    const error = await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.reset({ track: 'no-such-track' }));
    t.regex(error?.message ?? '', /no-such-track/);
    await simulator.reset({ track });
  });

  check('ends the race after its laps', async (t, simulator) => {
    // Two, because a game may end the race without telling the time of the last one.
    let sensors = await simulator.reset({ track, laps: 2 });
    let ticks = 0;
    while (!simulator.raceOver && ticks++ < 20_000) sensors = await simulator.step(driveSafely(sensors));
    t.true(simulator.raceOver, `still driving at ${sensors.distFromStart} m`);
    t.true(sensors.lastLapTime > 10, `lap of ${sensors.lastLapTime} s`);
    await throws(t, 'ERR_RACE_OVER', () => simulator.step(COAST));
    await simulator.reset({ track });
    t.false(simulator.raceOver);
  });

  check('ends the race when the driver asks for a restart', async (t, simulator) => {
    await simulator.reset({ track });
    await simulator.step({ ...COAST, restart: true });
    t.true(simulator.raceOver);
    await throws(t, 'ERR_RACE_OVER', () => simulator.step(COAST));
  });

  check('renders nothing without a camera', async (t, simulator) => {
    t.is(simulator.camera, undefined);
    await simulator.reset({ track });
    await throws(t, 'ERR_INVALID_ARGUMENT', () =>
      simulator.renderCamera(new Uint8Array(CAMERA.width * CAMERA.height * 3)),
    );
  });

  if (contract.hasCamera) {
    check(
      'renders the instant of the last sensors',
      async (t, simulator) => {
        t.deepEqual(simulator.camera, CAMERA);
        await simulator.reset({ track });
        await drive(simulator, 3, { accel: 1 });
        const pixels = new Uint8Array(CAMERA.width * CAMERA.height * 3);
        t.deepEqual(await simulator.renderCamera(pixels), { tick: 3, width: CAMERA.width, height: CAMERA.height });
        t.true(new Set(pixels).size > 10, 'a picture of a road has more than ten shades');
        const before = pixels.slice();
        await drive(simulator, 100, { accel: 1 });
        t.is((await simulator.renderCamera(pixels)).tick, 103);
        t.notDeepEqual(pixels, before);
        await throws(t, 'ERR_INVALID_ARGUMENT', () => simulator.renderCamera(new Uint8Array(5)));
      },
      CAMERA,
    );
  }

  check('can be closed twice, and drives no more', async (t, simulator) => {
    await simulator.reset({ track });
    await simulator.close();
    await simulator.close();
    t.true(simulator.raceOver);
    await t.throwsAsync(() => simulator.step(COAST), { instanceOf: TorcsPilotError });
    await t.throwsAsync(() => simulator.reset({ track }), { instanceOf: TorcsPilotError });
  });
}
