import test from 'ava';
import { compileTrack } from '../../../src/simulator/query/index.ts';
import { Race } from '../../../src/simulator/race/race.ts';
import { RaceClock } from '../../../src/simulator/race/race-clock.ts';
import { slipstream } from '../../../src/simulator/race/slipstream.ts';
import { readOpponents } from '../../../src/simulator/sensors/opponents.ts';
import { Car } from '../../../src/simulator/vehicle/car.ts';
import { CAR1_TRB1 } from '../../../src/simulator/vehicle/car1-trb1.ts';
import { oval } from './test-tracks.ts';

const track = compileTrack(oval());
const newCar = () => new Car(CAR1_TRB1, { damage: true, fuel: true }, track.pieces[0]!);

test('ticks fall where the game’s sums of 2 ms put them', (t) => {
  const clock = new RaceClock();
  const reported: string[] = [];
  while (clock.time < 3.05) if (clock.advance()) reported.push((clock.time - 0.002).toFixed(3));
  t.is(reported.filter((time) => time.startsWith('-')).length, 49);
  t.is(reported[0], '-0.982');
  t.is(reported[48], '-0.022');
  t.deepEqual(reported.slice(49, 56), ['0.018', '0.038', '0.058', '0.078', '0.098', '0.118', '0.138']);
  for (const time of ['2.864', '2.886', '2.908', '2.930', '2.952', '2.974', '2.996', '3.018']) {
    t.true(reported.includes(time), time);
  }
});

test('the first 100 s have 2094 ticks of 20 ms and 2641 of 22 ms', (t) => {
  const clock = new RaceClock();
  const counts = { 10: 0, 11: 0 } as Record<number, number>;
  let steps = 0;
  while (clock.time < 100) {
    steps++;
    if (!clock.advance()) continue;
    if (clock.time > 0.03) counts[steps] = (counts[steps] ?? 0) + 1;
    steps = 0;
  }
  t.deepEqual(counts, { 10: 2094, 11: 2641 });
});

test('a slipstream is felt behind a fast car, a push before one, nothing beside', (t) => {
  const [first, second] = [newCar(), newCar()];
  for (const car of [first, second]) {
    car.body.speedX = car.body.velocityX = 50;
    car.body.yaw = 0;
  }
  second.body.x = -10;
  t.is(slipstream(second, [second]), 1);
  const behind = slipstream(second, [first, second]);
  t.true(Math.abs(behind - (1 - Math.exp(-20 / (0.6417 * 50)))) < 1e-3, `${behind}`);
  const before = slipstream(first, [first, second]);
  t.true(before < 1 && before > 0.85, `${before}`);
  second.body.x = 0;
  second.body.y = 5;
  t.is(slipstream(second, [first, second]), 1);
});

test('opponents lie in sectors, clockwise from straight behind', (t) => {
  const [own, other] = [newCar(), newCar()];
  const sectorsOf = (x: number, y: number) => {
    other.body.x = x;
    other.body.y = y;
    return readOpponents(own, [own, other]).flatMap((distance, sector) => (distance < 200 ? [[sector, distance]] : []));
  };
  t.deepEqual(
    sectorsOf(17, -0.1).map(([sector]) => sector),
    [18],
    'ahead, slightly right',
  );
  t.deepEqual(sectorsOf(9.5, -4)[0]![0], 20);
  t.true(Math.abs(sectorsOf(9.5, -4)[0]![1]! - 10.3078) < 1e-4);
  t.deepEqual(
    sectorsOf(0.1, 5).map(([sector]) => sector),
    [9],
    'left',
  );
  t.deepEqual(
    sectorsOf(0, -5).map(([sector]) => sector),
    [27],
    'right',
  );
  t.deepEqual(sectorsOf(-20, 0), [], 'exactly behind nothing is seen');
  t.deepEqual(sectorsOf(250, 0), [], 'nor further than 200 m');
  other.removed = 1;
  t.deepEqual(sectorsOf(17, 0), [], 'nor what was taken off the track');
});

test('a wrecked car rolls out and is taken off the track', (t) => {
  const car = newCar();
  const race = new Race(track, [car], [0], 5, 100);
  race.toFirstTick();
  while (race.clock.running === 0) race.toNextTick();
  car.damage = 10_001;
  for (let i = 0; i < 500 && race.ended === 0; i++) {
    car.command.accel = 1;
    car.command.gear = 1;
    race.toNextTick();
  }
  t.is(car.removed, 1);
  t.is(race.ended, 1);
  t.is(car.engine.speed, 0);
  t.is(car.gearbox.gear, 0);
});

test('cars stand on the grid where the game puts them', (t) => {
  const grid = compileTrack(
    oval({
      startingGrid: {
        rows: 2,
        distanceToStartM: 200,
        distanceBetweenColumnsM: 20,
        offsetWithinColumnM: 10,
        polePosition: 'left',
      },
    }),
  );
  const cars = [0, 1, 2].map(() => new Car(CAR1_TRB1, { damage: true, fuel: true }, grid.pieces[0]!));
  new Race(grid, cars, [0, 1, 2], 5, undefined);
  const places = cars.map(({ position }) => [grid.lengthM - position.distanceFromStart, position.toRight]);
  for (const [i, [behind, toRight]] of [
    [200, 8],
    [210, 4],
    [220, 8],
  ].entries()) {
    t.true(Math.abs(places[i]![0]! - behind!) < 0.5, `${places[i]![0]} m before the line`);
    t.true(Math.abs(places[i]![1]! - toRight!) < 0.3, `${places[i]![1]} m from the right`);
  }
});
