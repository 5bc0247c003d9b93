import { readFileSync } from 'node:fs';
import { ExecutableMemory } from './executable-memory.ts';
import { loadKoffi } from './koffi.ts';
import { RuntimeError } from './runtime.ts';

const RETURN = 0xc3;

let known: boolean | undefined;

/**
 * Whether this process can run the code that `../machine` writes: x86-64 with AVX-512F, under a Linux that lets code run
 * which a process wrote, with koffi.
 */
export function runsMachineCode(): boolean {
  known ??= hasInstructions() && allowsOwnCode();
  return known;
}

function hasInstructions(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    // The kernel lists an instruction set only where it also saves its registers.
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    return flags.split(' ').includes('avx512f');
  } catch {
    return false;
  }
}

function allowsOwnCode(): boolean {
  try {
    const memory = new ExecutableMemory(loadKoffi(), 1);
    try {
      memory.seal(Uint8Array.of(RETURN));
    } finally {
      memory.free();
    }
    return true;
  } catch (error) {
    if (error instanceof RuntimeError) return false;
    throw error;
  }
}
