// AssemblyScript, not TypeScript: `npx tsx scripts/build-optimizer.ts` makes WebAssembly of it (../optimizer-module.ts).
// Vectors are float32, 4 at a time: lengths are multiples of 4, pointers of 16.

/**
 * Adam in place: weights p, moments m and v, gradient g, n numbers each. The gradient is finite: whoever
 * calls has looked at its norm. With tau > 0 the target t moves towards the new weights.
 *
 * @param rate learning rate / (1 - beta1^step)
 * @param rootScale 1 / sqrt(1 - beta2^step)
 */
export function adam(
  p: usize,
  m: usize,
  v: usize,
  g: usize,
  t: usize,
  n: i32,
  rate: f32,
  rootScale: f32,
  epsilon: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  decay: f32,
  gradientScale: f32,
  tau: f32,
): void {
  const rates = f32x4.splat(rate);
  const rootScales = f32x4.splat(rootScale);
  const epsilons = f32x4.splat(epsilon);
  const beta1s = f32x4.splat(beta1);
  const rest1s = f32x4.splat(rest1);
  const beta2s = f32x4.splat(beta2);
  const rest2s = f32x4.splat(rest2);
  const decays = f32x4.splat(decay);
  const scales = f32x4.splat(gradientScale);
  const taus = f32x4.splat(tau);
  const moves = tau > 0;
  for (let i: usize = 0, bytes = (<usize>n) << 2; i < bytes; i += 16) {
    const weight = v128.load(p + i);
    const gradient = f32x4.add(f32x4.mul(v128.load(g + i), scales), f32x4.mul(weight, decays));
    const oldFirst = v128.load(m + i);
    const oldSecond = v128.load(v + i);
    const first = f32x4.add(f32x4.mul(oldFirst, beta1s), f32x4.mul(gradient, rest1s));
    const second = f32x4.add(f32x4.mul(oldSecond, beta2s), f32x4.mul(f32x4.mul(gradient, gradient), rest2s));
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(second), rootScales), epsilons);
    const moved = f32x4.sub(weight, f32x4.mul(f32x4.div(first, root), rates));
    v128.store(m + i, first);
    v128.store(v + i, second);
    v128.store(p + i, moved);
    if (moves) {
      const target = v128.load(t + i);
      v128.store(t + i, f32x4.add(target, f32x4.mul(f32x4.sub(moved, target), taus)));
    }
  }
}

/** A target network's step: t moves towards p by the share tau. */
export function polyak(t: usize, p: usize, n: i32, tau: f32): void {
  const taus = f32x4.splat(tau);
  for (let i: usize = 0, bytes = (<usize>n) << 2; i < bytes; i += 16) {
    const target = v128.load(t + i);
    v128.store(t + i, f32x4.add(target, f32x4.mul(f32x4.sub(v128.load(p + i), target), taus)));
  }
}

/** Adds n numbers at h to those at g. */
export function add(g: usize, h: usize, n: i32): void {
  for (let i: usize = 0, bytes = (<usize>n) << 2; i < bytes; i += 16) {
    v128.store(g + i, f32x4.add(v128.load(g + i), v128.load(h + i)));
  }
}

/** Sum of the squares of n numbers, added in double precision. */
export function sumOfSquares(g: usize, n: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i: usize = 0, bytes = (<usize>n) << 2; i < bytes; i += 16) {
    const x = v128.load(g + i);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
