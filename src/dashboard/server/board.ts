import { KEPT_ROWS } from '../protocol/limits.ts';
import type { StateTopic } from '../protocol/topics.ts';
import { TelemetryRing } from './telemetry-ring.ts';

/** What can be new for a viewer, the most urgent first. */
export const SLOTS = ['session', 'map', 'status', 'camera', 'telemetry', 'eyes', 'library', 'curves'] as const;
export type Slot = (typeof SLOTS)[number];

/** The newest state of everything that is shown; who comes later gets all of it. Memory does not grow with time. */
export class Board {
  readonly #messages = new Map<Slot, string | Buffer>();
  telemetry = new TelemetryRing(0, 1, 1);

  publish(topic: StateTopic): Slot {
    this.#messages.set(topic.type, JSON.stringify(topic));
    if (topic.type === 'session' && topic.id !== this.telemetry.session) {
      this.telemetry = new TelemetryRing(topic.id, topic.channels.length, KEPT_ROWS);
      // Pictures of what was watched before would be taken for the new one's.
      this.#messages.delete('camera');
      this.#messages.delete('eyes');
    }
    return topic.type;
  }

  showPicture(slot: 'camera' | 'eyes', message: Buffer): void {
    this.#messages.set(slot, message);
  }

  /** The newest message of a slot, telemetry excepted; undefined when there is none yet. */
  message(slot: Slot): string | Buffer | undefined {
    return this.#messages.get(slot);
  }
}
