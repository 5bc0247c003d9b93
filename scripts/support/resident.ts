import fs from 'node:fs';

/** Resident memory of a process, MiB (proc(5)); NaN where there is no such file. */
export function residentMib(pid: number | 'self'): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
