import test from 'ava';
import { type Overrides, sortOverrides } from '../../../src/cli/train/override.ts';
import { ENCODER_NAMES, type Experience, OBSERVE_NAMES, tunedPresets } from '../../../src/cli/train/presets.ts';
import { resolveRunSettings } from '../../../src/cli/train/resolve.ts';
import { runSettingsSchema } from '../../../src/cli/train/run-settings.ts';
import type { TrainRequest } from '../../../src/cli/train/train-request.ts';

const resolve = (request: Partial<TrainRequest>) => resolveRunSettings({ seed: 0, overrides: {}, ...request });

for (const [name, tuned] of Object.entries(tunedPresets)) {
  test(`preset ${name} is whole: by its name, and by what it is for`, (t) => {
    const { environment, observe, encoder, algorithm, experience = 'environments', simulator } = tuned;
    const flags: Readonly<Record<Experience, Partial<TrainRequest>>> = {
      environments: {},
      offline: { offline: true, from: ['/frames'] },
      clone: { algorithm, from: ['/frames'] },
    };
    const settings = resolve({ preset: name, ...flags[experience] });
    t.deepEqual(resolve({ environment, observe, encoder, simulator, ...flags[experience] }), settings);
    t.deepEqual(settings.request, { algorithm: tuned.algorithm, preset: name, observe, encoder });
    t.is(settings.environment.name, environment);
    t.is(settings.training.totalTimesteps, tuned.training.totalTimesteps);
    const engine = { backend: 'compiled', threads: 1 } as const;
    const written = JSON.parse(JSON.stringify({ ...settings, engine })) as unknown;
    t.deepEqual(runSettingsSchema.parse(written), { ...settings, engine }, 'what is written is read as it was');
  });
}

test('every environment can be learnt with every fitting observation and encoder, with a preset or by number of steps', (t) => {
  for (const environment of ['driving', 'pendulum', 'inverted-pendulum', 'reacher'] as const) {
    for (const observe of OBSERVE_NAMES) {
      for (const encoder of ENCODER_NAMES) {
        for (const preset of [undefined, 'td3', 'ddpg', 'paper', 'fast']) {
          const settle = () => resolve({ environment, observe, encoder, preset, steps: 10 });
          const fits = encoder === 'recurrent' || (encoder === 'conv') === (observe === 'pixels');
          if (!fits) t.throws(settle, { code: 'ERR_USAGE', message: /Expected --encoder .* with --observe/ });
          else {
            const { agent, environment: seen } = settle();
            t.is(agent.actorEncoder.kind, encoder);
            t.is(seen.pixels !== undefined, observe === 'pixels');
            if (encoder === 'recurrent') t.is(agent.nSteps, 1);
          }
        }
      }
    }
  }
});

test('driving is what is learnt when nothing is said, and pixels ask for convolutions', (t) => {
  t.is(resolve({}).request.preset, 'driving');
  t.is(resolve({ observe: 'pixels' }).request.encoder, 'conv');
  t.is(resolve({ encoder: 'conv' }).request.observe, 'pixels');
});

test('a preset for one simulator is taken there alone, and brings its tracks unless others are named', (t) => {
  const game = resolve({ simulator: 'torcs' });
  t.like(game, { request: { preset: 'driving-torcs' }, environment: { simulator: 'torcs' } });
  const { options } = game.environment as { options: { tracks?: readonly string[] } };
  t.true(options.tracks?.includes('g-track-1') && options.tracks.includes('michigan'));
  t.is(game.training.evaluationEpisodes, game.evaluationTracks!.length);
  t.like(resolve({ preset: 'driving-torcs' }).environment, { simulator: 'torcs' });
  const own = resolve({ simulator: 'torcs', tracks: ['forza'] });
  t.like(own.environment.options, { tracks: ['forza'] });
  t.is(own.evaluationTracks, null, 'judged where it drives');
  t.is(own.training.evaluationEpisodes, 1);
  const seeing = resolve({ simulator: 'torcs', observe: 'pixels' });
  t.like(seeing, { request: { preset: 'driving-pixels-torcs' }, environment: { options: { cruiseSpeedKmh: 80 } } });
  t.like(resolve({ observe: 'pixels' }).environment.options, { cruiseSpeedKmh: null });
  const cloning = { simulator: 'torcs', algorithm: 'clone', from: ['frames'] } as const;
  t.like(resolve(cloning), {
    request: { preset: 'driving-clone-torcs' },
    environment: { pixels: { colour: 'rgb', stack: 1 } },
    agent: { averagedPolicy: true },
  });
  t.is(
    resolve({ ...cloning, encoder: 'recurrent' }).request.preset,
    'driving-clone-recurrent',
    'there is none for the game',
  );
  t.throws(() => resolve({ preset: 'driving-torcs', simulator: 'embedded' }), {
    code: 'ERR_USAGE',
    message: 'Expected --simulator torcs with --preset driving-torcs, got embedded',
  });
});

