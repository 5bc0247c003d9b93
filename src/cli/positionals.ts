import { nearestName, UsageError } from '../core/index.ts';
import { quote } from './command.ts';

/** The one word that a command takes after its name, one of those known. Throws {@link UsageError}. */
export function onlyPositional<T extends string>(positionals: readonly string[], known: readonly T[]): T {
  const word = firstPositional(positionals, known);
  if (positionals.length > 1)
    throw new UsageError(`Expected nothing after "${word}", got ${quote(positionals[1] ?? '')}`);
  return word;
}

/** The first word after the command's name, one of those known. Throws {@link UsageError}. */
export function firstPositional<T extends string>(positionals: readonly string[], known: readonly T[]): T {
  const word = known.find((candidate) => candidate === positionals[0]);
  if (word !== undefined) return word;
  const [written] = positionals;
  const nearest = written === undefined ? undefined : nearestName(written, known);
  throw new UsageError(
    `Expected ${known.join(' or ')}, got ${written === undefined ? 'nothing' : quote(written)}` +
      (nearest === undefined ? '' : `. Did you mean ${nearest}?`),
  );
}
