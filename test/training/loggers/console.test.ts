import test from 'ava';
import { ConsoleLogger, type TrainingProgress } from '../../../src/training/index.ts';

function console(interactive: boolean) {
  let nowMs = 0;
  const written: string[] = [];
  const clock = { now: () => nowMs, date: () => new Date(0) };
  const logger = new ConsoleLogger({ write: (text) => void written.push(text), interactive, clock });
  const progress = (steps: number, more: Partial<TrainingProgress> = {}): TrainingProgress => ({
    steps,
    totalTimesteps: 20_000,
    updates: steps / 2,
    episodes: 3,
    elapsedS: nowMs / 1000,
    ...more,
  });
  const at = (timeS: number) => {
    nowMs = 1000 * timeS;
  };
  return { logger, written, progress, at };
}

test('on a terminal one line is rewritten, and what happens gets lines of its own', (t) => {
  const { logger, written, progress, at } = console(true);
  logger.onStart({ ...progress(0), folder: 'runs/a', resumed: false });
  at(1);
  logger.onProgress(progress(500, { meanReturn: -1204.567 }));
  logger.onEvaluation({ step: 500, episodes: 5, meanReturn: -9.876, minReturn: -20.04, maxReturn: 3 } as never);
  t.deepEqual(written, [
    '\r\u001b[Ktraining for 20,000 steps in runs/a\n',
    '\r\u001b[K500/20,000 steps 2% · 500 steps/s · 250 updates/s · eta 0:39 · return -1204.6',
    '\r\u001b[Kevaluation after 500 steps: -9.88 (-20.0 to 3.00 in 5 episodes)\n',
  ]);
});

test('rates are those of the last seconds, not of the whole run', (t) => {
  const { logger, written, progress, at } = console(true);
  logger.onStart({ ...progress(0), folder: 'runs/a', resumed: false });
  for (let second = 1; second <= 20; second++) {
    at(second);
    logger.onProgress(progress(second <= 10 ? 1000 * second : 10_000 + (second - 10)));
  }
  t.regex(written.at(-1)!, /· 1\.0 steps\/s · 0\.5 updates\/s · eta 2:46:30/);
});

test('elsewhere there is a plain line each ten seconds', (t) => {
  const { logger, written, progress, at } = console(false);
  logger.onStart({ ...progress(4000), folder: 'runs/a', resumed: true });
  for (let second = 1; second <= 25; second++) {
    at(second);
    logger.onProgress(progress(4000 + second));
  }
  logger.onNotice('something');
  logger.onFinish({ ...progress(4026), outcome: 'not-finite', reason: 'loss NaN', elapsedS: 3725 });
  t.deepEqual(written, [
    'going on after 4,000 of 20,000 steps in runs/a\n',
    '4,010/20,000 steps 20% · 1.0 steps/s · 0.5 updates/s · eta 4:26:30\n',
    '4,020/20,000 steps 20% · 1.0 steps/s · 0.5 updates/s · eta 4:26:20\n',
    'something\n',
    'stopped (loss NaN) after 4,026 steps and 2,013 updates in 1:02:05\n',
  ]);
});

test('before the first step there is no rate to tell the time from', (t) => {
  const { logger, written, progress } = console(true);
  logger.onProgress(progress(0));
  t.regex(written[0]!, /0\/20,000 steps 0% · 0\.0 steps\/s · 0\.0 updates\/s · eta \?$/);
});
