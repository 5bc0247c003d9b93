import type { Clock } from '../../core/index.ts';
import type { ClientMessage } from '../../dashboard/index.ts';

/** What a person at the wheel does. Steering: 1 left, -1 right. */
export type WheelInput = Omit<Extract<ClientMessage, { type: 'input' }>, 'type'>;

/** A person who says nothing for so long is gone, ms. The page speaks every 50 ms; a busy machine may keep it waiting. */
const SILENCE_MS = 2000;

const NOTHING: WheelInput = { steer: 0, accelerate: 0, brake: 0, reverse: false };

/** Who holds the wheel: the driver that was chosen, a person, or nobody, because that person is gone. */
export class Wheel {
  readonly #clock: Clock;
  #state: 'driver' | 'person' | 'lost' = 'driver';
  #holder: number | undefined;
  #input = NOTHING;
  #heardMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get state(): 'driver' | 'person' | 'lost' {
    return this.#state;
  }

  /** Number of the viewer who holds it. */
  get holder(): number | undefined {
    return this.#holder;
  }

  /** @returns false when another person holds it */
  take(viewer: number): boolean {
    if (this.#state === 'person' && this.#holder !== viewer) return false;
    this.#state = 'person';
    this.#holder = viewer;
    this.#input = NOTHING;
    this.#heardMs = this.#clock.now();
    return true;
  }

  /** Back to the driver. @returns false when that person does not hold it */
  give(viewer: number): boolean {
    if (this.#state !== 'person' || this.#holder !== viewer) return false;
    this.free();
    return true;
  }

  /** Back to the driver, whoever had it. */
  free(): void {
    this.#state = 'driver';
    this.#holder = undefined;
  }

  hear(viewer: number, input: WheelInput): void {
    if (this.#state !== 'person' || this.#holder !== viewer) return;
    this.#input = input;
    this.#heardMs = this.#clock.now();
  }

  /** A viewer is gone. @returns whether it was the one at the wheel */
  lose(viewer: number): boolean {
    if (this.#state !== 'person' || this.#holder !== viewer) return false;
    this.#state = 'lost';
    this.#holder = undefined;
    return true;
  }

  /** Whether the person at the wheel has said nothing for too long. */
  get isSilent(): boolean {
    return this.#state === 'person' && this.#clock.now() - this.#heardMs > SILENCE_MS;
  }

  /** What the person does now; one who is silent is lost. */
  read(): WheelInput {
    if (this.isSilent) this.lose(this.#holder!);
    return this.#state === 'person' ? this.#input : NOTHING;
  }
}
