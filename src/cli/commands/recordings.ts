import { z } from 'zod';
import { UsageError } from '../../core/index.ts';
import { createContactSheet, inspectRecording, repairRecording, verifyRecording } from '../../recordings/index.ts';
import { defineCommand, flag, wholeNumber } from '../command.ts';
import { firstPositional } from '../positionals.ts';

const pictureFileSchema = z.string().regex(/.\.png$/i, 'a file that ends in .png');

const actions = ['inspect', 'verify', 'repair', 'sheet'] as const;

export const recordingsCommand = defineCommand({
  name: 'recordings',
  summary: 'Look into a recording, check it, bring it back after a kill, or draw a drive on one sheet.',
  positionals: `${actions.join('|')} DIR`,
  flags: {
    out: flag('FILE.png', 'sheet: where to write it', pictureFileSchema.optional()),
    episode: flag(
      'N',
      'sheet: which episode, from 0 (default 0)',
      wholeNumber(0, 1_000_000_000)
        .optional()
        .transform((episode) => episode ?? 0),
    ),
  },
  examples: [
    'recordings inspect recordings/embedded',
    'recordings verify runs/demo/recording',
    'recordings repair DIR',
  ],
  async run({ out, episode }, { print, positionals }) {
    const action = firstPositional(positionals, actions);
    const [, dir, extra] = positionals;
    if (dir === undefined) throw new UsageError(`Expected a folder after "recordings ${action}", got nothing`);
    if (extra !== undefined)
      throw new UsageError(`Expected one folder after "recordings ${action}", got also "${extra}"`);
    switch (action) {
      case 'inspect': {
        const summary = await inspectRecording(dir);
        for (const [key, value] of Object.entries(summary)) print(`${key}: ${describe(value)}`);
        return { ok: true, ...summary };
      }
      case 'verify': {
        const report = await verifyRecording(dir);
        for (const { kind, file, message } of report.problems) print(`${kind}: ${file} ${message}`);
        print(
          `${report.ok ? 'sound' : 'not sound'}: ${report.files} files, ${report.bytes} bytes, ${report.frames} frames`,
        );
        return { ...report, dir };
      }
      case 'repair': {
        const report = await repairRecording(dir);
        print(
          report.repaired
            ? `repaired: ${report.episodes} episodes and ${report.frames} frames from the journal`
            : 'nothing to repair',
        );
        return { ok: true, dir, ...report };
      }
      case 'sheet': {
        if (out === undefined) throw new UsageError('Expected --out FILE.png with "recordings sheet"');
        const sheet = await createContactSheet(dir, { out, episode });
        print(`${out}: ${sheet.width} × ${sheet.height}`);
        return { ok: true, dir, out, ...sheet };
      }
    }
  },
});

function describe(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
