import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';

export const program = fileURLToPath(new URL('../../bin/torcs-pilot.mjs', import.meta.url));

/** What a run of the program left. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly error: string;
}

/** A run under `--json`, and the object that it printed. */
export interface JsonOutcome extends Outcome {
  readonly json: Record<string, unknown>;
}

/** Runs a command line in this process. */
export async function run(...words: string[]): Promise<Outcome> {
  let output = '';
  let error = '';
  const code = await main(words, {
    output: { write: (text) => (output += text) },
    error: { write: (text) => (error += text) },
  });
  return { code, output, error };
}

/** Runs a command line with `--json`; throws unless the whole standard output is one line with one object. */
export async function runJson(...words: string[]): Promise<JsonOutcome> {
  const outcome = await run(...words, '--json');
  return { ...outcome, json: parseOnlyLine(outcome.output) };
}

/** The object on the only line of a standard output. */
export function parseOnlyLine(output: string): Record<string, unknown> {
  if (!/^\{[^\n]*\}\n$/.test(output)) throw new Error(`Expected one line with one JSON object, got ${output}`);
  return JSON.parse(output) as Record<string, unknown>;
}

/** The program in a process of its own, as a user starts it. */
export class Child {
  readonly process: ChildProcess;
  output = '';
  error = '';
  readonly #ended: Promise<number | null>;

  /** `detached`: in a process group of its own, as a shell starts it. */
  constructor(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    options: { readonly detached?: boolean; readonly cwd?: string } = {},
  ) {
    this.process = spawn(process.execPath, [program, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      ...options,
    });
    this.process.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.process.stderr?.on('data', (text: Buffer) => (this.error += text.toString()));
    this.#ended = once(this.process, 'close').then(([code]) => code as number | null);
  }

  /** Waits until standard error matches; returns what the first group holds. */
  async said(pattern: RegExp): Promise<string> {
    await comesTrue(() => pattern.test(this.error) || this.process.exitCode !== null);
    const match = pattern.exec(this.error);
    if (match === null) throw new Error(`Expected the program to say ${pattern}, got ${this.error}`);
    return match[1] ?? match[0];
  }

  async end(): Promise<Outcome> {
    const code = await this.#ended;
    return { code, output: this.output, error: this.error };
  }
}

/** Waits for something that another process brings about. */
export async function comesTrue(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Expected ${condition} to come true within a minute`);
    await delay(5);
  }
}

/** A folder for one test file, and names in it that are not taken. */
export class Scratch {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-cli-'));
  #count = 0;

  /** A path at which nothing is yet. */
  path(name = 'new'): string {
    return path.join(this.root, `${this.#count++}-${name}`);
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
