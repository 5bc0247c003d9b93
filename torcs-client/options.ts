import { inspect } from 'node:util';
import type { z } from 'zod';
import { InvalidArgumentError } from './errors.ts';

/** Longest text of a value in a message. */
const LONGEST_VALUE = 80;

/**
 * Checks a caller's options once, at the edge.
 * @param owner whose options they are, for the message
 * @throws {InvalidArgumentError} naming the first option that is wrong, what was expected, and what came
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  owner = 'options',
): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  // An unknown option has no path of its own; the message names it.
  if (issue.path.length === 0) throw new InvalidArgumentError(`Expected valid ${owner}: ${issue.message}`);
  const path = issue.path.map(String).join('.');
  throw new InvalidArgumentError(
    `Expected valid ${owner} \`${path}\`: ${issue.message}; got ${show(options, issue.path)}`,
  );
}

function show(options: unknown, path: readonly PropertyKey[]): string {
  let value = options;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  const text = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}
