/** The one who takes has left. */
export class HandoverClosedError extends Error {}

/**
 * Passes values from one loop to another, hand to hand: the giver goes on when the taker asks for the next value, so that
 * neither runs ahead, and nothing is kept.
 */
export class Handover<T> {
  #offer: { readonly value: T; readonly taken: () => void; readonly refused: (error: Error) => void } | undefined;
  #end: { readonly error: unknown } | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  /** Resolves when the taker is done with the value. @throws HandoverClosedError when the taker has left */
  give(value: T): Promise<void> {
    if (this.#isClosed) return Promise.reject(new HandoverClosedError());
    return new Promise((taken, refused) => {
      this.#offer = { value, taken, refused };
      this.#wake?.();
    });
  }

  /** Nothing more comes. @param error what the taker is to be told; undefined: it was the regular end */
  end(error?: unknown): void {
    this.#end = { error };
    this.#wake?.();
  }

  /** The values, for one taker. */
  async *values(): AsyncGenerator<T> {
    try {
      for (;;) {
        const offer = this.#offer;
        if (offer !== undefined) {
          yield offer.value;
          this.#offer = undefined;
          offer.taken();
        } else if (this.#end !== undefined) {
          if (this.#end.error !== undefined) throw this.#end.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#isClosed = true;
      this.#offer?.refused(new HandoverClosedError());
    }
  }
}
