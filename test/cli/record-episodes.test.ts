import test from 'ava';
import { makeDriving } from '../../src/cli/compose/environment.ts';
import { makeExpertEnvironment, ScriptedExpert } from '../../src/cli/compose/expert.ts';
import { EXPERT_MARGIN } from '../../src/cli/compose/expert-margin.ts';
import { Disturbance } from '../../src/cli/record/disturbance.ts';
import { recordEpisodes } from '../../src/cli/record/index.ts';
import { type EpisodeSummary, type Observation, type Policy, Random, type Transition } from '../../src/core/index.ts';
import { DrivingEnvironment } from '../../src/environments/index.ts';
import { runEpisodes } from '../../src/training/index.ts';
import { FakeSimulator } from '../environments/fake-simulator.ts';
import { learner } from './dataset-support.ts';

const NO_CAMERA = { camera: undefined, pixels: undefined } as const;

/** Keeps what it is told. */
class Notes {
  readonly episodes: { track: unknown; transitions: Transition[]; summary?: EpisodeSummary }[] = [];
  readonly labels: (Float32Array | undefined)[] = [];
  readonly #expert: ScriptedExpert;

  constructor(expert: ScriptedExpert) {
    this.#expert = expert;
  }

  onReset({ info }: { info: Readonly<Record<string, unknown>> }): void {
    this.episodes.push({ track: info['track'], transitions: [] });
  }

