import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { EmbeddedSimulator } from '../../src/simulator/embedded-simulator.ts';
import type { EmbeddedSimulatorOptions } from '../../src/simulator/embedded-simulator-options.ts';
import type { EmbeddedSimulatorState } from '../../src/simulator/embedded-simulator-state.ts';
import type { OpponentDriver } from '../../src/simulator/race/driven-race.ts';
import { DEFAULT_CONTROLS } from '../../torcs-client/controls.ts';
import { InvalidArgumentError } from '../../torcs-client/errors.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import { driveSafely, testSimulatorContract } from '../contract/simulator.ts';
import { hills, oval } from './vehicle/test-tracks.ts';

const tracks = new Map([oval(), hills()].map((track) => [track.name, track]));

function loadTrack(name: string) {
  const track = tracks.get(name);
  if (track === undefined) throw new InvalidArgumentError(`Expected a track of the test, got ${name}`);
  return track;
}

function simulator(options: Partial<EmbeddedSimulatorOptions> = {}): EmbeddedSimulator {
  return new EmbeddedSimulator({ loadTrack, track: 'oval', ...options });
}

testSimulatorContract(test, {
  title: 'embedded',
  create: (camera) => simulator(camera === undefined ? {} : { camera }),
  track: 'oval',
  otherTrack: 'hills',
  hasCamera: true,
});

function drive(driven: EmbeddedSimulator, first: Sensors, ticks: number): Sensors[] {
  const all = [first];
  for (let i = 0; i < ticks; i++) all.push(driven.stepSync(driveSafely(all.at(-1)!)));
  return all;
}

test('its own tracks are found without telling how', (t) => {
  const driven = new EmbeddedSimulator();
  driven.resetSync();
  t.is(driven.track?.name, 'harbour-oval');
  t.throws(() => driven.resetSync({ track: 'nowhere' }), { code: 'ERR_INVALID_ARGUMENT', message: /nowhere/ });
});

test('unknown and wrong options are refused by name', (t) => {
  for (const options of [{ cars: 0 }, { cars: 11 }, { colour: 'red' }, { opponents: [3] }]) {
    const error = t.throws(() => new EmbeddedSimulator(options as unknown as EmbeddedSimulatorOptions), {
      code: 'ERR_INVALID_ARGUMENT',
    });
    t.regex(error?.message ?? '', new RegExp(Object.keys(options)[0]!));
  }
  t.throws(() => simulator().resetSync({ startDistanceM: 5000 }), { message: /length of oval/ });
});

test('two simulators with the same seed and controls agree to the bit', (t) => {
  const runs = [simulator(), simulator()].map((one) => drive(one, one.resetSync({ noise: true, seed: 3 }), 2000));
  t.deepEqual(runs[0], runs[1]);
  const other = simulator();
  t.notDeepEqual(other.resetSync({ noise: true, seed: 4 }).track, runs[0]![0]!.track);
});

test('a restored race goes on to the bit, after JSON too, in another simulator', (t) => {
  const opponents = [{ drive: driveSafely }];
  const original = simulator({ opponents });
  const middle = drive(original, original.resetSync({ noise: true, track: 'hills', laps: 3 }), 900).at(-1)!;
  const state = JSON.parse(JSON.stringify(original.saveState())) as EmbeddedSimulatorState;
  const expected = drive(original, middle, 1500);
  const copy = simulator({ opponents });
  t.deepEqual(copy.restoreState(state)[0], middle);
  t.is(copy.tick, 900);
  t.deepEqual(drive(copy, middle, 1500), expected);
  t.throws(() => simulator().restoreState(state), { code: 'ERR_INVALID_ARGUMENT' });
  t.throws(() => copy.restoreState({ ...state, format: 'other' }), { code: 'ERR_INVALID_ARGUMENT' });
});

test('an aligned lap costs no damage, and its time is the clock between two crossings', (t) => {
  const driven = simulator();
  const sensors = drive(driven, driven.resetSync(), 6000);
  const crossing = sensors.findIndex((one) => one.lastLapTime > 0);
  t.true(crossing > 0);
  const before = sensors[crossing - 1]!;
  t.true(Math.abs(sensors[crossing]!.lastLapTime - before.curLapTime) < 0.03);
  t.is(sensors.at(-1)!.damage, 0);
  t.true(sensors.every((one) => Math.abs(one.trackPos) < 1));
  t.true(sensors.at(-1)!.distRaced > 1177);
});

