import type { Clock } from '../../core/index.ts';
import type { Dashboard, StatusTopic } from '../../dashboard/index.ts';

/** How often figures that change all the time are told, ms. */
const REFRESH_MS = 250;

type StatusFields = Omit<StatusTopic, 'type'>;

/** What a page shows before anything drives. */
export const IDLE: StatusFields = {
  state: 'idle',
  speed: 1,
  track: '',
  driver: '',
  view: null,
  wheel: 'driver',
  holder: null,
  recording: null,
  laps: [],
  episode: 0,
  stepsPerS: 0,
};

/** The status that viewers see: changes at once, figures now and then. */
export class LiveStatus {
  readonly #dashboard: Pick<Dashboard, 'publish'>;
  #fields: StatusFields;
  #toldMs: number;
  #steps = 0;

  constructor(dashboard: Pick<Dashboard, 'publish'>, clock: Clock, fields: StatusFields) {
    this.#dashboard = dashboard;
    this.#fields = fields;
    this.#toldMs = clock.now();
    this.#publish();
  }

  get fields(): StatusFields {
    return this.#fields;
  }

  /** Tells a change at once. */
  update(change: Partial<StatusFields>): void {
    this.#fields = { ...this.#fields, ...change };
    this.#publish();
  }

  /** Begins with other fields. */
  replace(fields: StatusFields): void {
    this.#fields = fields;
    this.#publish();
  }

  /** A step was taken. @param figures asked for only when they are told; `stepsPerS` is counted here unless they say it */
  step(nowMs: number, figures: () => Partial<StatusFields>): void {
    this.#steps++;
    const sinceMs = nowMs - this.#toldMs;
    if (sinceMs < REFRESH_MS) return;
    const stepsPerS = Math.round((this.#steps * 1000) / sinceMs);
    this.#steps = 0;
    this.#toldMs = nowMs;
    this.update({ stepsPerS, ...figures() });
  }

  #publish(): void {
    this.#dashboard.publish({ type: 'status', ...this.#fields });
  }
}
