import type { z } from 'zod';
import { InvalidArgumentError } from './errors.ts';

/**
 * Checks a caller's options once, at the edge.
 * @throws {InvalidArgumentError} naming the first option that is wrong
 */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path.join('.') ?? '';
  const where = name === '' ? 'the options' : `the option \`${name}\``;
  throw new InvalidArgumentError(`Expected ${where} to be as documented, got: ${issue?.message}`);
}
