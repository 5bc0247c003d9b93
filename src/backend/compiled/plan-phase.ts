import { sizeOf } from '../../core/box.ts';
import type { InputSpecification, LearnerProgram, UpdatePhase } from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import {
  type CompiledGraph,
  compilePhase,
  GRADIENT_OUTPUT,
  LOSS_OUTPUT,
  type MachineCode,
  OTHER_OUTPUT,
} from '../trace/compile.ts';
import type { BlockSize } from '../trace/recorder.ts';
import type { CompiledParameters, PlacedGroup } from './compiled-parameters.ts';
import {
  MOST_SHARED_NUMBERS,
  MOST_SHARES,
  type NumbersPlace,
  type PhasePlan,
  type PhaseShare,
  type PlacedBinding,
} from './plan.ts';

/** A phase's plan for the learner's thread, and what this thread reads of it. */
export interface PlannedPhase {
  readonly plan: PhasePlan;
  /** The trained group. */
  readonly group: string;
  readonly trained: PhasePlan['trained'];
  /** Where the values lie that an update hands out. */
  readonly outputs: Readonly<Record<string, NumbersPlace>>;
}

export interface PlanOptions {
  readonly blockSize: BlockSize;
  /** Into how many shares rows may be divided. 1: not at all. */
  readonly mostShares: number;
  /** What may be written in machine code, which runs on one thread: where no others would take a part of a node. */
  readonly machineCode: MachineCode;
}

/** Fewer rows than these are not worth a thread: its products of matrices would be too thin. */
const LEAST_ROWS = 8;
const SCALAR: readonly number[] = [];

/**
 * Compiles a phase and gives its gradients, moments and outputs their places in the memory.
 *
 * @throws InvalidArgumentError when a phase that goes row by row has an output that does not; errors of `compilePhase`
 */
export function planPhase(
  parameters: CompiledParameters,
  program: LearnerProgram,
  phaseName: string,
  { blockSize, mostShares, machineCode }: PlanOptions,
): PlannedPhase {
  const phase = program.phases[phaseName]!;
  const { memory, placed, groups } = parameters;
  const group = placed[phase.trains]!;
  const length = group.bytes / Float32Array.BYTES_PER_ELEMENT;
  const count = shareCount(program, phase, { length, mostShares });
  const graph = compilePhase(groups, rowsOf(program.inputs, phase, count), phase, {
    blockSize,
    machineCode: count > 1 || mostShares === 1 ? machineCode : 'none',
  });
  if (phase.rowwise === true) requireRowwise(phaseName, graph, program.inputs[phase.inputs[0]!]!.shape[0]! / count);
  const gradients = Array.from({ length: count }, () => memory.allocate(group.bytes));
  const outputs: Record<string, NumbersPlace> = {
    [LOSS_OUTPUT]: { begin: memory.allocate(4), shape: SCALAR },
  };
  for (const { name, shape } of graph.outputs) {
    if (!name.startsWith(OTHER_OUTPUT)) continue;
    const size = count * sizeOf(shape);
    outputs[name.slice(OTHER_OUTPUT.length)] = { begin: memory.allocate(4 * size), shape: [size] };
  }
  outputs['gradientNorm'] = { begin: memory.allocate(4), shape: SCALAR };
  const trained = {
    weights: group.begin,
    gradient: gradients[0]!,
    firstMoment: memory.allocate(group.bytes),
    secondMoment: memory.allocate(group.bytes),
    length,
  };
  const plan: PhasePlan = {
    name: phaseName,
    model: graph.model,
    programs: graph.programs,
    parameters: graph.parameters.map(({ group: owner, name, input }) => {
      const { offset, shape } = placed[owner]!.places[name]!;
      return { name: input, begin: placed[owner]!.begin + offset, shape };
    }),
    inputs: graph.inputs.map(({ name }) => name),
    shares: gradients.map((gradient, index) =>
      placeShare(graph, { index, gradient, group, outputs, loss: memory.allocate(4) }),
    ),
    loss: outputs[LOSS_OUTPUT]!.begin,
    gradientNorm: outputs['gradientNorm'].begin,
    trained,
    targets: Object.entries(program.targets)
      .filter(([, { follows }]) => follows === phase.trains)
      .map(([name, { tau }]) => ({ weights: placed[name]!.begin, tau })),
    optimizer: phase.optimizer,
  };
  return { plan, group: phase.trains, trained, outputs };
}

function shareCount(
  program: LearnerProgram,
  phase: UpdatePhase,
  { length, mostShares }: { readonly length: number; readonly mostShares: number },
): number {
  if (phase.rowwise !== true || length > MOST_SHARED_NUMBERS) return 1;
  const rows = program.inputs[phase.inputs[0]!]!.shape[0]!;
  let count = Math.min(mostShares, MOST_SHARES, Math.floor(rows / LEAST_ROWS));
  while (count > 1 && rows % count !== 0) count--;
  // With most threads idle, the library's own way of sharing each node is the better one.
  return 2 * count >= mostShares ? Math.max(1, count) : 1;
}

/** The inputs of one of so many shares. */
function rowsOf(inputs: LearnerProgram['inputs'], phase: UpdatePhase, count: number): LearnerProgram['inputs'] {
  const entries = phase.inputs.map((name): [string, InputSpecification] => {
    const { shape, dtype } = inputs[name]!;
    return [name, count === 1 ? inputs[name]! : { shape: [shape[0]! / count, ...shape.slice(1)], dtype }];
  });
  return Object.fromEntries(entries);
}

function requireRowwise(phaseName: string, graph: CompiledGraph, rows: number): void {
  for (const { name, shape } of graph.outputs) {
    if (!name.startsWith(OTHER_OUTPUT) || sizeOf(shape) % rows === 0) continue;
    throw new InvalidArgumentError(
      `Expected as many numbers for each of ${rows} rows in \`${name.slice(OTHER_OUTPUT.length)}\` of the phase \`${phaseName}\`, which goes row by row, got the shape [${shape}]`,
    );
  }
}

function placeShare(
  graph: CompiledGraph,
  place: {
    readonly index: number;
    readonly gradient: number;
    readonly loss: number;
    readonly group: PlacedGroup;
    readonly outputs: Readonly<Record<string, NumbersPlace>>;
  },
): PhaseShare {
  const begin = (name: string, size: number): number => {
    if (name === LOSS_OUTPUT) return place.loss;
    if (name.startsWith(GRADIENT_OUTPUT)) {
      return place.gradient + place.group.places[name.slice(GRADIENT_OUTPUT.length)]!.offset;
    }
    return place.outputs[name.slice(OTHER_OUTPUT.length)]!.begin + 4 * size * place.index;
  };
  return {
    outputs: graph.outputs.map(
      ({ name, output, shape }): PlacedBinding => ({ name: output, begin: begin(name, sizeOf(shape)), shape }),
    ),
    loss: place.loss,
    gradient: place.gradient,
  };
}
