import type { Material, Strip } from './model.ts';
import type { SideDefaults, SideOverride } from './specification.ts';

/** What lies beside one piece, before it is placed in the plane. */
export interface SideOfPiece {
  readonly strips: readonly Strip[];
  readonly barrierStyle: 'fence' | 'wall';
  readonly barrierWidth: number;
  readonly barrierHeight: number;
  readonly barrierMaterial: Material;
}

/**
 * Carries one side's border, run-off and barrier from segment to segment (`addSides` in track4.cpp): what a segment
 * does not give goes on, and a run-off starts as wide as the one before it ended.
 */
export class SideTracer {
  readonly #material: (name: string) => Material;
  readonly #banking: 'level' | 'tangent';
  #startWidth: number;
  #endWidth: number;
  #surface: string;
  #border: { width: number; height: number; surface: string; style: 'plan' | 'curb' | 'wall' };
  #barrier: { width: number; height: number; surface: string; style: 'fence' | 'wall' };

  constructor(defaults: SideDefaults, material: (name: string) => Material) {
    this.#material = material;
    this.#banking = defaults.banking ?? 'level';
    this.#startWidth = this.#endWidth = defaults.width ?? 0;
    this.#surface = defaults.surface ?? 'grass';
    this.#border = {
      width: defaults.border?.width ?? 0,
      height: defaults.border?.height ?? 0,
      surface: defaults.border?.surface ?? 'grass',
      style: defaults.border?.style ?? 'plan',
    };
    const style = defaults.barrier?.style ?? 'fence';
    this.#barrier = {
      style,
      width: style === 'fence' ? 0 : (defaults.barrier?.width ?? 0.5),
      height: defaults.barrier?.height ?? 0.6,
      surface: defaults.barrier?.surface ?? 'barrier',
    };
  }

  /** Goes on to the next segment. */
  enter(change: SideOverride | undefined): void {
    this.#startWidth = change?.startWidth ?? this.#endWidth;
    this.#endWidth = change?.endWidth ?? this.#startWidth;
    this.#surface = change?.surface ?? this.#surface;
    const border = change?.border;
    this.#border = {
      width: border?.width ?? this.#border.width,
      height: border?.height ?? this.#border.height,
      surface: border?.surface ?? this.#border.surface,
      style: border?.style ?? this.#border.style,
    };
    const barrier = change?.barrier;
    const style = barrier?.style ?? this.#barrier.style;
    this.#barrier = {
      style,
      // A wall after a fence starts from the fence's width, 0, unless it has its own: the game does so too.
      width: style === 'fence' ? 0 : (barrier?.width ?? this.#barrier.width),
      height: barrier?.height ?? this.#barrier.height,
      surface: barrier?.surface ?? this.#barrier.surface,
    };
  }

  /** What lies beside one of the segment's pieces. */
  piece(step: number, steps: number): SideOfPiece {
    const strips: Strip[] = [];
    const { width, height, style, surface } = this.#border;
    if (width > 0) {
      const material = this.#material(surface);
      strips.push({ material, startWidth: width, endWidth: width, style, height, banking: this.#banking });
    }
    const growth = (this.#endWidth - this.#startWidth) / steps;
    const startWidth = this.#startWidth + step * growth;
    const endWidth = this.#startWidth + (step + 1) * growth;
    if (startWidth > 0 || endWidth > 0) {
      const material = this.#material(this.#surface);
      strips.push({ material, startWidth, endWidth, style: 'plan', height: 0, banking: this.#banking });
    }
    return {
      strips,
      barrierStyle: this.#barrier.style,
      barrierWidth: this.#barrier.width,
      barrierHeight: this.#barrier.height,
      barrierMaterial: this.#material(this.#barrier.surface),
    };
  }
}
