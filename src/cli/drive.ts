import { isDeepStrictEqual } from 'node:util';
import type { CameraFormat } from '../../torcs-client/simulator.ts';
import { type Clock, type EpisodeObserver, systemClock, UsageError } from '../core/index.ts';
import type { DrivingInfo } from '../environments/index.ts';
import { runEpisodes } from '../training/loop.ts';
import { CONTROL_RATE_HZ } from './compose/control-rate.ts';
import { composeDriver, type Driver, type DriverChoice } from './compose/driver.ts';
import { openRecording } from './compose/recording.ts';
import { composeSimulator, type SimulatorSettings } from './compose/simulator.ts';
import { InterruptedError } from './failure.ts';
import type { Watching } from './watch/look-on.ts';
import type { WatchChoice } from './watch/watch-flags.ts';

/** A car that has not moved for this long is given up. */
const GIVE_UP = { distanceM: 1, windowS: 60 };
const PROGRESS_INTERVAL_MS = 2000;
/** After Ctrl-C the tick under way may end; a server that does not answer is not waited for longer than this. */
const INTERRUPTION_GRACE_MS = 1000;

export interface DriveSettings extends SimulatorSettings {
  readonly driver: DriverChoice;
  readonly laps: number;
  readonly seed: number;
  readonly camera?: CameraFormat | undefined;
  /** Simulated seconds after which the drive ends. */
  readonly timeLimitS: number;
  /** Default true. */
  readonly damage?: boolean;
  /** Default true. */
  readonly fuel?: boolean;
  /** Default false. */
  readonly noise?: boolean;
  readonly startDistanceM?: number | undefined;
  /** Folder of the recording. */
  readonly record?: string | undefined;
  /** Record pictures as H.264 instead of PNG. */
  readonly video?: boolean;
  /** Serve the live page meanwhile; the drive goes at real time then, until somebody asks for another pace. */
  readonly watch?: WatchChoice | undefined;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** What `drive --json` prints. */
export interface DriveResult extends Record<string, unknown> {
  readonly ok: boolean;
  readonly track: string;
  readonly simulator: string;
  readonly driver: string;
  readonly seed: number;
  readonly lapTimesS: readonly number[];
  readonly distanceM: number;
  readonly damage: number;
  readonly ticks: number;
  readonly frames: number;
  readonly wallS: number;
  readonly ticksPerS: number;
  /** `laps-done`, or why the drive ended before: `race-over`, `no-progress`, `time-limit`, `interrupted`. */
  readonly outcome: string;
  readonly recording?: string;
}

/** Drives until the laps are done, and records what was seen. Everything that was started is closed, whatever happens. */
export async function drive(settings: DriveSettings): Promise<DriveResult> {
  const { log, record, signal, clock = systemClock } = settings;
  const driver = await composeDriver(settings.driver);
  const fps = CONTROL_RATE_HZ / driver.actionRepeat;
  if (record !== undefined && !Number.isInteger(fps)) {
    throw new UsageError(
      `Expected a policy whose actions hold for a divisor of ${CONTROL_RATE_HZ} ticks with --record, got ${driver.actionRepeat}`,
    );
  }
  const camera = cameraFor(settings, driver);
  // Loaded only where somebody looks on.
  const watch = settings.watch && (await import('./watch/watch-drive.ts'));
  const simulatorSettings = { ...settings, camera: camera ?? watch?.cameraForViewers(settings) };
  const simulator = await composeSimulator(simulatorSettings);
  let grace: NodeJS.Timeout | undefined;
  let gaveUp = false;
  const closeSoon = () => {
    grace = setTimeout(() => {
      gaveUp = true;
      void simulator.close();
    }, INTERRUPTION_GRACE_MS);
  };
  try {
    if (signal?.aborted) throw new InterruptedError();
    signal?.addEventListener('abort', closeSoon);
    const { environment, policy } = await driver.compose(simulator, settings.seed, {
      laps: settings.laps,
      timeLimitS: settings.timeLimitS,
      start: settings.startDistanceM ?? 'grid',
      damage: settings.damage ?? true,
      fuel: settings.fuel ?? true,
      noise: settings.noise ?? false,
      offTrackLimit: null,
      backwards: false,
      noProgress: GIVE_UP,
      rawFrames: camera !== undefined,
      ...(settings.track === undefined ? {} : { tracks: [settings.track] }),
    });
    const progress = new DriveProgress(log, clock);
    const recorder =
      record === undefined
        ? undefined
        : await openRecording({
            dir: record,
            environment,
            fps,
            camera,
            video: settings.video ?? false,
            driver: policy.name,
            simulator: simulator.name,
          });
    const { choice } = settings;
    if (choice.kind === 'scr') log(`asking ${choice.host}:${choice.port} for a race`);
    const started = clock.now();
    let summaries: Awaited<ReturnType<typeof runEpisodes>>;
    let watching: Watching | undefined;
    try {
      const parts = { environment, simulator, settings: simulatorSettings, policy, log, signal, clock };
      if (settings.watch !== undefined) watching = await watch?.watchDrive({ choice: settings.watch, ...parts });
      summaries = await runEpisodes({
        environment,
        policy,
        observers: [progress, ...(recorder === undefined ? [] : [recorder]), ...(watching?.observers ?? [])],
        seed: settings.seed,
        clock,
        ...(signal === undefined ? {} : { signal }),
      });
    } finally {
      await watching?.close();
      await recorder?.close();
    }
    const wallS = (clock.now() - started) / 1000;
    const info = (summaries[0]?.info ?? progress.last) as DrivingInfo | undefined;
    if (info === undefined) throw new InterruptedError();
    const outcome = info.reason ?? 'interrupted';
    return {
      ok: outcome === 'laps-done',
      track: info.track,
      simulator: simulator.name,
      driver: policy.name,
      seed: settings.seed,
      // The game's clock counts in steps of 2 ms; sums of them carry more digits than that.
      lapTimesS: info.lapTimesS.map((lapTimeS) => Math.round(lapTimeS * 1000) / 1000),
      distanceM: info.distanceM,
      damage: info.damage,
      ticks: info.tick,
      frames: progress.frames,
      wallS,
      ticksPerS: info.tick / wallS,
      outcome,
      ...(record === undefined ? {} : { recording: record }),
    };
  } catch (error) {
    throw gaveUp ? new InterruptedError({ cause: error }) : error;
  } finally {
    signal?.removeEventListener('abort', closeSoon);
    clearTimeout(grace);
    await simulator.close();
    await driver.dispose();
  }
}

/** A simulator has one camera: a policy that sees is driven with its own. */
function cameraFor({ camera, choice }: DriveSettings, driver: Driver): CameraFormat | undefined {
  const own = driver.camera;
  if (own === undefined) return camera;
  const seen = `${own.width}x${own.height} from ${own.view}`;
  if (choice.kind === 'scr') {
    throw new UsageError(`Expected a policy that sees no pictures with scr://, got one that sees ${seen}`);
  }
  if (camera !== undefined && !isDeepStrictEqual(camera, own)) {
    throw new UsageError(
      `Expected no --camera, or the policy's own (${seen}), got ${camera.width}x${camera.height} from ${camera.view}`,
    );
  }
  return own;
}

/** Says now and then where the car is. */
class DriveProgress implements EpisodeObserver {
  frames = 0;
  last: DrivingInfo | undefined;
  readonly #log: (line: string) => void;
  readonly #clock: Clock;
  #nextMs: number;
  #laps = 0;

  constructor(log: (line: string) => void, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#nextMs = clock.now() + PROGRESS_INTERVAL_MS;
  }

  onReset({ info }: Parameters<NonNullable<EpisodeObserver['onReset']>>[0]): void {
    this.last = info as DrivingInfo;
    if (this.last.frame !== undefined) this.frames++;
    this.#log(`on ${this.last.track} in the ${this.last.simulator} simulator`);
  }

  onStep({ info, nextObservation }: Parameters<NonNullable<EpisodeObserver['onStep']>>[0]): void {
    const now = info as DrivingInfo;
    this.last = now;
    if (now.frame !== undefined) this.frames++;
    if (now.laps > this.#laps) {
      this.#laps = now.laps;
      this.#log(`lap ${now.laps}: ${now.lapTimesS[now.laps - 1]?.toFixed(3)} s`);
    }
    if (this.#clock.now() < this.#nextMs) return;
    this.#nextMs += PROGRESS_INTERVAL_MS;
    const speedKmh = nextObservation.sensors?.speedX.toFixed(0) ?? '?';
    this.#log(`  ${now.timeS.toFixed(1)} s, ${now.distanceM.toFixed(0)} m, ${speedKmh} km/h, damage ${now.damage}`);
  }
}
