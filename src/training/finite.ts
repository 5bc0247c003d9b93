import { NotFiniteError } from '../core/errors.ts';

/** @throws {@link NotFiniteError} naming what it is */
export function requireFinite(value: number, what: string): void {
  if (!Number.isFinite(value)) throw new NotFiniteError(`Expected a finite ${what}, got ${value}`);
}

/** @throws {@link NotFiniteError} naming what it is, and the first entry that is not finite */
export function requireAllFinite(values: Float32Array, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new NotFiniteError(`Expected a finite ${what}, got ${values[i]} at ${i}`);
  }
}
