import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../../core/median.ts';
import { CONFIGURATION_NAMES, CONFIGURATIONS, type ConfigurationName } from './configurations.ts';
import type { MeasuredEngine, Measurement, MeasureOptions } from './measure.ts';
import { type OperatorTime, readProfiles } from './profile.ts';
import { hasPyTorch, listPyTorchSettings, measurePyTorch } from './pytorch.ts';
import { startProcess } from './start-process.ts';

export interface BenchEngineOptions {
  /** Takes one line of text at a time. */
  readonly log: (line: string) => void;
  /** Process starts of each engine on each configuration, 1 to 100. Default 5. */
  readonly rounds?: number;
  /** How long each process measures, s. Default 2. */
  readonly seconds?: number;
  /** Default: all. */
  readonly configurations?: readonly ConfigurationName[];
  /** Python with PyTorch 2.x, to measure beside. Default `python3`; where it has none, the column stays empty. */
  readonly python?: string;
  /** Tell where the time of the compiled engine goes. Default false. */
  readonly profile?: boolean;
}

export interface EngineFigure {
  readonly engine: string;
  /** Median over the process starts, each a median over updates, ms. */
  readonly updateMs: number;
  readonly starts: readonly number[];
  readonly actMs?: number;
}

export interface ConfigurationFigures {
  readonly title: string;
  readonly engines: readonly EngineFigure[];
  /** PyTorch's time over the compiled engine's. */
  readonly timesFasterThanPyTorch?: number;
  /** The same of each round's starts by themselves: what the machine's changing pace makes of it. */
  readonly timesFasterByRound?: readonly number[];
  readonly pytorchSetting?: string;
  readonly profile?: readonly OperatorTime[];
}

export type BenchEngineResult = Readonly<Partial<Record<ConfigurationName, ConfigurationFigures>>>;

/** Settings of PyTorch that are measured at every start after the first; the fastest by its median is compared. */
const RACED_SETTINGS = 4;
/** For so long PyTorch runs at each setting before anything is measured, s. */
const FIRST_START_S = 0.2;

const COMPARED = ['compiled', 'tfjs-node', 'tfjs-wasm'] as const;

/** Measures one whole update of each engine and of PyTorch: process starts of all of them in turn, so that a machine that changes its pace changes it for all. */
export async function benchEngine(options: BenchEngineOptions): Promise<BenchEngineResult> {
  const { log, rounds = 5, seconds = 2, configurations = CONFIGURATION_NAMES, python = 'python3' } = options;
  const pytorch = await hasPyTorch(python);
  if (!pytorch) log(`PyTorch is not measured: ${python} has no torch 2.x, or scripts/peers is not here`);
  const figures: Partial<Record<ConfigurationName, ConfigurationFigures>> = {};
  for (const configuration of configurations) {
    const figure = await compare(configuration, { log, rounds, seconds, python: pytorch ? python : undefined });
    const profile = options.profile ? await profileOf(configuration, seconds) : undefined;
    figures[configuration] = { ...figure, ...(profile === undefined ? {} : { profile }) };
    for (const line of describe(figures[configuration])) log(line);
  }
  return figures;
}

interface Comparison {
  readonly log: (line: string) => void;
  readonly rounds: number;
  readonly seconds: number;
  readonly python: string | undefined;
}

