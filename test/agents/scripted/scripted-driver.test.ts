import test from 'ava';
import { ScriptedDriver } from '../../../src/agents/index.ts';
import { TrackMemory } from '../../../src/agents/scripted/track-memory.ts';
import type { Observation } from '../../../src/core/environment.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { DrivingEnvironment, type DrivingInfo } from '../../../src/environments/index.ts';
import { EmbeddedSimulator, TrackLibrary } from '../../../src/simulator/index.ts';
import { runEpisodes } from '../../../src/training/loop.ts';

const driver = new ScriptedDriver();
const tracks = new TrackLibrary();

async function race(track: string, policy: Policy, laps: number, noise = false) {
  const environment = new DrivingEnvironment({
    simulator: new EmbeddedSimulator({ track }),
    options: {
      actions: 'controls',
      laps,
      noise,
      timeLimitS: 400,
      offTrackLimit: null,
      backwards: false,
      rangeFinderAnglesDeg: [...driver.rangeFinderAnglesDeg],
      noProgress: { distanceM: 5, windowS: 60 },
    },
  });
  const [summary] = await runEpisodes({ environment, policy });
  await environment.close();
  return summary!.info as DrivingInfo;
}

for (const track of ['copper-bowl', 'vine-hills', 'lantern-street', 'clay-pit']) {
  test(`laps ${track}, and faster once it knows the road`, async (t) => {
    const info = await race(track, new ScriptedDriver(), 2);
    t.is(info.reason, 'laps-done');
    t.true(info.lapTimesS[1]! < info.lapTimesS[0]!, `${info.lapTimesS}`);
    t.true(info.damage < 1000);
    // Well above what a cautious driver does: 28 m/s even where it is narrow and twisty.
    t.true(tracks.get(track).lengthM / info.lapTimesS[1]! > 28, `${info.lapTimesS}`);
  });
}

test('is deterministic, and starts each episode knowing nothing', async (t) => {
  const policy = new ScriptedDriver();
  const first = await race('copper-bowl', policy, 1);
  t.deepEqual(await race('copper-bowl', policy, 1), first);
});

test('drives on with noisy range finders', async (t) => {
  t.is((await race('copper-bowl', new ScriptedDriver(), 1, true)).reason, 'laps-done');
});

test('finds back after it was driven into the barriers', async (t) => {
  const own = new ScriptedDriver();
  let tick = 0;
  const vandal: Policy = {
    name: 'vandal',
    act: (observation: Observation) => {
      const action = own.act(observation);
      tick++;
      const hijacked = (tick > 400 && tick < 600) || (tick > 1200 && tick < 1500);
      return hijacked ? Float32Array.of(tick % 200 < 100 ? 1 : -1, 0.8, 0, action[3]!, 0) : action;
    },
  };
  const info = await race('lantern-street', vandal, 2);
  t.is(info.reason, 'laps-done');
});

test('learns curvature, width and length of the road as they are', async (t) => {
  const track = tracks.get('vine-hills');
  const simulator = new EmbeddedSimulator({ track: 'vine-hills' });
  const own = new ScriptedDriver();
  const memory = new TrackMemory(own.rangeFinderAnglesDeg);
  let sensors = await simulator.reset({ rangeFinderAnglesDeg: own.rangeFinderAnglesDeg });
  while (sensors.distRaced < track.lengthM + 100) {
    memory.observe(sensors, (sensors.speedX / 3.6) * 0.02);
    sensors = await simulator.step(own.drive(sensors));
  }
  t.true(Math.abs(memory.widthM - track.widthM) < 0.01);
  t.true(Math.abs(memory.lapLengthM! - track.lengthM) < 1);
  let squares = 0;
  for (const { kind, radius, startDistance, length } of track.segments) {
    const truth = kind === 'straight' ? 0 : (kind === 'left' ? 1 : -1) / radius;
    squares += length * (memory.curvatureAt(startDistance + length / 2) - truth) ** 2;
  }
  t.true(Math.sqrt(squares / track.lengthM) < 0.003, `${Math.sqrt(squares / track.lengthM)}`);
});

test('refuses observations without sensors', (t) => {
  t.throws(() => driver.act({ state: new Float32Array(29) }), { code: 'ERR_INVALID_ARGUMENT' });
});
