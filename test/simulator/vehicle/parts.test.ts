import test from 'ava';
import { compileTrack } from '../../../src/simulator/query/index.ts';
import { BarrierContact } from '../../../src/simulator/vehicle/barrier-contact.ts';
import { Car } from '../../../src/simulator/vehicle/car.ts';
import { CAR1_TRB1 } from '../../../src/simulator/vehicle/car1-trb1.ts';
import { Command } from '../../../src/simulator/vehicle/command.ts';
import { Engine } from '../../../src/simulator/vehicle/engine.ts';
import { Gearbox } from '../../../src/simulator/vehicle/gearbox.ts';
import { DEFAULT_CONTROLS } from '../../../torcs-client/controls.ts';
import { oval } from './test-tracks.ts';

const track = compileTrack(oval());
const rules = { damage: true, fuel: true };
const newCar = () => new Car(CAR1_TRB1, rules, track.pieces[0]!);
const close = (value: number, expected: number, tolerance: number) => Math.abs(value - expected) <= tolerance;

test('derived constants are those that the game computes', (t) => {
  const { body, wheels, air } = newCar();
  t.true(close(1 / body.inverseYaw, 1113.3, 0.01));
  t.true(close(1 / body.inverseRoll, 476.64, 0.01));
  t.true(close(1 / body.inversePitch, 2073.87, 0.01));
  t.true(close(wheels[0].x, 1.2672, 1e-9) && close(wheels[2].x, -1.3728, 1e-9));
  t.true(close(wheels[0].radius, 0.3306, 1e-9) && close(wheels[3].radius, 0.3276, 1e-9));
  t.true(close(wheels[0].brakeCoefficient * 29e6 * 0.54, 5950.8, 0.1), 'brake torque of a front wheel');
  t.true(close(wheels[2].brakeCoefficient * 29e6 * 0.46, 2201.1, 0.1), 'and of a rear one');
  t.true(close(air.wake, 0.6417, 1e-4));
});

test('the tyre follows the published points of its curve and loses grip with load', (t) => {
  const wheel = newCar().wheels[0];
  const grip = (slip: number, load: number) => {
    // Sliding straight ahead at 10 m/s with a wheel that turns too slowly; twice, because forces are averaged.
    wheel.hubSpeedX = 10;
    wheel.hubSpeedY = 0;
    wheel.spin = (10 * (1 - slip)) / wheel.radius;
    wheel.suspension.force = load;
    wheel.tyre.update(wheel);
    wheel.tyre.update(wheel);
    return -wheel.tyre.forceX / (load * 1.2 * 1.04755);
  };
  const operatingLoad = 3518.626;
  for (const [slip, expected] of [
    [0.02, 0.376],
    [0.1, 0.949],
    [0.5, 1.125],
    [1.5, 1.302],
  ] as const) {
    t.true(close(grip(slip, operatingLoad) / 1.6, expected, 0.001), `${grip(slip, operatingLoad) / 1.6} at ${slip}`);
  }
  t.true(close(grip(1, operatingLoad * 2) / grip(1, operatingLoad), 1.36 / 1.6, 1e-3));
  wheel.suspension.force = -50;
  wheel.tyre.update(wheel);
  wheel.tyre.update(wheel);
  t.true(wheel.tyre.forceX === 0, 'a wheel in the air has no grip');
});

test('the engine gives its curve at full gas, brakes without gas, and stops at the limiter', (t) => {
  const engine = new Engine(CAR1_TRB1, true);
  const command = new Command();
  command.accel = 1;
  engine.speed = 8000 * 0.104719755;
  engine.updateTorque(command, false);
  t.true(close(engine.torque, 483, 0.01), `${engine.torque}`);
  command.accel = 0;
  engine.updateTorque(command, false);
  t.true(close(engine.torque, -483 * ((0.33 * 7100) / 9100), 0.05), `${engine.torque}`);
  t.true(engine.fuel < 94);
  engine.speed = 9500 * 0.104719755;
  engine.updateTorque(command, false);
  t.is(engine.torque, 0);
  t.true(close(engine.speed * 10, 9583.95, 0.01));
  engine.updateTorque(command, true);
  t.is(engine.speed, 0, 'a dead engine stands');
});

