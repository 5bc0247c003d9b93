import { UsageError } from '../core/index.ts';

/** The one word that a command takes after its name, one of those known. Throws {@link UsageError}. */
export function onlyPositional<T extends string>(positionals: readonly string[], known: readonly T[]): T {
  const word = firstPositional(positionals, known);
  if (positionals.length > 1) throw new UsageError(`Expected nothing after "${word}", got "${positionals[1]}"`);
  return word;
}

/** The first word after the command's name, one of those known. Throws {@link UsageError}. */
export function firstPositional<T extends string>(positionals: readonly string[], known: readonly T[]): T {
  const word = known.find((candidate) => candidate === positionals[0]);
  if (word !== undefined) return word;
  const got = positionals[0] === undefined ? 'nothing' : `"${positionals[0]}"`;
  throw new UsageError(`Expected ${known.join(' or ')}, got ${got}`);
}
