import type { ParameterGroup, ParameterStore } from '../../core/engine.ts';
import { checkValues } from '../check-program.ts';
import { type GroupLayout, layOut, SharedMemory } from './memory.ts';
import { MOST_SHARED_NUMBERS, MOST_SHARES } from './plan.ts';

/** A group's place in the memory. */
export interface PlacedGroup extends GroupLayout {
  readonly begin: number;
}

/** For each weight of a trained group: its gradient and two moments. */
const TRAINING_COPIES = 3;

/** Weights in shared memory, where ONNX Runtime and the optimizer read and change them in place. */
export class CompiledParameters implements ParameterStore {
  readonly groups: Readonly<Record<string, ParameterGroup>>;
  readonly memory: SharedMemory;
  readonly placed: Readonly<Record<string, PlacedGroup>>;

  constructor(groups: Readonly<Record<string, ParameterGroup>>) {
    this.groups = groups;
    const layouts = Object.entries(groups).map(([name, group]) => [name, layOut(group)] as const);
    const bytes = layouts.reduce((sum, [, layout]) => sum + layout.bytes, 0);
    const shared = layouts.reduce((sum, [, layout]) => sum + Math.min(layout.bytes, 4 * MOST_SHARED_NUMBERS), 0);
    this.memory = new SharedMemory(bytes * (1 + TRAINING_COPIES), shared * (MOST_SHARES - 1));
    this.placed = Object.fromEntries(
      layouts.map(([name, layout]) => [name, { ...layout, begin: this.memory.allocate(layout.bytes) }]),
    );
    for (const [name, group] of Object.entries(groups)) {
      for (const [parameter, { initial }] of Object.entries(group)) this.view(name, parameter).set(initial);
    }
  }

  /** A weight as it lies in memory. */
  view(group: string, name: string): Float32Array {
    const { begin, places } = this.placed[group]!;
    const { offset, length } = places[name]!;
    return this.memory.numbers(begin + offset, length);
  }

  read(group: string): Record<string, Float32Array> {
    const names = Object.keys(this.groups[group]!);
    // Copies in memory of their own: what is handed out does not change with the next update.
    return Object.fromEntries(names.map((name) => [name, Float32Array.from(this.view(group, name))]));
  }

  write(group: string, values: Readonly<Record<string, Float32Array>>): void {
    checkValues(group, this.groups[group] ?? {}, values);
    for (const [name, array] of Object.entries(values)) this.view(group, name).set(array);
  }

  /** Nothing to do: the memory is free when nobody refers to it. */
  dispose(): void {}
}
