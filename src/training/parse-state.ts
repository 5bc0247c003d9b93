import type { z } from 'zod';
import { InvalidFileError } from '../core/errors.ts';

/**
 * Checks what a checkpoint says.
 *
 * @param expected what it should be, for the message
 * @throws InvalidFileError naming the first entry that is wrong
 */
export function parseState<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  expected: string,
): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InvalidFileError(`Expected ${expected}, got \`${issue?.path.map(String).join('.')}\`: ${issue?.message}`);
}