  onStep(transition: Transition): void {
    this.episodes.at(-1)!.transitions.push(transition);
    this.labels.push(this.#expert.action);
  }

  onEnd(summary: EpisodeSummary): void {
    this.episodes.at(-1)!.summary = summary;
  }

  get transitions(): Transition[] {
    return this.episodes.flatMap(({ transitions }) => transitions);
  }
}

test('a disturbance comes in bursts, as strong as asked, and weaker in steering the faster the car', (t) => {
  const samples = (speedKmh: number, sigma = 2, seed = 1) => {
    const disturbance = new Disturbance({ actions: 'steer-pedal', sigma, stepS: 0.1 }, new Random(seed));
    disturbance.reset(new Random(seed));
    return Array.from({ length: 20_000 }, () => {
      const [steer = 0, pedal = 0] = disturbance.disturb(Float32Array.of(0, 0), speedKmh);
      return { steer, pedal, on: disturbance.isOn };
    });
  };
  const slow = samples(90);
  const on = slow.filter((sample) => sample.on);
  t.true(slow.every(({ steer, pedal, on }) => on || (steer === 0 && pedal === 0)));
  const share = on.length / slow.length;
  t.true(share > 0.25 && share < 0.4, `${share}`);
  const deviation = Math.sqrt(on.reduce((sum, { steer }) => sum + steer ** 2, 0) / on.length);
  // 2 m/s² at 25 m/s with a wheelbase of 2.64 m, as a share of the lock.
  const expected = (2 * 2.64) / 25 ** 2 / 0.366519;
  t.true(Math.abs(deviation / expected - 1) < 0.1, `${deviation} for ${expected}`);
  const fast = samples(180);
  for (const [i, { steer }] of fast.entries()) t.true(Math.abs(steer - slow[i]!.steer / 4) < 1e-6);
  const correlation =
    on.slice(1).reduce((sum, { steer }, i) => sum + steer * on[i]!.steer, 0) / (on.length * deviation ** 2);
  t.true(correlation > 0.7, `${correlation}`);
  t.deepEqual(samples(90), slow);
  t.notDeepEqual(samples(90, 2, 2), slow);
});

test('surges accelerate or brake for seconds, half of the pedal to all of it, and change nothing of the bursts', (t) => {
  const samples = (surge: number) => {
    const disturbance = new Disturbance({ actions: 'steer-pedal', sigma: 1, surge, stepS: 0.1 }, new Random(1));
    disturbance.reset(new Random(1));
    return Array.from({ length: 20_000 }, () => {
      const [steer, pedal] = disturbance.disturb(Float32Array.of(0, 0), 90);
      return { steer: steer!, pedal: pedal!, on: disturbance.isOn };
    });
  };
  const [without, surged] = [samples(0), samples(0.6)];
  t.deepEqual(
    surged.map(({ steer }) => steer),
    without.map(({ steer }) => steer),
  );
  const surges = surged.map(({ pedal }, i) => pedal - without[i]!.pedal);
  const on = surges.filter((pedal) => Math.abs(pedal) > 1e-6);
  t.true(on.every((pedal) => Math.abs(pedal) > 0.29 && Math.abs(pedal) < 0.61));
  t.true(surged.every(({ on }, i) => on || surges[i] === 0));
  const share = on.length / surges.length;
  t.true(share > 0.2 && share < 0.35, `${share} of the time`);
  const forward = on.filter((pedal) => pedal > 0).length / on.length;
  t.true(forward > 0.4 && forward < 0.6, `${forward} of it forward`);
  let begun = 0;
  for (let i = 1; i < surges.length; i++) if (surges[i] !== 0 && Math.abs(surges[i]! - surges[i - 1]!) > 1e-6) begun++;
  const lengthS = (0.1 * on.length) / begun;
  t.true(lengthS > 1.7 && lengthS < 2.3, `${lengthS} s each`);
});

test('a disturbed action stays within its space, and a full control keeps its gear', (t) => {
  for (const [actions, action] of [
    ['steer-pedal', [1, -1]],
    ['steer-accelerate-brake', [-1, 1, 0]],
    ['controls', [1, 0, 1, 3, 0.5]],
  ] as const) {
    const disturbance = new Disturbance({ actions, sigma: 20, surge: 1, stepS: 0.1 }, new Random(1));
    disturbance.reset(new Random(1));
    let changed = 0;
    for (let i = 0; i < 2000; i++) {
      const got = disturbance.disturb(Float32Array.from(action), 20);
      if (got.join() !== action.join()) changed++;
      t.true(got[0]! >= -1 && got[0]! <= 1);
      if (actions === 'steer-pedal') t.true(got[1]! >= -1 && got[1]! <= 1);
      else t.true(got[1]! >= 0 && got[1]! <= 1 && got[2]! >= 0 && got[2]! <= 1 && got[1]! * got[2]! === 0);
      t.deepEqual([...got.slice(3)], action.slice(3));
    }
    t.true(changed > 200);
  }
});

test('the expert sees each tick, and its label is for the observation of the decision', async (t) => {
  const seen: number[] = [];
  const expert = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5 });
  const watch = expert.watch.bind(expert);
  const environment = new DrivingEnvironment({
    simulator: new FakeSimulator(),
    options: { ...learner(NO_CAMERA).options, rangeFinderAnglesDeg: [...expert.rangeFinderAnglesDeg] },
    onTick: (sensors) => {
      seen.push(sensors.curLapTime);
      watch(sensors);
    },
  });
  const notes = new Notes(expert);
  await recordEpisodes({ environment, expert, writer: notes, tracks: ['a'], frames: 4, seed: 1 });
  t.is(seen.length, 21, 'the start, and four times five ticks');
  const { transitions } = notes;
  const again = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5 });
  for (const [i, { action }] of transitions.entries()) {
    t.deepEqual(notes.labels[i], action, 'nobody disturbs it');
    t.is(action.length, 2);
  }
  t.deepEqual(again.act(transitions[0]!.observation), transitions[0]!.action);
});

