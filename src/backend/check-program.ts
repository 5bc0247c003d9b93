import { sizeOf } from '../core/box.ts';
import type { LearnerProgram, ParameterGroup, PhaseCall, UpdatePhase } from '../core/engine.ts';
import { InvalidArgumentError } from '../core/errors.ts';

type Groups = Readonly<Record<string, ParameterGroup>>;

/** @throws InvalidArgumentError when a weight's initial values do not fill its shape */
export function checkGroups(groups: Groups): void {
  for (const [groupName, group] of Object.entries(groups)) {
    for (const [name, { shape, initial }] of Object.entries(group)) {
      const size = sizeOf(shape);
      if (initial.length === size) continue;
      throw new InvalidArgumentError(
        `Expected ${size} initial values for \`${groupName}.${name}\` of shape [${shape}], got ${initial.length}`,
      );
    }
  }
}

/** @throws InvalidArgumentError when a program names groups or inputs that are not there, or a target does not fit */
export function checkProgram(groups: Groups, program: LearnerProgram): void {
  for (const [phaseName, phase] of Object.entries(program.phases)) {
    const owner = `the phase \`${phaseName}\``;
    for (const group of [phase.trains, ...phase.reads]) requireName(groups, group, `group of parameters in ${owner}`);
    for (const input of phase.inputs) requireName(program.inputs, input, `input in ${owner}`);
    if (phase.reads.includes(phase.trains)) {
      throw new InvalidArgumentError(`Expected ${owner} to read other groups than the one that it trains`);
    }
    if (phase.rowwise === true) requireRows(program, phase, owner);
  }
  for (const [targetName, { follows, tau }] of Object.entries(program.targets)) {
    requireName(groups, targetName, 'group of parameters as target');
    requireName(groups, follows, `group for the target \`${targetName}\` to follow`);
    if (!(tau >= 0 && tau <= 1)) {
      throw new InvalidArgumentError(`Expected \`tau\` of \`${targetName}\` to be from 0 to 1, got ${tau}`);
    }
    if (layout(groups[targetName]!) === layout(groups[follows]!)) continue;
    throw new InvalidArgumentError(`Expected \`${targetName}\` to have the names and shapes of \`${follows}\``);
  }
}

/** @throws InvalidArgumentError when a call names a phase that is not there */
export function checkCalls(program: LearnerProgram, calls: readonly PhaseCall[]): void {
  for (const { phase } of calls) requireName(program.phases, phase, 'phase');
}

/** The groups that a phase reads, the trained one first. */
export function groupsOf({ trains, reads }: { readonly trains: string; readonly reads: readonly string[] }): string[] {
  return [trains, ...reads];
}

/** @throws InvalidArgumentError when the values are not one array of the right length for each weight */
export function checkValues(
  groupName: string,
  group: ParameterGroup,
  values: Readonly<Record<string, Float32Array>>,
): void {
  for (const name of Object.keys(values)) requireName(group, name, `parameter of \`${groupName}\``);
  for (const [name, { initial }] of Object.entries(group)) {
    const length = values[name]?.length;
    if (length === initial.length) continue;
    throw new InvalidArgumentError(
      `Expected ${initial.length} values for \`${groupName}.${name}\`, got ${length === undefined ? 'none' : length}`,
    );
  }
}

function requireRows({ inputs }: LearnerProgram, phase: UpdatePhase, owner: string): void {
  const lengths = new Set(phase.inputs.map((name) => inputs[name]!.shape[0]));
  if (lengths.size === 1 && !lengths.has(undefined)) return;
  const shapes = phase.inputs.map((name) => `${name} [${inputs[name]!.shape}]`).join(', ');
  throw new InvalidArgumentError(
    `Expected every input in ${owner}, which goes row by row, to begin with the same number of rows, got ${shapes}`,
  );
}

function requireName(known: Readonly<Record<string, unknown>>, name: string, kind: string): void {
  if (Object.hasOwn(known, name)) return;
  throw new InvalidArgumentError(
    `Expected a ${kind} that exists (${Object.keys(known).join(', ') || 'there are none'}), got \`${name}\``,
  );
}

function layout(group: ParameterGroup): string {
  return JSON.stringify(Object.entries(group).map(([name, { shape }]) => [name, shape]));
}
