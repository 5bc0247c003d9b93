import test from 'ava';
import { FilmDivergedError, FilmedSimulator } from '../../src/cli/replay/filmed-simulator.ts';
import { Handover, HandoverClosedError } from '../../src/cli/replay/handover.ts';
import { commandsOf } from '../../src/cli/replay/recorded-episode.ts';
import { EmbeddedSimulator } from '../../src/simulator/index.ts';
import { DEFAULT_CONTROLS } from '../../torcs-client/controls.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';

test('a handover waits for the taker, value by value', async (t) => {
  const handover = new Handover<number>();
  const told: string[] = [];
  const giving = (async () => {
    for (let i = 0; i < 3; i++) {
      told.push(`give ${i}`);
      await handover.give(i);
    }
    handover.end();
  })();
  for await (const value of handover.values()) told.push(`take ${value}`);
  await giving;
  t.deepEqual(told, ['give 0', 'take 0', 'give 1', 'take 1', 'give 2', 'take 2']);
});

test('a taker that leaves is told to the giver, and an error of the giver to the taker', async (t) => {
  const handover = new Handover<number>();
  const giving = handover.give(1);
  for await (const value of handover.values()) {
    t.is(value, 1);
    break;
  }
  await t.throwsAsync(giving, { instanceOf: HandoverClosedError });
  await t.throwsAsync(handover.give(2), { instanceOf: HandoverClosedError });
  const broken = new Handover<number>();
  broken.end(new Error('crashed'));
  await t.throwsAsync(broken.values().next(), { message: 'crashed' });
});

const camera = { width: 8, height: 6, view: 'road', panels: false } as const;
const go = { ...DEFAULT_CONTROLS, accel: 1 };

test('a race is driven twice with the same controls, and filmed as it stands', async (t) => {
  const driven = new EmbeddedSimulator();
  const filmed = new EmbeddedSimulator({ camera });
  const ticks: number[] = [];
  const alone = new EmbeddedSimulator({ camera });
  const simulator = new FilmedSimulator(driven, filmed, async ({ sensors, controls }) => {
    t.is(controls, go);
    ticks.push(sensors.distRaced);
  });
  let sensors = await simulator.reset({ seed: 3 });
  const expected = [await alone.reset({ seed: 3 })];
  for (let i = 0; i < 20; i++) {
    sensors = await simulator.step(go);
    expected.push(await alone.step(go));
  }
  t.deepEqual(sensors, expected.at(-1));
  t.deepEqual(
    ticks,
    expected.slice(0, -1).map(({ distRaced }) => distRaced),
    'before each step, what was then',
  );
  t.is(simulator.tick, 20);
  t.is(simulator.camera, undefined, "the driver's own, not the film's");
  const [one, other] = [new Uint8Array(144), new Uint8Array(144)];
  await simulator.renderFilm(one);
  await alone.renderCamera(other);
  t.deepEqual(one, other);
  await simulator.close();
  await t.throwsAsync(driven.step(go));
  await t.throwsAsync(filmed.step(go));
});

test('two races that go apart are no film', async (t) => {
  class Drifting extends EmbeddedSimulator {
    override async step(controls: typeof go): Promise<Sensors> {
      const sensors = await super.step(controls);
      return this.tick === 3 ? { ...sensors, trackPos: sensors.trackPos + 1e-12 } : sensors;
    }
  }
  const simulator = new FilmedSimulator(new EmbeddedSimulator(), new Drifting({ camera }), async () => {});
  await simulator.reset();
  await simulator.step(go);
  await simulator.step(go);
  const error = await t.throwsAsync(simulator.step(go), { instanceOf: FilmDivergedError });
  t.is(error?.code, 'ERR_FILM_DIVERGED');
  t.regex(error!.message, /got other trackPos at tick 3 of embedded/);
  await simulator.close();
});

test('a race that is over leaves the last picture', async (t) => {
  const simulator = new EmbeddedSimulator({ camera });
  const filmed = new FilmedSimulator(simulator, simulator, async () => {});
  await filmed.reset();
  const picture = new Uint8Array(144).fill(9);
  await filmed.step({ ...go, restart: true });
  t.true(filmed.raceOver);
  await filmed.renderFilm(picture);
  t.true(picture.every((value) => value === 9));
});

test('actions of every kind tell what was commanded', (t) => {
  const read = (names: string[], values: number[]) => commandsOf(names, Float32Array.from(values));
  t.deepEqual(read(['steer', 'accelerate', 'brake', 'gear', 'clutch'], [-1, 0.5, 0.25, 3, 0]), {
    steer: -1,
    accelerate: 0.5,
    brake: 0.25,
  });
  t.deepEqual(read(['steer', 'pedal'], [0.5, -1]), { steer: 0.5, accelerate: 0, brake: 1 });
  t.deepEqual(read(['steer', 'pedal'], [0.5, 0.75]), { steer: 0.5, accelerate: 0.75, brake: 0 });
  t.is(read(['torque'], [1]), undefined);
});