test('the algorithm is four settings, laid over any preset', (t) => {
  const environment = 'pendulum' as const;
  t.like(resolve({ environment, algorithm: 'td3' }).agent, { nCritics: 2, policyDelay: 2, targetPolicyNoise: 0.2 });
  t.like(resolve({ environment, preset: 'fast', algorithm: 'ddpg', steps: 1 }).agent, {
    nCritics: 1,
    targetPolicyNoise: 0,
  });
  t.is(resolve({ environment, preset: 'ddpg', algorithm: 'td3', steps: 1 }).request.algorithm, 'td3');
  const { agent, request } = resolve({ environment, algorithm: 'td3', overrides: { nCritics: 5 } });
  t.is(agent.nCritics, 5, 'what is set goes before');
  t.is(request.algorithm, 'td3');
});

test('a learning rate that is set goes before what a preset says of one network', (t) => {
  const { agent } = resolve({ preset: 'paper', environment: 'pendulum', steps: 1, overrides: { learningRate: 0.5 } });
  t.like(agent, { actorLearningRate: 0.5, criticLearningRate: 0.5 });
  t.is(resolve({ environment: 'pendulum', overrides: { actorLearningRate: 0.25 } }).agent.actorLearningRate, 0.25);
});

test('tracks of driving, and evaluations that start on each of them', (t) => {
  const tracks = ['a', 'b', 'c'];
  const { environment, training } = resolve({ tracks, evaluationEpisodes: 2, steps: 10 });
  t.deepEqual(environment.name === 'driving' && environment.options.tracks, tracks);
  t.is(training.evaluationEpisodes, 6);
});

test('worker threads serve several environments, unless told otherwise', (t) => {
  t.false(resolve({}).workers);
  t.true(resolve({ environments: 2 }).workers);
  t.false(resolve({ environments: 2, workers: false }).workers);
  t.true(resolve({ workers: true }).workers);
});

const refusals: readonly [string, Partial<TrainRequest>, RegExp][] = [
  [
    'an unknown setting',
    { overrides: { actorLearnRate: 1 } },
    /got "actorLearnRate"\. Did you mean actorLearningRate\?/,
  ],
  ['a setting of nothing', { overrides: { xyzzy: 1 } }, /got "xyzzy"; there are .*actionRepeat.*batchSize/],
  ['a setting of another environment', { overrides: { hideVelocity: true } }, /got "hideVelocity"/],
  ['what a prototype has', { overrides: { constructor: 1, toString: 2 } }, /got "constructor"/],
  ['a setting that is a flag', { overrides: { totalTimesteps: 5 } }, /`totalTimesteps` to be given by --steps/],
  ['a setting out of range', { overrides: { batchSize: 0 } }, /`batchSize`.*got 0/],
  ['a setting of the wrong kind', { overrides: { actionRepeat: 'five' } }, /`options\.actionRepeat`.*got 'five'/],
  ['pictures that are not seen', { overrides: { pixels: { width: 64 } } }, /with --observe pixels only/],
  ['pictures that are no object', { observe: 'pixels', overrides: { pixels: 64 } }, /`pixels` to be an object/],
  ['an unknown setting of pictures', { observe: 'pixels', overrides: { pixels: { widht: 64 } } }, /pixels.*widht/],
  [
    'a preset for something else',
    { preset: 'reacher', environment: 'pendulum' },
    /--environment reacher with --preset/,
  ],
  [
    'a preset for another encoder',
    { preset: 'pendulum', encoder: 'recurrent' },
    /--encoder mlp with --preset pendulum/,
  ],
  ['a preset without budget', { preset: 'td3' }, /--steps N, because preset td3 has no budget/],
  ['an unknown preset', { preset: 'td4' }, /--preset to be one of .*got td4/],
  ['a hidden velocity of the reacher', { environment: 'reacher', hideVelocity: true }, /--environment pendulum only/],
  ['tracks of a pendulum', { environment: 'pendulum', tracks: ['a'] }, /--tracks with --environment driving only/],
  [
    'a simulator of a pendulum',
    { environment: 'pendulum', simulator: 'torcs' },
    /--simulator with --environment driving/,
  ],
  [
    'n steps with memory',
    { encoder: 'recurrent', steps: 1, overrides: { nSteps: 3 } },
    /`nSteps` 1 and no `prioritized`/,
  ],
  ['priorities with memory', { encoder: 'recurrent', steps: 1, overrides: { prioritized: true } }, /no `prioritized`/],
];
for (const [what, request, message] of refusals) {
  test(`refuses ${what}`, (t) => {
    const error = t.throws(() => resolve(request), { message });
    t.true(['ERR_USAGE', 'ERR_INVALID_ARGUMENT'].includes((error as Error & { code: string }).code));
    t.false(error.message.includes('\n'));
  });
}

