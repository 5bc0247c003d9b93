import { InvalidArgumentError } from '../core/errors.ts';

/**
 * The last `count` pictures, each kept once, in a ring. `read` interleaves them to height × width × (channels × count),
 * the oldest picture's channels first.
 */
export class FrameStack {
  readonly outputShape: readonly [number, number, number];
  readonly #count: number;
  readonly #channels: number;
  readonly #ring: Uint8Array[];
  #newest = 0;
  #filled = false;

  /**
   * @param shape height, width, channels of one picture
   * @param count pictures in the stack, 1 to 64
   */
  constructor(shape: readonly [number, number, number], count: number) {
    if (!Number.isInteger(count) || count < 1 || count > 64) {
      throw new InvalidArgumentError(`Expected 1 to 64 pictures in a stack, got ${count}`);
    }
    if (!shape.every((size) => Number.isInteger(size) && size > 0)) {
      throw new InvalidArgumentError(`Expected a picture's shape of whole numbers from 1, got ${shape.join('x')}`);
    }
    const [height, width, channels] = shape;
    this.#count = count;
    this.#channels = channels;
    this.#ring = Array.from({ length: count }, () => new Uint8Array(height * width * channels));
    this.outputShape = [height, width, channels * count];
  }

  /** Where the next picture may be written before `push` is called without one. */
  get next(): Uint8Array {
    return this.#ring[(this.#newest + 1) % this.#count] as Uint8Array;
  }

  /** Fills the whole stack with the first picture of an episode. */
  reset(first: Uint8Array): void {
    this.#requireSize(first);
    for (const slot of this.#ring) if (slot !== first) slot.set(first);
    this.#filled = true;
  }

  /** Drops the oldest picture and takes a new one: a copy of `picture`, or what was written into {@link next}. */
  push(picture?: Uint8Array): void {
    if (!this.#filled) throw new InvalidArgumentError('Expected `reset` before the first `push`, got none');
    const slot = this.next;
    if (picture !== undefined && picture !== slot) {
      this.#requireSize(picture);
      slot.set(picture);
    }
    this.#newest = (this.#newest + 1) % this.#count;
  }

  /** Writes the stack into `into` at `offset`. */
  read(into: Uint8Array, offset = 0): void {
    if (!this.#filled) throw new InvalidArgumentError('Expected `reset` before the first `read`, got none');
    const channels = this.#channels;
    const depth = channels * this.#count;
    const size = (this.#ring[0] as Uint8Array).length;
    if (offset < 0 || offset + size * this.#count > into.length) {
      throw new InvalidArgumentError(
        `Expected room for ${size * this.#count} bytes at ${offset}, got a buffer of ${into.length}`,
      );
    }
    for (let i = 0; i < this.#count; i++) {
      const picture = this.#ring[(this.#newest + 1 + i) % this.#count] as Uint8Array;
      let to = offset + i * channels;
      if (depth === channels) into.set(picture, offset);
      else if (channels === 1) for (let from = 0; from < size; from++, to += depth) into[to] = picture[from] as number;
      else {
        for (let from = 0; from < size; from += channels, to += depth) {
          for (let c = 0; c < channels; c++) into[to + c] = picture[from + c] as number;
        }
      }
    }
  }

  #requireSize(picture: Uint8Array): void {
    const size = (this.#ring[0] as Uint8Array).length;
    if (picture.length === size) return;
    throw new InvalidArgumentError(`Expected a picture of ${size} bytes, got ${picture.length}`);
  }
}
