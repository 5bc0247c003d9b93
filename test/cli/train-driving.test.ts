import anyTest from 'ava';
import { keptPolicy, savedWithoutCritics } from './kept-policy.ts';
import { run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const tiny = [
  'netArch=[8]',
  'batchSize=8',
  'learningStarts=100',
  'bufferSize=1000',
  'trainFrequency=1',
  'gradientSteps=1',
].flatMap((one) => ['--set', one]);

test('learns to drive from state on several tracks; the policy is evaluated, driven and recorded', async (t) => {
  const out = scratch.path('driving');
  const words = [
    '--tracks',
    'harbour-oval,willow-park',
    '--algorithm',
    'td3',
    '--steps',
    '300',
    '--set',
    'actionRepeat=5',
    '--threads',
    '1',
    '--seed',
    '3',
    '--evaluation-episodes',
    '1',
  ];
  const trained = await runJson('train', ...tiny, ...words, '--out', out);
  t.is(trained.code, 0, trained.error);
  t.like(trained.json, { environment: 'driving', algorithm: 'td3', preset: 'driving', steps: 300, updates: 200 });
  t.is((trained.json['evaluation'] as { episodes: number }).episodes, 2, 'one from each start line');
  const policy = String(trained.json['policy']);

  const evaluated = await runJson('evaluate', policy, '--tracks', 'willow-park', '--episodes', '2');
  t.is(evaluated.code, 0, evaluated.error);
  t.like(evaluated.json, { simulator: 'embedded', episodes: 2 });
  const [report] = evaluated.json['tracks'] as Record<string, unknown>[];
  t.like(report, { track: 'willow-park', episodes: 2, lapped: 0, bestLapS: null });
  const starts = report!['starts'] as { startDistanceM: number | null; outcome: string; return: number }[];
  const { tracks } = (await runJson('tracks', 'willow-park')).json as { tracks: { lengthM: number }[] };
  t.deepEqual(
    starts.map(({ startDistanceM }) => startDistanceM),
    [null, tracks[0]!.lengthM / 2],
  );
  const outcomes = Object.entries(report!['outcomes'] as Record<string, number>);
  t.is(
    outcomes.reduce((sum, [, count]) => sum + count, 0),
    2,
  );
  t.is(report!['meanReturn'], (starts[0]!.return + starts[1]!.return) / 2);
  t.is((await runJson('evaluate', policy)).json['episodes'], 8, 'four of each track that it was trained on');

  const recording = scratch.path('recording');
  const drive = ['drive', '--driver', policy, '--track', 'willow-park', '--time-limit', '4', '--record', recording];
  const driven = await runJson(...drive);
  t.like(driven.json, { driver: 'driving-td3', track: 'willow-park', outcome: 'time-limit' });
  const { json } = await runJson('recordings', 'inspect', recording);
  t.like(json, { fps: 10, frames: Number(driven.json['ticks']) / 5 });
  t.like((await runJson('recordings', 'verify', recording)).json, { ok: true });
});

test('a return is counted as a policy was trained, or as one asks', async (t) => {
  const counted = async (...words: string[]) => {
    const { json } = await runJson('evaluate', keptPolicy, '--tracks', 'harbour-oval', '--episodes', '1', ...words);
    const [track] = json['tracks'] as readonly [{ meanReturn: number; meanDistanceM: number }];
    return track;
  };
  const { meanReturn, meanDistanceM } = await counted();
  t.true(meanDistanceM > 1000);
  t.true(Math.abs(meanReturn - meanDistanceM / 10) < 0.1, 'progress, scaled');
  t.true(Math.abs((await counted('--reward', 'progress')).meanReturn - meanDistanceM) < 1);
  const kilometresPerHour = (await counted('--reward', 'lau')).meanReturn;
  t.true((await counted('--reward', 'lillicrap')).meanReturn < kilometresPerHour / 100);
});

test('another reward is counted whole, whatever speed the policy was trained to keep to', async (t) => {
  const slow = savedWithoutCritics(scratch.path('cruising'), { cruiseSpeedKmh: 20 });
  const words = ['evaluate', slow, '--tracks', 'harbour-oval', '--episodes', '1'];
  const counted = [await runJson(...words), await runJson(...words, '--reward', 'progress')].map(({ json }) => {
    return (json['tracks'] as readonly [{ meanReturn: number; meanDistanceM: number }])[0];
  });
  t.true(counted[0]!.meanReturn < 0, 'far faster than 40 km/h');
  t.true(Math.abs(counted[1]!.meanReturn - counted[1]!.meanDistanceM) < 1);
});

test('learns to drive from pixels; the policy drives with its own camera', async (t) => {
  const out = scratch.path('driving-pixels');
  const encoder = '{"kind":"conv","filters":[{"filters":4,"size":4,"stride":4}]}';
  const trained = await runJson(
    ...[
      'train',
      '--observe',
      'pixels',
      '--algorithm',
      'td3',
      ...tiny,
      '--set',
      `actorEncoder=${encoder}`,
      '--set',
      'shareEncoder=false',
    ],
    ...['--set', 'camera={"width":24,"height":24}', '--set', 'randomShift=2', '--set', 'actionRepeat=4'],
    ...['--steps', '130', '--evaluation-interval', '0', '--threads', '1', '--out', out],
  );
  t.is(trained.code, 0, trained.error);
  const policy = String(trained.json['policy']);
  const seen = await runJson('drive', '--driver', policy, '--time-limit', '2');
  t.like(seen.json, { driver: 'driving-td3', outcome: 'time-limit' });
  t.is(seen.json['frames'], 1 + Math.ceil(Number(seen.json['ticks']) / 4));
  const other = await run('drive', '--driver', policy, '--camera', '32x32');
  t.is(other.code, 2);
  t.regex(other.error, /Expected no --camera, or the policy's own \(24x24 from road\), got 32x32 from road/);
  const far = await run('drive', '--driver', policy, '--simulator', 'scr://127.0.0.1:1');
  t.is(far.code, 2);
  t.regex(far.error, /sees no pictures with scr:\/\//);
  const uneven = await run('drive', '--driver', policy, '--record', scratch.path('recording'));
  t.is(uneven.code, 2);
  t.regex(uneven.error, /divisor of 50 ticks with --record, got 4/);
});