test('an expert whose actions hold for several ticks laps, and does not swing the wheel from one to the next', async (t) => {
  const expert = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5 });
  const environment = await makeExpertEnvironment(
    learner({ ...NO_CAMERA, options: { tracks: ['willow-park'], laps: 1 } }),
    expert,
  );
  const notes = new Notes(expert);
  const { outcomes } = await recordEpisodes({
    ...{ environment, expert, writer: notes, tracks: ['willow-park'], frames: 1000, seed: 1 },
  });
  await environment.close();
  t.true((outcomes['laps-done'] ?? 0) > 0, JSON.stringify(outcomes));
  t.is(outcomes['off-track'], undefined);
  const [lap] = notes.episodes;
  const steer = lap!.transitions.map(({ action }) => action[0]!);
  const bends = steer.slice(2).map((now, i) => Math.abs(now - 2 * steer[i + 1]! + steer[i]!));
  const mean = bends.reduce((sum, bend) => sum + bend, 0) / bends.length;
  t.true(mean < 0.03, `${mean}: labels of which every other one is the opposite teach nothing`);
});

/** Remembers what it was told. */
class TeachingExpert extends ScriptedExpert {
  readonly told: Float32Array[] = [];

  override driven(action: Float32Array): void {
    this.told.push(action);
    super.driven(action);
  }
}

test('an expert that is asked for more room than there is keeps to the middle of the road', async (t) => {
  const widest = async (edgeRoomM: number) => {
    const margin = { ...EXPERT_MARGIN, edgeRoomM };
    const expert = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5, margin });
    const environment = await makeExpertEnvironment(learner(NO_CAMERA), expert);
    const offsets: number[] = [];
    const look = {
      name: 'expert',
      act: (observation: Observation) => {
        offsets.push(Math.abs(observation.sensors!.trackPos));
        return expert.act(observation);
      },
    };
    await runEpisodes({ environment, policy: look, maxSteps: 300, seed: 1 });
    await environment.close();
    return Math.max(...offsets.slice(100)); // The grid is beside the middle.
  };
  const [line, middle] = [await widest(0.5), await widest(10)];
  t.true(middle < 0.03, `${middle} of half the road beside its middle`);
  t.true(line > 2 * middle, `${line} where the line may use it`);
});

test('the expert is told what acts in its place', async (t) => {
  for (const behaviour of [undefined, { name: 'learner', act: () => Float32Array.of(0.01, 0.5) }]) {
    const expert = new TeachingExpert({ actions: 'steer-pedal', actionRepeat: 5 });
    const environment = await makeExpertEnvironment(learner(NO_CAMERA), expert);
    const notes = new Notes(expert);
    const tracks = ['harbour-oval'];
    await recordEpisodes({ environment, expert, behaviour, noise: 3, writer: notes, tracks, frames: 60, seed: 1 });
    await environment.close();
    t.deepEqual(
      expert.told,
      notes.transitions.map(({ action }) => action),
    );
  }
});

test('what acted in its place goes into what the expert learns of the road', async (t) => {
  // Fast enough to feel the road's grip.
  const margin = { gripShare: 0.75, edgeRoomM: 1.2, topSpeedKmh: 220 };
  const [told, untold] = [0, 1].map(() => new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5, margin })) as [
    ScriptedExpert,
    ScriptedExpert,
  ];
  const options = { tracks: ['willow-park'], rangeFinderAnglesDeg: [...told.rangeFinderAnglesDeg] };
  const environment = await makeDriving(learner({ ...NO_CAMERA, options }), (sensors) => {
    told.watch(sensors);
    untold.watch(sensors);
  });
  let differences = 0;
  const act = (observation: Observation): Float32Array => {
    const [steer = 0, pedal = 0] = told.act(observation);
    if (untold.act(observation).join() !== [steer, pedal].join()) differences++;
    const executed = Float32Array.of(steer + 0.03, pedal);
    told.driven(executed);
    return executed;
  };
  await runEpisodes({ environment, policy: { name: 'crooked', act }, maxSteps: 250, seed: 1 });
  await environment.close();
  t.true(differences > 10, `${differences} labels differ`);
});

