import { sizeOf } from '../../core/box.ts';
import type { LearnerProgram } from '../../core/engine.ts';
import { compilePhase, GRADIENT_OUTPUT, LOSS_OUTPUT, OTHER_OUTPUT } from '../trace/compile.ts';
import type { BlockSize } from '../trace/recorder.ts';
import type { CompiledParameters } from './compiled-parameters.ts';
import type { NumbersPlace, PhasePlan } from './plan.ts';

/** A phase's plan for the learner's thread, and what this thread reads of it. */
export interface PlannedPhase {
  readonly plan: PhasePlan;
  /** The trained group. */
  readonly group: string;
  readonly trained: PhasePlan['trained'];
  /** Where the values lie that an update hands out. */
  readonly outputs: Readonly<Record<string, NumbersPlace>>;
}

const SCALAR: readonly number[] = [];

/** Compiles a phase and gives its gradients, moments and outputs their places in the memory. */
export function planPhase(
  parameters: CompiledParameters,
  program: LearnerProgram,
  phaseName: string,
  blockSize: BlockSize,
): PlannedPhase {
  const phase = program.phases[phaseName]!;
  const { memory, placed, groups } = parameters;
  const graph = compilePhase(groups, program.inputs, phase, blockSize);
  const group = placed[phase.trains]!;
  const trained = {
    weights: group.begin,
    gradient: memory.allocate(group.bytes),
    firstMoment: memory.allocate(group.bytes),
    secondMoment: memory.allocate(group.bytes),
    length: group.bytes / Float32Array.BYTES_PER_ELEMENT,
  };
  const outputs: Record<string, NumbersPlace> = {};
  const places = graph.outputs.map(({ name, output, shape }) => {
    const parameter = name.startsWith(GRADIENT_OUTPUT) ? name.slice(GRADIENT_OUTPUT.length) : undefined;
    if (parameter !== undefined) {
      return { name: output, begin: trained.gradient + group.places[parameter]!.offset, shape };
    }
    const place = { begin: memory.allocate(4 * sizeOf(shape)), shape };
    outputs[name.startsWith(OTHER_OUTPUT) ? name.slice(OTHER_OUTPUT.length) : name] = place;
    return { name: output, ...place };
  });
  outputs['gradientNorm'] = { begin: memory.allocate(4), shape: SCALAR };
  const targets = Object.entries(program.targets).filter(([, { follows }]) => follows === phase.trains);
  const plan: PhasePlan = {
    name: phaseName,
    model: graph.model,
    parameters: graph.parameters.map(({ group: owner, name, input }) => {
      const { offset, shape } = placed[owner]!.places[name]!;
      return { name: input, begin: placed[owner]!.begin + offset, shape };
    }),
    inputs: graph.inputs.map(({ name }) => name),
    outputs: places,
    loss: outputs[LOSS_OUTPUT]!.begin,
    gradientNorm: outputs['gradientNorm'].begin,
    trained,
    targets: targets.map(([name, { tau }]) => ({ weights: placed[name]!.begin, tau })),
    optimizer: phase.optimizer,
  };
  return { plan, group: phase.trains, trained, outputs };
}