async function compare(
  configuration: ConfigurationName,
  { log, rounds, seconds, python }: Comparison,
): Promise<ConfigurationFigures> {
  const starts = new Map<MeasuredEngine | 'pytorch', number[]>();
  const acts: number[] = [];
  const absent = new Set<MeasuredEngine>();
  /** PyTorch's starts by setting; those of the settings that stay in the race have one for each round. */
  const settings = new Map<string, number[]>();
  let raced = python === undefined ? [] : await listPyTorchSettings(python, configuration);
  // Not counted: a first start may compile, and after such a one the fastest setting had dropped out.
  if (python !== undefined) {
    for (const setting of raced) await measurePyTorch(python, configuration, { seconds: FIRST_START_S, setting });
  }
  const add = (engine: MeasuredEngine, ms: number) => starts.set(engine, [...(starts.get(engine) ?? []), ms]);
  for (let round = 0; round < rounds; round++) {
    for (const engine of COMPARED) {
      if (absent.has(engine)) continue;
      const result = await measureInProcess({ engine, configuration, seconds });
      if ('error' in result) {
        absent.add(engine);
        log(`${engine} is not measured on ${configuration}: ${result.error}`);
        continue;
      }
      add(engine, result.updateMs);
      if (engine === 'compiled') acts.push(result.actMs);
    }
    if (python === undefined) continue;
    // Every setting once; the fastest of them go on, because one start alone may mislead.
    for (const setting of raced) {
      const updateMs = await measurePyTorch(python, configuration, { seconds, setting });
      if (updateMs !== undefined) settings.set(setting, [...(settings.get(setting) ?? []), updateMs]);
    }
    if (round === 0) {
      const order = [...settings].sort(([, [a]], [, [b]]) => a! - b!);
      raced = order.slice(0, RACED_SETTINGS).map(([setting]) => setting);
    }
  }
  const whole = [...settings].filter(([setting]) => raced.includes(setting));
  const fastest = whole.sort(([, a], [, b]) => median(a) - median(b))[0];
  if (fastest !== undefined) starts.set('pytorch', fastest[1]);
  const engines = [...starts].map(
    ([engine, values]): EngineFigure => ({
      engine,
      updateMs: median(values),
      starts: values,
      ...(engine === 'compiled' ? { actMs: median(acts) } : {}),
    }),
  );
  const of = (name: string) => engines.find(({ engine }) => engine === name);
  const [ours, theirs] = [of('compiled'), of('pytorch')];
  return {
    title: CONFIGURATIONS[configuration].title,
    engines,
    ...(ours === undefined || theirs === undefined
      ? {}
      : {
          timesFasterThanPyTorch: theirs.updateMs / ours.updateMs,
          timesFasterByRound: ours.starts.slice(0, theirs.starts.length).map((ms, round) => theirs.starts[round]! / ms),
        }),
    ...(fastest === undefined ? {} : { pytorchSetting: fastest[0] }),
  };
}

async function profileOf(configuration: ConfigurationName, seconds: number): Promise<OperatorTime[]> {
  const folder = mkdtempSync(join(tmpdir(), 'torcs-pilot-profile-'));
  try {
    const profilePrefix = join(folder, 'update');
    await measureInProcess({ engine: 'compiled', configuration, seconds, profilePrefix });
    return readProfiles(profilePrefix);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureInProcess(options: MeasureOptions): Promise<Measurement | { readonly error: string }> {
  const child = startProcess(new URL('./measure-process.ts', import.meta.url), [JSON.stringify(options)]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) return { error: `the process ended with code ${child.exitCode} and said nothing` };
  return JSON.parse(last) as Measurement | { readonly error: string };
}

const OPERATORS_SHOWN = 8;

function describe(figures: ConfigurationFigures): string[] {
  const { title, engines, timesFasterThanPyTorch, timesFasterByRound = [], pytorchSetting, profile } = figures;
  const lines = [title];
  for (const { engine, updateMs, starts, actMs } of engines) {
    const spread = `${Math.min(...starts).toFixed(2)} to ${Math.max(...starts).toFixed(2)}`;
    const act = actMs === undefined ? '' : `, an action ${actMs.toFixed(3)} ms`;
    const setting = engine === 'pytorch' ? ` (${pytorchSetting})` : '';
    lines.push(
      `  ${engine.padEnd(10)} ${updateMs.toFixed(2).padStart(9)} ms an update, ${starts.length} starts ${spread}${act}${setting}`,
    );
  }
  if (timesFasterThanPyTorch !== undefined) {
    const [least, most] = [Math.min(...timesFasterByRound), Math.max(...timesFasterByRound)];
    const rounds = `round by round ${least.toFixed(2)} to ${most.toFixed(2)}`;
    lines.push(`  compiled is ${timesFasterThanPyTorch.toFixed(2)} times as fast as PyTorch, ${rounds}`);
  }
  for (const phase of new Set(profile?.map((entry) => entry.phase))) {
    const shown = profile!.filter((entry) => entry.phase === phase).slice(0, OPERATORS_SHOWN);
    lines.push(
      `  ${phase}: ${shown.map(({ operator, ms, nodes }) => `${operator} ${ms.toFixed(2)} ms (${nodes})`).join(', ')}`,
    );
  }
  return lines;
}
