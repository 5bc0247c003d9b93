import type { Sensors } from '../../torcs-client/sensors.ts';

/** What a network was shown: a stack of pictures, as an observation's pixels are laid out. */
export interface SeenPixels {
  readonly width: number;
  readonly height: number;
  /** Of one picture: 1 (grey) or 3 (RGB). */
  readonly channels: 1 | 3;
  /** Pictures in the stack. */
  readonly count: number;
  /** height × width × (channels × count), the oldest picture's channels first. */
  readonly data: Uint8Array;
}

/** What the driver commanded at an instant. */
export interface Commands {
  /** -1 right to 1 left. */
  readonly steer: number;
  /** 0 to 1 each. */
  readonly accelerate: number;
  readonly brake: number;
}

/** One instant of a drive, as a film shows it. What is not known is left out, and not drawn. */
export interface FilmMoment {
  /** Simulated seconds since the drive began. */
  readonly timeS: number;
  readonly sensors: Sensors;
  /** Distance covered since the drive began along the centre line, m. */
  readonly distanceM: number;
  /** Times of the laps that were completed, s. */
  readonly lapTimesS: readonly number[];
  readonly commands?: Commands;
  /** What the last action brought, and the sum so far. */
  readonly reward?: number;
  readonly returnSum?: number;
  /** The critic's estimate of what will follow. */
  readonly value?: number;
  readonly seen?: SeenPixels;
  /** How much each pixel of the newest seen picture moves the steering, height × width, 0 to 1: worked out when asked for. */
  readonly saliency?: () => Promise<Float32Array>;
  /** Why the drive ended; at its last moment only. */
  readonly outcome?: string;
  /**
   * Draws what the film's camera sees now: width × height × 3 bytes. Where the camera is gone already, with the race that
   * ended, it leaves the picture before in place. Not to be called after the next moment was asked for.
   */
  render(into: Uint8Array): Promise<void>;
}
