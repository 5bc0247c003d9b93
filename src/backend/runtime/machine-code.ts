import { readFileSync } from 'node:fs';

/** Whether this machine can run the code that `../machine` writes: x86-64 with AVX-512F, under Linux. */
export function runsMachineCode(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    // The kernel lists an instruction set only where it also saves its registers.
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    return flags.split(' ').includes('avx512f');
  } catch {
    return false;
  }
}
