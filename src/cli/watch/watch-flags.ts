import { UsageError } from '../../core/index.ts';
import { flag, toggle, wholeNumber } from '../command.ts';

/** What drives, learns or judges takes these to be looked at. */
export const watchFlags = {
  watch: toggle('serve the live page while it lasts; its address is printed'),
  'watch-port': flag(
    'N',
    'port of the page, 0 to 65535, 0: a free one (default 8765, or a free one)',
    wholeNumber(0, 65_535).optional(),
  ),
};

/** Whether and where the page is wanted. */
export interface WatchChoice {
  readonly port: number | undefined;
}

/** @throws UsageError for a port of a page that is not asked for */
export function watchChoice(flags: {
  readonly watch: boolean;
  readonly 'watch-port': number | undefined;
}): WatchChoice | undefined {
  const port = flags['watch-port'];
  if (flags.watch) return { port };
  if (port !== undefined) throw new UsageError('Expected --watch with --watch-port, got no --watch');
  return undefined;
}
