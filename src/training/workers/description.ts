import type { Environment } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

/** An environment as data, so that another thread can make it: which function makes it, and what it is called with. */
export interface EnvironmentDescription {
  /** URL of an ES module, such as `new URL('./make.ts', import.meta.url).href`. */
  readonly module: string;
  /** Name of an exported function that returns an {@link Environment} or a promise of one. */
  readonly factory: string;
  /** What it is called with. Must survive a structured clone. */
  readonly arguments: readonly unknown[];
}

/**
 * Makes the environment that a description tells of, in this thread.
 *
 * @throws {@link InvalidArgumentError} when the module exports no such function; whatever module and function throw
 */
export async function createEnvironment(description: EnvironmentDescription): Promise<Environment> {
  const exported = (await import(description.module)) as Readonly<Record<string, unknown>>;
  const factory = exported[description.factory];
  if (typeof factory !== 'function') {
    throw new InvalidArgumentError(
      `Expected ${description.module} to export a function \`${description.factory}\`, got ${typeof factory}`,
    );
  }
  return (await factory(...description.arguments)) as Environment;
}
