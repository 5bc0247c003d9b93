/**
 * Gives the optional dependency `@tensorflow/tfjs-node` its native library, which `npm ci` does not bring because the
 * repository sets `ignore-scripts`. Run: `npm run setup:tfjs-node` (`-- --help` for its flags).
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseOptions, TorcsPilotError, UsageError } from '../src/core/index.ts';
import { thisMachine } from './setup-tfjs-node/machine.ts';
import { SOURCES, setUpTfjsNode } from './setup-tfjs-node/set-up.ts';

const HELP = `npm run setup:tfjs-node [-- FLAGS]

Gives @tensorflow/tfjs-node its native library, unless it has one that loads.

  --from any|download|packages   the package's own download (Linux, macOS, Windows), or a build from packages of PyPI
                                 and npm (Linux x64: needs g++, python3 with pip); any (default) tries both in turn
  --download-limit SECONDS       how long the package's own download may take, 1 to 3600 (default 300)
  --help                         this text

Example: npm run setup:tfjs-node -- --from packages`;

const SINCE_NODE_23 =
  'Its kernels call util.isNullOrUndefined, which Node 23 removed: a program of yours must give it back before it ' +
  "loads the package (require('node:util').isNullOrUndefined = (value) => value == null).";

const flagsSchema = z.object({
  help: z.boolean().default(false),
  from: z.enum(SOURCES).default('any'),
  'download-limit': z.coerce.number().min(1).max(3600).default(300),
});

function readFlags(words: readonly string[]): z.output<typeof flagsSchema> {
  const options = {
    help: { type: 'boolean' },
    from: { type: 'string' },
    'download-limit': { type: 'string' },
  } as const;
  try {
    return parseOptions(flagsSchema, parseArgs({ args: [...words], options }).values, 'flag');
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function main(words: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  try {
    const flags = readFlags(words);
    if (flags.help) {
      console.log(HELP);
      return 0;
    }
    const { source, tensorflow } = await setUpTfjsNode({
      machine: thisMachine(),
      modulesFolder: fileURLToPath(new URL('../node_modules', import.meta.url)),
      from: flags.from,
      downloadLimitS: flags['download-limit'],
      processId: process.pid,
      log: (line) => console.error(line),
      signal: interruption.signal,
    });
    const origin = { present: 'was there already', download: 'downloaded', packages: 'built from packages' }[source];
    console.log(`@tensorflow/tfjs-node loads its native library: TensorFlow ${tensorflow}, ${origin}.`);
    if (Number.parseInt(process.versions.node, 10) >= 23) console.log(SINCE_NODE_23);
    return 0;
  } catch (error) {
    if (!(error instanceof TorcsPilotError)) throw error;
    console.error(`setup:tfjs-node: ${error.message} (${error.code})`);
    if (interruption.signal.aborted) return 130;
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