test('a wall stops the car and damages it, unless damage is off', async (t) => {
  for (const damage of [true, false]) {
    const driven = simulator();
    driven.resetSync({ damage });
    let sensors: Sensors | undefined;
    for (let i = 0; i < 800; i++) sensors = driven.stepSync({ ...DEFAULT_CONTROLS, accel: 1, gear: 2, steer: 0.02 });
    t.is(sensors!.damage > 0, damage, `damage ${sensors!.damage}`);
    t.true(Math.abs(sensors!.trackPos) < 2, 'the barriers keep the car in');
    t.true(sensors!.track.every((reading) => reading === -1) || Math.abs(sensors!.trackPos) <= 1);
  }
});

test('a pit wall keeps the car on the road', (t) => {
  const wall = { border: { style: 'wall', width: 0.8, height: 1, surface: 'barrier' } } as const;
  const walled = oval({
    right: { width: 12, surface: 'grass', ...wall },
    left: { width: 12, surface: 'grass', ...wall },
  });
  const driven = simulator({ loadTrack: () => walled });
  let sensors = driven.resetSync({ startDistanceM: 20 });
  let furthest = 0;
  for (let i = 0; i < 600; i++) {
    sensors = driven.stepSync({ ...DEFAULT_CONTROLS, accel: 0.6, gear: 2, steer: i < 250 ? -0.03 : 0 });
    furthest = Math.max(furthest, Math.abs(sensors.trackPos));
  }
  t.true(sensors.damage > 0, 'the wall was hit');
  t.true(furthest < 1.1, `trackPos went to ${furthest}`);
});

test('a car that stands still is eliminated in the end, and the race is over', (t) => {
  const driven = simulator();
  let sensors = driven.resetSync();
  while (!driven.raceOver) sensors = driven.stepSync({ ...DEFAULT_CONTROLS, gear: 0, brake: 1 });
  // 84.5 s and a second for each ten metres of lap.
  const limit = 84.5 + driven.track!.lengthM / 10;
  t.true(Math.abs(sensors.curLapTime - limit) < 0.1, `${sensors.curLapTime} s instead of ${limit} s`);
});

test('going backwards over the line and on again is no lap', (t) => {
  const driven = simulator();
  let sensors = driven.resetSync({ startDistanceM: 15 });
  const go = (gear: number, until: (one: Sensors) => boolean) => {
    for (let i = 0; i < 2000 && !until(sensors); i++)
      sensors = driven.stepSync({ ...DEFAULT_CONTROLS, gear, accel: 0.5 });
  };
  go(-1, (one) => one.distFromStart > 1000 && one.distFromStart < driven.track!.lengthM - 5);
  t.true(sensors.distRaced < -15, `${sensors.distRaced}`);
  for (let crossing = 0; crossing < 2; crossing++) {
    go(1, (one) => one.distFromStart > 20 && one.distFromStart < 100);
    t.is(sensors.lastLapTime, 0);
    go(-1, (one) => one.distFromStart > 1000 && one.distFromStart < driven.track!.lengthM - 5);
  }
});

/** Stands on the brake. */
const parked: OpponentDriver = { drive: () => ({ ...DEFAULT_CONTROLS, brake: 1 }) };

test('an opponent has range finders of its own and is told of each race', (t) => {
  const seen: (readonly number[])[] = [];
  let races = 0;
  const opponent: OpponentDriver = {
    reset: () => void races++,
    drive: (sensors) => {
      seen.push(sensors.track);
      return { ...DEFAULT_CONTROLS, brake: 1 };
    },
    rangeFinderAnglesDeg: new Array<number>(19).fill(-90),
  };
  const driven = simulator({ opponents: [opponent] });
  const mine = driven.resetSync();
  t.is(new Set(seen.at(-1)).size, 1, 'all of its finders look left');
  t.true(new Set(mine.track).size > 5, 'ours look everywhere');
  driven.resetSync();
  t.is(races, 2);
});

