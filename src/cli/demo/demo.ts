import fs from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock, TorcsPilotError, UsageError } from '../../core/index.ts';
import { runFiles } from '../../training/index.ts';
import { InterruptedError } from '../failure.ts';
import { plotCurves } from '../plot/plot-curves.ts';
import { type PartSettings, recordInThreads, trainingTracks } from '../record/index.ts';
import { replay } from '../replay/replay.ts';
import { cloningRate } from '../train/presets.ts';
import { resolveRunSettings } from '../train/resolve.ts';
import { trainRun } from '../train/train-run.ts';
import { commandOf } from './command-of.ts';
import { type DemoReport, summarize } from './summary.ts';

export interface DemoOptions {
  /** Folder of the results: new or empty, but for the one of an earlier demo that was not asked for by name. */
  readonly out: string;
  readonly seed: number;
  /** What is done; the tests ask for less. */
  readonly plan?: Partial<DemoPlan>;
  readonly write: (text: string) => void;
  readonly log: (line: string) => void;
  readonly interactive: boolean;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** How much is recorded, learnt and filmed. */
export interface DemoPlan {
  /** Pictures recorded on the tracks for training. */
  readonly frames: number;
  readonly updates: number;
  /** Updates between two drives that judge the learner. */
  readonly evaluationInterval: number;
  /** Judges the learner; not recorded. */
  readonly judgedOn: string;
  /** Neither recorded nor judged on. */
  readonly unseen: string;
  readonly film: { readonly width: number; readonly height: number; readonly fps: number };
  /** The film ends after so much of the drive, s. */
  readonly timeLimitS: number;
}

export const DEMO_PLAN: DemoPlan = {
  frames: 20_000,
  updates: 2000,
  evaluationInterval: 500,
  judgedOn: 'lantern-street',
  unseen: 'pine-rally',
  film: { width: 800, height: 450, fps: 25 },
  timeLimitS: 240,
};

export const demoFiles = {
  recording: 'recording',
  run: 'run',
  film: 'drive.mp4',
  curve: 'learning-curve.png',
  summary: 'summary.md',
} as const;

/** What `demo --json` prints. */
export interface DemoResult extends DemoReport, Record<string, unknown> {
  readonly ok: boolean;
  readonly artifacts: Readonly<Record<keyof typeof demoFiles, string>>;
}

/**
 * The whole mission in a few minutes: the scripted driver is recorded, a convolutional driver is cloned from the pictures,
 * drives a track that it has not seen, and is filmed.
 *
 * @throws UsageError for a folder that holds something; what recording, training, filming and plotting throw, after the
 *   command was logged with which that step is done again
 */
export async function demo(options: DemoOptions): Promise<DemoResult> {
  const { out, seed, signal, log, write, interactive, clock = systemClock } = options;
  const plan = { ...DEMO_PLAN, ...options.plan };
  requireEmpty(out);
  const at = (file: keyof typeof demoFiles) => path.join(out, demoFiles[file]);
  const policy = path.join(at('run'), runFiles.bestPolicy);
  const started = clock.now();
  const steps = new Steps(4, log, signal);

  const actorLearningRate = cloningRate(plan.updates);
  const parts = await partsOf(plan.frames, at('recording'), seed);
  const recorded = await steps.take({
    title: `the scripted driver laps the training tracks; ${plan.frames} pictures are recorded with what it did`,
    commands: parts.map(recordCommand),
    work: () => recordInThreads(parts, { log: (line) => log(`  ${line}`), signal }),
  });
  const trained = await steps.take({
    title: `a convolutional network learns from these pictures to drive: ${plan.updates} updates`,
    commands: [
      [
        ...[
          'train',
          '--algorithm',
          'clone',
          '--from',
          parts.map((part) => part.out).join(','),
          '--steps',
          plan.updates,
        ],
        ...['--evaluation-tracks', plan.judgedOn, '--evaluation-interval', plan.evaluationInterval],
        ...['--set', `actorLearningRate=${JSON.stringify(actorLearningRate)}`, '--out', at('run'), '--seed', seed],
      ],
    ],
    work: () =>
      trainRun({
        folder: at('run'),
        resume: false,
        settings: resolveRunSettings({
          algorithm: 'clone',
          from: parts.map((part) => path.resolve(part.out)),
          steps: plan.updates,
          evaluationTracks: [plan.judgedOn],
          evaluationInterval: plan.evaluationInterval,
          logInterval: Math.min(100, plan.updates),
          seed,
          overrides: { actorLearningRate },
        }),
        write,
        interactive,
        signal,
        clock,
      }),
  });
  const { width, height, fps } = plan.film;
  const filmed = await steps.take({
    title: `it drives ${plan.unseen}, which it has never seen, and is filmed`,
    commands: [
      [
        ...['replay', policy, '--track', plan.unseen, '--video', at('film'), '--size', `${width}x${height}`],
        ...['--fps', fps, '--time-limit', plan.timeLimitS, '--seed', seed],
      ],
    ],
    work: () =>
      replay({
        subject: { folder: policy },
        video: at('film'),
        size: { width, height },
        fps,
        track: plan.unseen,
        laps: 1,
        timeLimitS: plan.timeLimitS,
        seed,
        log: (line) => log(`  ${line}`),
        signal,
        clock,
      }),
  });
  await steps.take({
    title: 'the learning curve is drawn',
    commands: [['plot', at('run'), '--out', at('curve')]],
    work: () =>
      plotCurves({ runs: [at('run')], out: at('curve'), metric: 'evaluation', title: undefined, goal: undefined }),
  });

  const report: DemoReport = {
    seed,
    recordedTracks: recorded.flatMap(({ tracks }) => Object.keys(tracks)),
    frames: recorded.reduce((sum, { frames }) => sum + frames, 0),
    updates: trained.updates,
    judgedOn: plan.judgedOn,
    bestStep: trained.best?.step ?? trained.steps,
    engine: trained.engine,
    track: filmed.track,
    outcome: filmed.outcome,
    lapTimesS: filmed.lapTimesS,
    distanceM: filmed.distanceM,
    seconds: { record: Math.max(...recorded.map(({ wallS }) => wallS)), train: trained.elapsedS, film: filmed.wallS },
    wallS: (clock.now() - started) / 1000,
  };
  fs.writeFileSync(at('summary'), summarize(report, out, demoFiles));
  const names = Object.keys(demoFiles) as (keyof typeof demoFiles)[];
  return {
    ...report,
    ok: filmed.outcome === 'laps-done',
    artifacts: Object.fromEntries(names.map((name) => [name, at(name)])) as DemoResult['artifacts'],
  };
}

type Command = readonly (string | number)[];

interface Step<T> {
  readonly title: string;
  /** The same by hand. */
  readonly commands: readonly Command[];
  readonly work: () => Promise<T>;
}

/** Steps that are counted; one that fails says how to go on from there. */
class Steps {
  readonly #count: number;
  readonly #log: (line: string) => void;
  readonly #signal: AbortSignal;
  #taken = 0;

