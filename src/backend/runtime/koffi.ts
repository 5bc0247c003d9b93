import { createRequire } from 'node:module';
import { RuntimeError } from './runtime.ts';

export type Koffi = typeof import('koffi');

const require = createRequire(import.meta.url);

/** Kernels may want more stack than koffi gives by default. */
const STACK_BYTES = 8 << 20;

/** @throws RuntimeError when the package is not there */
export function loadKoffi(): Koffi {
  let koffi: Koffi;
  try {
    koffi = require('koffi') as Koffi;
  } catch (cause) {
    throw new RuntimeError('Expected the optional package koffi, got none: ONNX Runtime is then used through its own', {
      cause,
    });
  }
  const settings = koffi.config();
  if ((settings.sync_stack_size ?? 0) < STACK_BYTES) {
    koffi.config({ ...settings, sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES });
  }
  return koffi;
}

/** A prototype may be made once for each name. */
const prototypes = new Map<string, unknown>();

/** The type of functions with a signature, to decode a pointer to one with. */
export function prototype(koffi: Koffi, signature: string): ReturnType<Koffi['proto']> {
  const known = prototypes.get(signature) ?? koffi.proto(signature);
  prototypes.set(signature, known);
  return known as ReturnType<Koffi['proto']>;
}
