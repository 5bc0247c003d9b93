import type { ThreadFailure } from '../../core/worker.ts';
import type { RecordResult, RecordSettings } from './record.ts';

/** What one of several threads records, into a folder of its own: plain data. */
export type PartSettings = Omit<RecordSettings, 'log' | 'signal' | 'clock'>;

/** What it tells: lines meanwhile, and one of the others at last. */
export type PartReply =
  | { readonly line: string }
  | { readonly result: RecordResult }
  | { readonly failure: ThreadFailure };
