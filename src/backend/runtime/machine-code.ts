import { readFileSync } from 'node:fs';
import { MachineFunction } from './machine-function.ts';
import { RuntimeError } from './runtime.ts';

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
    new MachineFunction('void machine_nothing()', (assembler) => assembler.return()).free();
    return true;
  } catch (error) {
    if (error instanceof RuntimeError) return false;
    throw error;
  }
}