test('a learner drives, the expert labels and relieves it for whole stretches', async (t) => {
  const driven = async (expertShare: number) => {
    const settings = learner({ ...NO_CAMERA, options: { timeLimitS: 1000, noProgress: null, offTrackLimit: null } });
    const expert = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5 });
    const environment = await makeExpertEnvironment(settings, expert);
    let resets = 0;
    let seen = 0;
    const behaviour: Policy = {
      name: 'learner',
      reset: () => resets++,
      act: () => {
        seen++;
        return Float32Array.of(0, 0.25);
      },
    };
    const notes = new Notes(expert);
    const tracks = ['harbour-oval'];
    const report = await recordEpisodes({
      ...{ environment, expert, behaviour, expertShare, writer: notes, tracks, frames: 1000, seed: 2 },
    });
    await environment.close();
    t.is(seen, 1000, 'it sees what it does not act on too');
    t.is(resets, report.episodes);
    const own = notes.transitions.map(({ action }) => action[1] === 0.25);
    t.is(own.filter((is) => !is).length, report.expertFrames);
    const changes = own.filter((is, i) => i > 0 && is !== own[i - 1]).length;
    for (const [i, { action }] of notes.transitions.entries()) {
      if (!own[i]) t.deepEqual(action, notes.labels[i]);
    }
    return { share: report.expertFrames / 1000, changes, notes };
  };
  const mixed = await driven(0.5);
  t.true(mixed.share > 0.2 && mixed.share < 0.8, `${mixed.share}`);
  t.true(mixed.changes > 4 && mixed.changes < 60, `${mixed.changes}`);
  const alone = await driven(0);
  t.is(alone.share, 0);
  t.true(alone.notes.labels.every((label, i) => label?.join() !== alone.notes.transitions[i]!.action.join()));
  t.is((await driven(1)).share, 1);
});

test('an episode ends where the expert would drive backwards: gears are automatic', async (t) => {
  const simulator = new FakeSimulator();
  const expert = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5 });
  const environment = new DrivingEnvironment({
    simulator,
    options: { ...learner(NO_CAMERA).options, rangeFinderAnglesDeg: [...expert.rangeFinderAnglesDeg] },
    onTick: (sensors) => expert.watch(sensors),
  });
  const behaviour: Policy = { name: 'sleeper', act: () => Float32Array.of(0, 0) };
  const notes = new Notes(expert);
  const { outcomes } = await recordEpisodes({
    ...{ environment, expert, behaviour, writer: notes, tracks: ['a'], frames: 40, seed: 1 },
  });
  t.true((outcomes['expert-lost'] ?? 0) > 0, JSON.stringify(outcomes));
  const [first] = notes.episodes;
  t.like(first!.summary, { truncated: true, terminated: false });
  t.true(first!.transitions.at(-1)!.truncated);
});

test('a learner with other range finders, and one of another action space, are refused', async (t) => {
  const expert = new ScriptedExpert({ actions: 'steer-pedal', actionRepeat: 5 });
  await t.throwsAsync(makeExpertEnvironment(learner({ ...NO_CAMERA, options: { state: ['track'] } }), expert), {
    code: 'ERR_USAGE',
    message: /range finders look where the expert's do/,
  });
  const same = learner({
    ...NO_CAMERA,
    options: { state: ['track'], rangeFinderAnglesDeg: [...expert.rangeFinderAnglesDeg] },
  });
  const environment = await makeExpertEnvironment(same, expert);
  const behaviour: Policy = { name: 'other', act: () => Float32Array.of(0, 0, 0) };
  const parts = { environment, expert, writer: {}, tracks: ['harbour-oval'], frames: 3, seed: 1 };
  await t.throwsAsync(recordEpisodes({ ...parts, behaviour }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /expert's action space \(2 numbers\), got 3/,
  });
  for (const wrong of [{ frames: 0 }, { noise: -1 }, { expertShare: 1.5 }, { tracks: [] }]) {
    await t.throwsAsync(recordEpisodes({ ...parts, ...wrong }), { code: 'ERR_INVALID_ARGUMENT' });
  }
  await environment.close();
});
