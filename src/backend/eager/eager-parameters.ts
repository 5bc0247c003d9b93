import * as tf from '@tensorflow/tfjs-core';
import type { GroupedTensors, ParameterGroup, ParameterStore } from '../../core/engine.ts';
import { checkValues } from '../check-program.ts';
import { onBackend } from '../tfjs-backend.ts';

/** Weights as tensors of a backend. */
export class EagerParameters implements ParameterStore {
  readonly groups: Readonly<Record<string, ParameterGroup>>;
  readonly backendName: string;
  readonly #tensors: Record<string, Record<string, tf.Tensor>> = {};

  constructor(backendName: string, groups: Readonly<Record<string, ParameterGroup>>) {
    this.backendName = backendName;
    this.groups = groups;
    onBackend(backendName, () => {
      for (const [groupName, group] of Object.entries(groups)) {
        this.#tensors[groupName] = {};
        for (const [name, { shape, initial }] of Object.entries(group)) {
          this.#tensors[groupName][name] = tf.keep(tf.tensor(initial.slice(), [...shape]));
        }
      }
    });
  }

  /** The live tensors; not to be disposed of. */
  tensors(groups: readonly string[]): GroupedTensors {
    return Object.fromEntries(groups.map((name) => [name, this.#tensors[name]!]));
  }

  /** Puts another tensor in a weight's place and disposes of the old one. */
  replace(group: string, name: string, tensor: tf.Tensor): void {
    const tensors = this.#tensors[group]!;
    tensors[name]!.dispose();
    tensors[name] = tf.keep(tensor);
  }

  read(group: string): Record<string, Float32Array> {
    return Object.fromEntries(
      Object.entries(this.#tensors[group]!).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]),
    );
  }

  write(group: string, values: Readonly<Record<string, Float32Array>>): void {
    const specification = this.groups[group] ?? {};
    checkValues(group, specification, values);
    onBackend(this.backendName, () => {
      for (const [name, { shape }] of Object.entries(specification)) {
        this.replace(group, name, tf.tensor(values[name]!.slice(), [...shape]));
      }
    });
  }

  dispose(): void {
    for (const group of Object.values(this.#tensors)) tf.dispose(group);
  }
}
