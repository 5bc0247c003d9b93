import { z } from 'zod';
import { describeEnding, type Machine } from './machine.ts';

/**
 * Loads the package in a process of its own and computes with it: a native library that is broken may crash. Node 23
 * removed `util.isNullOrUndefined`, which tfjs-node 4.22 calls in every kernel; given back, it runs (tried on Node 23,
 * 24 and 26).
 */
const PROGRAM = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === undefined || value === null;
const tf = require(process.argv[1]);
const product = Array.from(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync());
console.log(JSON.stringify({ backend: tf.getBackend(), tensorflow: tf.backend().binding.TF_Version, product }));
`;

const TIME_LIMIT_S = 120;

const answerSchema = z.object({
  backend: z.literal('tensorflow'),
  tensorflow: z.string(),
  product: z.tuple([z.literal(3), z.literal(3), z.literal(3), z.literal(3)]),
});

/** What became of the attempt to load the package. */
export type Probe =
  | { readonly loads: true /** Version of the native TensorFlow. */; readonly tensorflow: string }
  | { readonly loads: false; readonly reason: string };

/** Whether the package in a folder loads its native library and multiplies two matrices with it. */
export async function probe(machine: Machine, packageFolder: string, signal?: AbortSignal): Promise<Probe> {
  const result = await machine.run(machine.nodePath, ['--eval', PROGRAM, packageFolder], {
    workingFolder: packageFolder,
    timeLimitS: TIME_LIMIT_S,
    environment: { TF_CPP_MIN_LOG_LEVEL: '2', NODE_NO_WARNINGS: '1' },
    signal,
  });
  const failed = (what: string): Probe => ({ loads: false, reason: `node ${what}` });
  if (result.code !== 0) return failed(describeEnding(result, TIME_LIMIT_S));
  const line = result.stdout.trim().split('\n').at(-1) ?? '';
  try {
    return { loads: true, tensorflow: answerSchema.parse(JSON.parse(line)).tensorflow };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return failed(`answered ${line}`);
    throw error;
  }
}
