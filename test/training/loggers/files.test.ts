import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { Evaluation } from '../../../src/training/index.ts';
import { CurveLogger, JsonLinesLogger } from '../../../src/training/loggers/index.ts';
import { TrainingStatistics } from '../../../src/training/statistics.ts';
import { temporaryFolder } from '../support/run.ts';

const newFile = () => path.join(path.dirname(temporaryFolder()), 'log');

test('a line of JSON for each record; what came after the checkpoint is cut off when the run goes on', (t) => {
  const file = newFile();
  const killed = new JsonLinesLogger(file);
  killed.onStart();
  killed.onLog({ steps: 1, values: { 'train/critic_loss': 0.1 } });
  const state = JSON.parse(JSON.stringify(killed.checkpoint.save()));
  killed.onLog({ steps: 2, values: { 'train/critic_loss': 7 } });
  killed.close();
  // Killed while a line was written.
  fs.appendFileSync(file, '{"step":3,"tr');
  const resumed = new JsonLinesLogger(file);
  resumed.checkpoint.load(state);
  resumed.onStart();
  resumed.onLog({ steps: 2, values: { 'train/critic_loss': 0.2 } });
  resumed.close();
  t.is(fs.readFileSync(file, 'utf8'), '{"step":1,"train/critic_loss":0.1}\n{"step":2,"train/critic_loss":0.2}\n');
});

test('a log that is begun anew forgets the old one', (t) => {
  const file = newFile();
  fs.writeFileSync(file, 'old');
  const logger = new JsonLinesLogger(file);
  logger.onStart();
  logger.close();
  t.is(fs.readFileSync(file, 'utf8'), '');
});

test('a log whose file is shorter than at the checkpoint is refused, and so is a state that is none', (t) => {
  const file = newFile();
  fs.writeFileSync(file, 'four');
  const logger = new JsonLinesLogger(file);
  t.throws(() => logger.checkpoint.load({ bytes: 5 }), {
    code: 'ERR_INVALID_FILE',
    message: /at least 5 bytes.*got 4/,
  });
  t.throws(() => logger.checkpoint.load(undefined), { code: 'ERR_INVALID_FILE' });
  t.is(fs.readFileSync(file, 'utf8'), 'four');
});

test('a log that cannot be written says which file', (t) => {
  const logger = new JsonLinesLogger(path.join(newFile(), 'nowhere'));
  t.throws(() => logger.onStart(), { code: 'ERR_WRITE_FAILED', message: /log\/nowhere/ });
});

test('the curve has a short line for each evaluation', (t) => {
  const file = newFile();
  const statistics = new TrainingStatistics();
  const curve = new CurveLogger(file, statistics);
  const evaluation = { step: 500, updates: 400, meanReturn: -1234.56789, minReturn: -2000, maxReturn: 1e-9 / 3 };
  curve.onStart();
  curve.onEvaluation(evaluation as Evaluation);
  statistics.addEpisode(1, 10);
  statistics.addEpisode(2, 10);
  curve.onEvaluation({ ...evaluation, step: 1000 } as Evaluation);
  curve.close();
  t.deepEqual(fs.readFileSync(file, 'utf8').split('\n'), [
    'step,updates,evaluation_mean,evaluation_min,evaluation_max,training_return',
    '500,400,-1234.57,-2000,3.33333e-10,',
    '1000,400,-1234.57,-2000,3.33333e-10,1.5',
    '',
  ]);
});

test('means look back on a hundred episodes, and on the updates since the last line', (t) => {
  const statistics = new TrainingStatistics();
  t.deepEqual(statistics.take(), {});
  for (let episode = 1; episode <= 150; episode++) statistics.addEpisode(episode, 2 * episode);
  statistics.addMetrics({ critic_loss: 1, actor_loss: 5 });
  statistics.addMetrics({ critic_loss: 2 });
  const resumed = new TrainingStatistics();
  resumed.state = JSON.parse(JSON.stringify(statistics.state));
  const expected = {
    'rollout/ep_rew_mean': 100.5,
    'rollout/ep_len_mean': 201,
    'train/critic_loss': 1.5,
    'train/actor_loss': 5,
  };
  t.deepEqual(statistics.take(), expected);
  t.deepEqual(resumed.take(), expected);
  t.deepEqual(Object.keys(resumed.take()), ['rollout/ep_rew_mean', 'rollout/ep_len_mean']);
});