test('a shift opens the clutch for 0.15 s and cuts the gas; requests meanwhile are lost', (t) => {
  const gearbox = new Gearbox(CAR1_TRB1);
  const command = new Command();
  command.set({ ...DEFAULT_CONTROLS, gear: 1, accel: 1 });
  gearbox.update(command);
  gearbox.update(command);
  t.is(gearbox.gear, 1);
  t.is(gearbox.ratio, 13.5);
  let open = 0;
  for (let i = 0; i < 200; i++) {
    command.set({ ...DEFAULT_CONTROLS, gear: i < 20 ? 2 : 1, accel: 1 });
    gearbox.update(command);
    if (gearbox.transfer === 0) {
      open++;
      t.is(command.accel, 0.1);
    }
  }
  t.is(gearbox.gear, 1);
  t.true(close(open, 75, 2), `${open} steps of 2 ms`);
  command.set({ ...DEFAULT_CONTROLS, gear: 9 });
  gearbox.update(command);
  t.is(gearbox.gear, 1, 'there is no ninth gear');
});

test('steering follows at 360 degrees a second, the outer wheel turns less', (t) => {
  const car = newCar();
  const [right, left] = car.wheels;
  let steps = 0;
  while (left.steer < CAR1_TRB1.steerLockRad - 1e-9 && steps++ < 1000) car.steering.update(1, right, left);
  t.true(close(steps * 0.002, 21 / 360, 0.003), `${steps} steps to full lock`);
  t.true(right.steer > 0.2 && right.steer < left.steer);
  for (let i = 0; i < 200; i++) car.steering.update(-1, right, left);
  t.true(close(right.steer, -CAR1_TRB1.steerLockRad, 1e-9) && left.steer > right.steer);
});

test('commands are clamped, and what is no number is 0', (t) => {
  const command = new Command();
  command.set({ ...DEFAULT_CONTROLS, accel: 5, brake: -1, steer: Number.NaN, clutch: Number.POSITIVE_INFINITY });
  t.deepEqual([command.accel, command.brake, command.steer, command.clutch], [1, 0, 0, 0]);
});

test('a car at rest stands on its springs with its weight on the wheels', (t) => {
  const car = newCar();
  const piece = track.pieceAt(100);
  car.place(piece, piece.startRightX + 6 * -piece.headingY, piece.startRightY + 6 * piece.headingX, 0.3 + 0.2, 0);
  car.command.set({ ...DEFAULT_CONTROLS, gear: 0, brake: 1 });
  for (let i = 0; i < 1000; i++) car.step(1);
  const load = car.wheels.reduce((sum, wheel) => sum + wheel.tyre.load, 0);
  t.true(close(load, (1150 + 94) * 9.80665, 150), `${load} N`);
  t.true(close(car.wheels[0].gap, 0.09, 0.01), `front ${car.wheels[0].gap} m`);
  t.true(close(car.wheels[2].gap, 0.105, 0.01), `rear ${car.wheels[2].gap} m`);
  t.is(car.damage, 0);
});

test('drag and wings balance the sixth gear at some 300 km/h', (t) => {
  const car = newCar();
  for (const wheel of car.wheels) wheel.gap = wheel.x > 0 ? 0.09 : 0.105;
  car.body.speedX = car.body.speed = 84;
  car.air.update(car.body, car.wheels, 0, 1);
  t.true(close(-car.air.forceX / 84 ** 2, 0.6739, 0.001), `${-car.air.forceX / 84 ** 2}`);
  t.true(close(-car.air.frontGroundEffect / (0.69 * 84 ** 2), 1.407, 0.002));
  const alone = car.air.forceX;
  car.air.update(car.body, car.wheels, 10_000, 1);
  t.true(close(car.air.forceX / alone, 2, 1e-9), 'damage doubles the drag');
  car.air.update(car.body, car.wheels, 0, 0.8);
  t.true(car.air.forceX > alone, 'a slipstream lowers it');
});

test('a head-on hit at 10 m/s costs what the game takes, corner by corner', (t) => {
  const car = newCar();
  const piece = track.pieceAt(100);
  // Road 12 m and grass 5 m wide: the front corners, 2.26 m before the centre, are 1 cm beyond the left barrier.
  const across = 12 + 5 + 0.01 - 2.26;
  const [x, y] = [piece.startRightX + 50, piece.startRightY + across];
  car.place(piece, x, y, 0.3, Math.PI / 2);
  // As after a step: a car that was just placed has no direction yet, as in the game.
  car.body.sinYaw = 1;
  car.body.velocityY = 10;
  new BarrierContact(car).update(x, y);
  // First corner 10 (0.5 10² + 0.005 2 10) 0.8 = 400 points, after which the car goes in at 5 m/s: 100 for the second.
  t.is(car.damage, 500);
  t.true(close(car.body.velocityY, 0, 1e-9), 'half of the corner speed came back, twice');
});
