import { existsSync, statSync } from 'node:fs';
import { UsageError } from '../../core/index.ts';
import { defineCommand, flag, named, quote, wholeNumber } from '../command.ts';

const defaultFolder = 'runs';

export const watchCommand = defineCommand({
  name: 'watch',
  summary: 'Serve the live page: watch policies and runs of a folder, drive yourself, record the drive.',
  positionals: '[RUNS_DIR]',
  flags: {
    port: flag(
      'N',
      'port of the page, 0 to 65535, 0: a free one (default 8765, or a free one)',
      wholeNumber(0, 65_535).optional(),
    ),
    host: flag(
      'ADDRESS',
      'address to listen at; another than 127.0.0.1 lets the network look on, with the token (default 127.0.0.1)',
      named('an address').optional(),
    ),
  },
  examples: ['watch', 'watch models --port 9000', 'watch runs --host 0.0.0.0'],
  async run({ port, host, seed }, { log, positionals, signal }) {
    const [folder = defaultFolder, more] = positionals;
    if (more !== undefined) throw new UsageError(`Expected nothing after the folder, got ${quote(more)}`);
    // The default may not be there yet; recordings will make it.
    if (positionals.length > 0 && !(existsSync(folder) && statSync(folder).isDirectory())) {
      throw new UsageError(`Expected a folder to watch, got ${quote(folder)}, which is none`);
    }
    // Loaded where it is needed only.
    const { watchFolder } = await import('../watch/watch-folder.ts');
    return { ok: true, ...(await watchFolder({ folder, host, port, seed, log, signal })) };
  },
});
