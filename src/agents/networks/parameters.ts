import type { ParameterGroup } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';

/** Draws a parameter's first values. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

/** A weight that a network has, before it has values. */
export interface ParameterDeclaration {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initializer;
}

/** Draws first values, in the order of the declarations. */
export function initializeGroup(declarations: readonly ParameterDeclaration[], random: Random): ParameterGroup {
  return Object.fromEntries(
    declarations.map(({ name, shape, initial }) => [name, { shape, initial: initial(shape, random) }]),
  );
}