test("a preset's part of the picture stays the same part in a camera of another size", (t) => {
  const pixelsOf = (overrides: Overrides) => resolve({ observe: 'pixels', overrides }).environment.pixels;
  t.deepEqual(pixelsOf({})?.crop, { left: 0, top: 54, width: 128, height: 48 });
  t.deepEqual(pixelsOf({ camera: { width: 64, height: 64 } })?.crop, { left: 0, top: 27, width: 64, height: 24 });
  t.deepEqual(pixelsOf({ camera: { height: 256 } })?.crop, { left: 0, top: 108, width: 128, height: 96 });
  const crop = { left: 1, top: 2, width: 8, height: 9 };
  t.deepEqual(pixelsOf({ camera: { width: 64, height: 64 }, pixels: { crop } })?.crop, crop);
});

test('settings are sorted by what they are about', (t) => {
  const overrides: Overrides = { gamma: 0.5, camera: { width: 48 }, timeLimitS: 9, prioritized: { alpha: 1 } };
  t.deepEqual(sortOverrides(overrides, 'driving'), {
    agent: { gamma: 0.5 },
    options: { timeLimitS: 9 },
    pixels: {},
    camera: { width: 48 },
    replay: { prioritized: { alpha: 1 } },
  });
  t.deepEqual(sortOverrides({ camera: { width: 48 }, prioritized: false }, 'pendulum'), {
    agent: {},
    options: { camera: { width: 48 } },
    pixels: {},
    camera: {},
    replay: { prioritized: null },
  });
});

const from = ['/frames', '/more'];

test('cloning learns from recordings alone: no environment is stepped, validation tracks judge', (t) => {
  const settings = resolve({ algorithm: 'clone', from, dagger: { rounds: 2 } });
  t.like(settings, {
    request: { algorithm: 'clone', preset: 'driving-clone', observe: 'pixels', encoder: 'conv' },
    dataset: { folders: from, use: 'clone', share: null, dagger: { rounds: 2, frames: 4000, expertShare: 0.5 } },
    evaluationTracks: ['copper-bowl', 'lantern-street', 'broad-heath', 'pine-rally'],
    training: { environments: 0, evaluationEpisodes: 4 },
    workers: false,
  });
  const { environment } = settings;
  t.true(environment.name === 'driving' && environment.options.tracks?.includes('willow-park'));
  const real = resolve({ algorithm: 'clone', from, simulator: 'torcs', evaluationTracks: ['wheel-1'] });
  t.true(real.environment.name === 'driving' && real.environment.options.tracks?.includes('g-track-1'));
  t.deepEqual(real.evaluationTracks, ['wheel-1']);
  t.is(real.dataset?.dagger, null);
});

test('offline learning is TD3+BC, beside environments recordings are half of each batch', (t) => {
  const offline = resolve({ offline: true, observe: 'pixels', steps: 10, from });
  t.like(offline, { dataset: { use: 'offline', share: null }, request: { algorithm: 'td3' } });
  t.is(offline.agent.behaviourCloningAlpha, 0.5, "the tuned preset's");
  t.is(
    resolve({ offline: true, steps: 1, from }).agent.behaviourCloningAlpha,
    2.5,
    "the paper's where nothing is tuned",
  );
  t.is(
    resolve({ offline: true, steps: 1, from, overrides: { behaviourCloningAlpha: 1 } }).agent.behaviourCloningAlpha,
    1,
  );
  const online = resolve({ from });
  t.like(online, { dataset: { use: 'demonstrations', share: 0.5 }, evaluationTracks: null });
  t.is(online.agent.behaviourCloningAlpha, null);
  t.is(online.training.environments, 1);
  t.is(resolve({ from, share: 0.25 }).dataset?.share, 0.25);
  t.is(resolve({}).dataset, null);
});

const contradictions: Readonly<Record<string, Partial<TrainRequest>>> = {
  'cloning of nothing': { algorithm: 'clone' },
  'offline learning from nothing': { offline: true, steps: 1 },
  'a share of nothing': { share: 0.5 },
  'a share where everything is recorded': { algorithm: 'clone', from, share: 0.5 },
  'DAgger without cloning': { from, dagger: { rounds: 1 } },
  'recordings of a pendulum': { environment: 'pendulum', from },
  'evaluation tracks of a pendulum': { environment: 'pendulum', evaluationTracks: ['wheel-1'] },
  'a preset that clones, for a run that does not': { preset: 'driving-clone', algorithm: 'td3', from },
  'a preset in environments, for a clone': { preset: 'driving-pixels', algorithm: 'clone', from },
};
for (const [name, request] of Object.entries(contradictions)) {
  test(`refuses ${name}`, (t) => {
    t.throws(() => resolve(request), { code: 'ERR_USAGE', message: /^Expected / });
  });
}