test('several cars are driven at once, see each other, and know their places', (t) => {
  const driven = simulator({ cars: 2, opponents: [parked] });
  const all = driven.resetAllSync({ startDistanceM: 100 });
  t.is(all.length, 2);
  t.deepEqual(
    all.map((one) => one.racePos),
    [2, 3],
    'the opponent stands in front',
  );
  t.true(Math.abs(all[0]!.distFromStart - 100) < 0.5, 'car 0 stands where it was asked to');
  t.true(
    all[1]!.opponents.slice(17, 19).some((distance) => Math.abs(distance - 20) < 0.5),
    'the first is ahead',
  );
  t.deepEqual(
    all[0]!.opponents.filter((distance) => distance < 200).map(Math.round),
    [20],
    'the opponent ahead is seen; a car exactly behind is in no sector',
  );
  t.throws(() => driven.stepSync(DEFAULT_CONTROLS), { code: 'ERR_INVALID_ARGUMENT', message: /2 cars/ });
});

test('a car that passes another one takes its place', (t) => {
  const lanes = oval({ startingGrid: { rows: 2, distanceToStartM: 300, initialHeightM: 0.2 } });
  const driven = simulator({ cars: 2, loadTrack: () => lanes });
  let all = driven.resetAllSync();
  const lane = all[1]!.trackPos;
  t.true(Math.abs(lane) > 0.3 && all[0]!.trackPos * lane < 0, 'side by side');
  for (let i = 0; i < 500; i++) {
    const second = all[1]!;
    const controls = driveSafely({ ...second, trackPos: second.trackPos - lane });
    all = driven.stepAllSync([{ ...DEFAULT_CONTROLS, brake: 1 }, controls]);
  }
  t.deepEqual(
    all.map((one) => one.racePos),
    [2, 1],
  );
  t.deepEqual(
    all.map((one) => one.damage),
    [0, 0],
  );
});

test('a car that is rammed from behind is pushed and both are damaged', (t) => {
  const driven = simulator({ cars: 2 });
  let all = driven.resetAllSync({ startDistanceM: 100 });
  const start = all[0]!.distFromStart;
  for (let i = 0; i < 250; i++) {
    all = driven.stepAllSync([
      { ...DEFAULT_CONTROLS, gear: 0 },
      { ...DEFAULT_CONTROLS, accel: 1 },
    ]);
  }
  t.true(all[0]!.damage > 0 && all[1]!.damage > 0, `damage ${all[0]!.damage} and ${all[1]!.damage}`);
  t.true(all[0]!.distRaced > 0.5, `pushed ${all[0]!.distRaced} m from ${start}`);
  t.true(all.every((one) => Number.isFinite(one.speedX)));
});

test('whatever three drivers do, all sensors stay finite and in their ranges', (t) => {
  const random = new Random(5);
  const driven = simulator({ cars: 3 });
  for (const track of tracks.keys()) {
    let all = driven.resetAllSync({ track, startDistanceM: random.between(0, 1000) });
    let controls = all.map(() => DEFAULT_CONTROLS);
    for (let tick = 0; tick < 2000 && !driven.raceOver; tick++) {
      if (tick % 25 === 0) {
        controls = all.map(() => ({
          ...DEFAULT_CONTROLS,
          steer: random.between(-1, 1) ** 3,
          accel: random.uniform() < 0.8 ? 1 : 0,
          brake: random.uniform() < 0.1 ? 1 : 0,
          gear: random.uniform() < 0.05 ? -1 : 1 + random.below(3),
        }));
      }
      all = driven.stepAllSync(controls);
      const wrong = all.filter(
        (one) =>
          ![one.angle, one.distRaced, one.speedX, one.speedY, one.speedZ, one.rpm, one.z].every(Number.isFinite) ||
          !one.wheelSpinVel.every(Number.isFinite) ||
          !one.track.every((reading) => reading === -1 || (reading >= 0 && reading <= 200)) ||
          Math.abs(one.z) > 20,
      );
      if (wrong.length > 0) t.fail(`tick ${tick} on ${track}: ${JSON.stringify(wrong[0])}`);
    }
  }
  t.pass();
});