  constructor(count: number, log: (line: string) => void, signal: AbortSignal) {
    this.#count = count;
    this.#log = log;
    this.#signal = signal;
  }

  async take<T>({ title, commands, work }: Step<T>): Promise<T> {
    this.#taken++;
    this.#log(`${this.#taken}/${this.#count} ${title}`);
    try {
      const result = await work();
      if (this.#signal.aborted) throw new InterruptedError({ expected: 'the demo to be done' });
      return result;
    } catch (error) {
      if (!this.#signal.aborted) {
        const known = error instanceof TorcsPilotError;
        this.#log(
          `step ${this.#taken} of ${this.#count} failed; what was done before it is kept. ` +
            `${known ? 'Once that is mended' : 'To try it alone'}: ${commands.map(commandOf).join(' && ')}`,
        );
      }
      throw error;
    }
  }
}

/** Two datasets, each of every other track for training, of which each gets the same share of the frames. */
async function partsOf(frames: number, folder: string, seed: number): Promise<readonly PartSettings[]> {
  const all = await trainingTracks('embedded');
  const halves = [0, 1].map((half) => all.filter((_, index) => index % 2 === half));
  const first = Math.round((frames * halves[0]!.length) / all.length);
  return halves.map((tracks, half) => ({
    out: path.join(folder, String(half + 1)),
    simulator: 'embedded',
    driver: 'scripted',
    tracks,
    frames: half === 0 ? first : frames - first,
    seed,
  }));
}

function recordCommand({ out, tracks, frames, seed }: PartSettings): Command {
  return ['record', '--out', out, '--tracks', tracks!.join(','), '--frames', frames, '--seed', seed];
}

function requireEmpty(folder: string): void {
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) return;
  if (fs.readdirSync(folder).length === 0) return;
  throw new UsageError(`Expected --out to be a new or an empty folder, got ${folder}`);
}
