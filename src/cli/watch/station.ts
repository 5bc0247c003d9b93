import fs from 'node:fs';
import path from 'node:path';
import type { CameraView } from '../../../torcs-client/simulator.ts';
import type { Timers } from '../../../torcs-client/timers.ts';
import { type Clock, UsageError } from '../../core/index.ts';
import type { ClientMessage, Dashboard, LibraryTopic, SessionTopic } from '../../dashboard/index.ts';
import { runFiles } from '../../training/index.ts';
import { describeFailure } from '../failure.ts';
import type { StartMessage } from './compose-drive.ts';
import { CurveFile } from './curve-file.ts';
import { DriveSession } from './drive-session.ts';
import { type Found, scanFolder } from './library.ts';
import { IDLE, LiveStatus } from './live-status.ts';

/** Drivers beside the policies: our own, and a person alone. */
const DRIVERS = ['scripted', 'human', 'random'] as const;
/** The newest runs, whose curves are followed. */
const MOST_CURVES = 8;
const RECORDINGS_FOLDER = 'recordings';

export interface StationParts {
  readonly dashboard: Dashboard;
  /** The served folder. It may be missing. */
  readonly folder: string;
  /** Folder of each policy that drives and comes with the program, by its name. */
  readonly models: ReadonlyMap<string, string>;
  readonly tracks: LibraryTopic['tracks'];
  readonly simulators: readonly string[];
  readonly seed: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (line: string) => void;
}

/** What `watch` serves: the library of a folder, the curves of its runs, and one drive at a time. */
export class Station {
  readonly #parts: StationParts;
  readonly #status: LiveStatus;
  readonly #curves = new Map<string, CurveFile>();
  #found: Found = { policies: [], runs: [], recordings: [], folders: new Map() };
  #library = '';
  #session: { readonly drive: DriveSession; readonly finished: Promise<void> } | undefined;
  /** Beginnings and ends, one after the other. */
  #queue: Promise<void> = Promise.resolve();
  #sessions = 0;
  #view: CameraView = 'behind';

  constructor(parts: StationParts) {
    this.#parts = parts;
    this.#publishEmpty();
    this.#status = new LiveStatus(parts.dashboard, parts.clock, IDLE);
    this.refresh();
  }

  /** Looks anew at what lies in the folder, and tells what has changed. */
  refresh(): void {
    const { dashboard, folder, models, tracks, simulators } = this.#parts;
    this.#found = scanFolder(folder);
    const { policies, runs, recordings } = this.#found;
    const found = { policies, models: [...models.keys()], runs, recordings };
    const topic: LibraryTopic = { type: 'library', drivers: DRIVERS, ...found, tracks, simulators };
    const text = JSON.stringify(topic);
    if (text !== this.#library) dashboard.publish(topic);
    this.#library = text;
    this.#followCurves(runs.slice(0, MOST_CURVES).map(({ name }) => name));
  }

  /** Does what a viewer with the token asks for. */
  obey(viewer: number, message: ClientMessage): void {
    if (message.type === 'start') this.#alone(() => this.#begin(message, viewer));
    else if (message.type === 'stop') this.#alone(() => this.#end());
    else if (this.#session !== undefined) this.#session.drive.obey(viewer, message);
    if (message.type === 'view') this.#view = message.view;
  }

  greet(): void {
    this.#session?.drive.greet();
  }

  lose(viewer: number): void {
    this.#session?.drive.lose(viewer);
  }

  /** Ends the drive under way, its recording whole. */
  async close(): Promise<void> {
    this.#alone(() => this.#end());
    await this.#queue;
  }

  #alone(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch((error: unknown) => this.#tellFailure(error));
  }

  async #begin(start: StartMessage, viewer: number): Promise<void> {
    await this.#end();
    const { dashboard, clock, timers, seed } = this.#parts;
    const choice = this.#driver(start, viewer);
    if (choice === undefined) return;
    this.#status.replace({ ...IDLE, state: 'starting', driver: start.driver, track: start.track });
    const drive = new DriveSession({
      id: ++this.#sessions,
      dashboard,
      status: this.#status,
      clock,
      timers,
      driver: { name: start.driver, choice },
      start,
      view: this.#view,
      seed,
      newRecording: () => this.#newRecording(),
      tell: (level, text, whom) => dashboard.notify(level, text, whom),
      onFailure: (error) => this.#tellFailure(error),
    });
    const finished = drive.run().then(
      () => this.#ended(),
      (error: unknown) => {
        this.#tellFailure(error);
        this.#ended();
      },
    );
    this.#session = { drive, finished };
  }

  #ended(): void {
    this.#session = undefined;
    this.#status.replace(IDLE);
    this.refresh();
  }

  async #end(): Promise<void> {
    const session = this.#session;
    session?.drive.stop();
    await session?.finished;
  }

  /** Names lead to what was found only. */
  #driver({ driver, track, simulator }: StartMessage, viewer: number) {
    const { dashboard, tracks, simulators } = this.#parts;
    const refuse = (text: string): undefined => dashboard.notify('problem', text, viewer) as undefined;
    if (!simulators.includes(simulator)) return refuse('This simulator is not set up on the machine that drives.');
    const known = tracks.some(({ name, simulators: of }) => name === track && of.includes(simulator));
    if (!known && !(simulator === 'embedded' && track.startsWith('generated-'))) {
      return refuse('There is no such track in this simulator.');
    }
    const ours = DRIVERS.find((name) => name === driver);
    if (ours !== undefined) return ours;
    const policy = this.#found.policies.find(({ name }) => name === driver);
    if (policy !== undefined && policy.task !== 'driving') return refuse('This policy does not drive.');
    const found = policy === undefined ? this.#parts.models.get(driver) : this.#found.folders.get(driver);
    return found === undefined ? refuse('There is no such driver or policy.') : { folder: found };
  }

  #newRecording(): { name: string; folder: string } {
    const stamp = this.#parts.clock.date().toISOString().slice(0, 19).replace(/\D/g, '');
    for (let copy = 1; ; copy++) {
      const name = `${RECORDINGS_FOLDER}/${stamp}${copy === 1 ? '' : `-${copy}`}`;
      const folder = path.join(this.#parts.folder, name);
      if (!fs.existsSync(folder)) return { name, folder };
    }
  }

  #followCurves(names: readonly string[]): void {
    for (const name of this.#curves.keys()) if (!names.includes(name)) this.#curves.delete(name);
    for (const name of names) {
      const file = path.join(this.#found.folders.get(name)!, runFiles.progress);
      if (!this.#curves.has(name)) this.#curves.set(name, new CurveFile(name, file));
    }
    const isNew = [...this.#curves.values()].map((curve) => curve.read()).includes(true);
    if (!isNew) return;
    const curves = names.map((name) => this.#curves.get(name)!.curve);
    this.#parts.dashboard.publish({ type: 'curves', curves });
  }

  /** What failed is told in the terminal as it is; on the page without what names a place of this machine. */
  #tellFailure(error: unknown): void {
    const { code, message } = describeFailure(error);
    this.#parts.log(`torcs-pilot: ${message} (${code})`);
    const isPublic = error instanceof UsageError && !/[/\\]/.test(message);
    this.#parts.dashboard.notify('problem', isPublic ? message : `That failed (${code}); the terminal says more.`);
  }

  #publishEmpty(): void {
    const can = { start: true, pace: false, wheel: false, record: false };
    const session: SessionTopic = { type: 'session', id: 0, mode: 'watch', title: '', channels: [], views: [], can };
    this.#parts.dashboard.publish(session);
    this.#parts.dashboard.publish({ type: 'map', track: null });
  }
}
