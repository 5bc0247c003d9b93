import type { FilmMoment } from '../../src/video/moment.ts';
import type { TrackOutline } from '../../src/video/track-map.ts';
import { sensorsWith } from '../support/sensors.ts';

/** A track that is a circle of 1000 m. */
export const circle: TrackOutline = {
  name: 'circle',
  lengthM: 1000,
  widthM: 10,
  points: Array.from({ length: 100 }, (_, i) => {
    const angle = (i / 100) * 2 * Math.PI;
    const radius = 500 / Math.PI;
    return { distanceM: i * 10, x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  }),
};

/** A moment whose camera sees one colour: its number. */
export function momentWith(changes: Partial<FilmMoment> & { readonly timeS: number }, colour = 0): FilmMoment {
  return {
    sensors: sensorsWith(),
    distanceM: changes.timeS * 50,
    lapTimesS: [],
    render: async (into) => void into.fill(colour),
    ...changes,
  };
}

/** A drive of ticks of the given lengths; the last says how it ended. */
export async function* driveOf(times: readonly number[], outcome = 'laps-done'): AsyncGenerator<FilmMoment> {
  for (const [i, timeS] of times.entries()) {
    yield momentWith({ timeS, ...(i === times.length - 1 ? { outcome } : {}) }, i % 256);
  }
}

/** Keeps copies of what is written, and fills what it was lent before with rubbish, as an encoder may still read it. */
export class KeptFrames {
  readonly frames: Uint8Array[] = [];
  #lent: Uint8Array | undefined;
  #expected: Uint8Array | undefined;
  /** Pictures that were changed while they were on their way. */
  changed = 0;

  async write(frame: Uint8Array): Promise<void> {
    if (this.#lent !== undefined && Buffer.compare(this.#lent, this.#expected!) !== 0) this.changed++;
    await Promise.resolve();
    this.frames.push(Uint8Array.from(frame));
    this.#lent = frame;
    this.#expected = Uint8Array.from(frame);
  }
}
