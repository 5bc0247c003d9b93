import { existsSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Who owns an overlay, as its folder's name says: the process, when it started (a number is used again after its
 * process died, a start time is not), and the space of process numbers that it lives in (a container has its own).
 */
export interface OverlayOwner {
  readonly pid: number;
  /** Clock ticks from boot to the process' start, field 22 of proc(5)'s stat. */
  readonly startTicks: string;
  /** The number of the pid namespace, namespaces(7). */
  readonly namespace: string;
}

/** When a process started, or undefined when there is none of that number. '0' where the system has no /proc. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    if (!isMissing(error)) throw error;
    return existsSync('/proc/self/stat') ? undefined : '0';
  }
}

function ownNamespace(): string {
  try {
    return /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid'))?.[1] ?? '0';
  } catch (error) {
    if (!isMissing(error)) throw error;
    return '0';
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ESRCH';
}

/** This process. */
export function ownOwner(): OverlayOwner {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? '0', namespace: ownNamespace() };
}

const NAME = /^(\d+)-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/** The part of an overlay's folder name before the six letters that make it unique. */
export function ownerPrefix(owner: OverlayOwner): string {
  return `${owner.pid}-${owner.startTicks}-${owner.namespace}-`;
}

/** The owner that a folder's name tells, or undefined when it is no overlay's name. */
export function ownerOfName(name: string): OverlayOwner | undefined {
  const [, pid, startTicks, namespace] = NAME.exec(name) ?? [];
  if (pid === undefined || startTicks === undefined || namespace === undefined) return undefined;
  return { pid: Number(pid), startTicks, namespace };
}

/** Whether an owner still lives; undefined when this process cannot see it. */
export function isOwnerAlive(owner: OverlayOwner): boolean | undefined {
  if (owner.namespace !== ownNamespace()) return undefined;
  return startTicksOf(owner.pid) === owner.startTicks;
}
