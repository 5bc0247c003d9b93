import type { RowValues } from './data-row.ts';
import { CAMERA_KEY, type Features } from './format.ts';
import { type FeatureStats, PictureStats, RunningStats } from './stats.ts';

/** Statistics of every feature over frames that pass by. */
export class FrameStats {
  readonly #numbers: readonly (readonly [string, RunningStats])[];
  readonly #pictures: PictureStats | undefined;

  constructor(features: Features) {
    this.#numbers = Object.entries(features)
      .filter(([key]) => key !== CAMERA_KEY)
      .map(([key, { shape }]) => [key, new RunningStats(shape[0] ?? 1)]);
    const camera = features[CAMERA_KEY];
    this.#pictures = camera === undefined ? undefined : new PictureStats(camera.shape[2] ?? 3);
  }

  /** @param pixels the frame's picture, where it is among those that are looked at */
  add(values: RowValues, pixels: Uint8Array | undefined): void {
    for (const [key, stats] of this.#numbers) stats.add(values[key] ?? []);
    if (pixels !== undefined) this.#pictures?.add(pixels);
  }

  result(): Record<string, FeatureStats> {
    const results = Object.fromEntries(this.#numbers.map(([key, stats]) => [key, stats.result()]));
    return this.#pictures === undefined ? results : { ...results, [CAMERA_KEY]: this.#pictures.result() };
  }
}
