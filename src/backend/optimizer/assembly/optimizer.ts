// AssemblyScript, not TypeScript: `npx tsx scripts/build-optimizer.ts` makes WebAssembly of it (../optimizer-module.ts).
// Vectors are float32, 4 at a time: lengths are multiples of 16, pointers too.

// The offsets, as sizes: only a type can hand a constant to a function.
@unmanaged
class At0 {}
@unmanaged
class At16 {
  vector: v128;
}
@unmanaged
class At32 extends At16 {
  second: v128;
}
@unmanaged
class At48 extends At32 {
  third: v128;
}

/**
 * Adam in place: weights p, moments m and v, gradient g, n numbers each. The gradient is finite: whoever
 * calls has looked at its norm. With tau > 0 the target t moves towards the new weights.
 *
 * @param rate learning rate × sqrt(1 - beta2^step) / (1 - beta1^step)
 * @param epsilon times sqrt(1 - beta2^step)
 */
export function adam(
  p: usize,
  m: usize,
  v: usize,
  g: usize,
  t: usize,
  n: i32,
  rate: f32,
  epsilon: f32,
  rest1: f32,
  rest2: f32,
  decay: f32,
  gradientScale: f32,
  tau: f32,
): void {
  const rates = f32x4.splat(rate);
  const epsilons = f32x4.splat(epsilon);
  const rest1s = f32x4.splat(rest1);
  const rest2s = f32x4.splat(rest2);
  const decays = f32x4.splat(decay);
  const scales = f32x4.splat(gradientScale);
  const taus = f32x4.splat(tau);
  const end = p + ((<usize>n) << 2);
  while (p < end) {
    const moved0 = adamVector<At0>(p, m, v, g, rates, epsilons, rest1s, rest2s, decays, scales);
    const moved16 = adamVector<At16>(p, m, v, g, rates, epsilons, rest1s, rest2s, decays, scales);
    const moved32 = adamVector<At32>(p, m, v, g, rates, epsilons, rest1s, rest2s, decays, scales);
    const moved48 = adamVector<At48>(p, m, v, g, rates, epsilons, rest1s, rest2s, decays, scales);
    if (tau > 0) {
      follow<At0>(t, moved0, taus);
      follow<At16>(t, moved16, taus);
      follow<At32>(t, moved32, taus);
      follow<At48>(t, moved48, taus);
      t += 64;
    }
    p += 64;
    m += 64;
    v += 64;
    g += 64;
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function adamVector<At>(
  p: usize,
  m: usize,
  v: usize,
  g: usize,
  rates: v128,
  epsilons: v128,
  rest1s: v128,
  rest2s: v128,
  decays: v128,
  scales: v128,
): v128 {
  const weight = v128.load(p, offsetof<At>());
  const gradient = f32x4.add(f32x4.mul(v128.load(g, offsetof<At>()), scales), f32x4.mul(weight, decays));
  const oldFirst = v128.load(m, offsetof<At>());
  const oldSecond = v128.load(v, offsetof<At>());
  const first = f32x4.add(oldFirst, f32x4.mul(f32x4.sub(gradient, oldFirst), rest1s));
  const second = f32x4.add(oldSecond, f32x4.mul(f32x4.sub(f32x4.mul(gradient, gradient), oldSecond), rest2s));
  v128.store(m, first, offsetof<At>());
  v128.store(v, second, offsetof<At>());
  const root = f32x4.add(f32x4.sqrt(second), epsilons);
  const moved = f32x4.sub(weight, f32x4.div(f32x4.mul(first, rates), root));
  v128.store(p, moved, offsetof<At>());
  return moved;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function follow<At>(t: usize, followed: v128, taus: v128): void {
  const target = v128.load(t, offsetof<At>());
  v128.store(t, f32x4.add(target, f32x4.mul(f32x4.sub(followed, target), taus)), offsetof<At>());
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
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (const end = g + ((<usize>n) << 2); g < end; g += 32) {
    const x = v128.load(g);
    const y = v128.load(g, 16);
    a = f64x2.add(a, squareOfLow(x));
    b = f64x2.add(b, squareOfLow(highOf(x)));
    c = f64x2.add(c, squareOfLow(y));
    d = f64x2.add(d, squareOfLow(highOf(y)));
  }
  return total(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
}

/** Adds n numbers at h to those at g. @returns the sum of the squares of what comes out, as sumOfSquares has it */
export function addAndSquare(g: usize, h: usize, n: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (const end = g + ((<usize>n) << 2); g < end; g += 32) {
    const x = f32x4.add(v128.load(g), v128.load(h));
    const y = f32x4.add(v128.load(g, 16), v128.load(h, 16));
    v128.store(g, x);
    v128.store(g, y, 16);
    a = f64x2.add(a, squareOfLow(x));
    b = f64x2.add(b, squareOfLow(highOf(x)));
    c = f64x2.add(c, squareOfLow(y));
    d = f64x2.add(d, squareOfLow(highOf(y)));
    h += 32;
  }
  return total(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function squareOfLow(x: v128): v128 {
  const wide = f64x2.promote_low_f32x4(x);
  return f64x2.mul(wide, wide);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function highOf(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function total(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}
