import { z } from 'zod';

const word = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 32 - 1);

/** A `RandomState` read from a file. */
export const randomStateSchema = z.strictObject({
  words: z.tuple([word, word, word, word]).readonly(),
  spareNormal: z.number().nullable(),
});
