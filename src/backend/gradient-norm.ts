import { NotFiniteError } from '../core/errors.ts';

/** What to multiply a gradient of this norm by; as PyTorch's `clip_grad_norm_` does it. */
export function gradientScale(norm: number, maxGradientNorm: number | undefined): number {
  if (maxGradientNorm === undefined) return 1;
  return Math.min(1, maxGradientNorm / (norm + 1e-6));
}

/** @throws NotFiniteError */
export function requireFinite(value: number, what: string): void {
  if (Number.isFinite(value)) return;
  throw new NotFiniteError(
    `Expected a finite ${what}, got ${value}; the weights are those of before: look for a non-finite number in the batch, or lower the learning rate`,
  );
}
