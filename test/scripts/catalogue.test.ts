import { existsSync } from 'node:fs';
import test from 'ava';
import { models } from '../../scripts/models/catalogue.ts';
import { commonFlags, parseCommandLine } from '../../src/cli/command.ts';
import { trainCommand } from '../../src/cli/commands/train.ts';
import { readStoredPolicy } from '../../src/cli/compose/policy.ts';
import { readOverrides } from '../../src/cli/train/assignments.ts';
import { settingsOfFlags } from '../../src/cli/train/command-line.ts';

/** As it is written in a file: without what is undefined. */
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const [name, { train }] of Object.entries(models)) {
  test(`the command that makes models/${name} asks for what is kept there`, (t) => {
    const words = train.map((word) => word.replace('{runs}', '/nowhere'));
    const { flags } = parseCommandLine({ ...trainCommand.flags, ...commonFlags }, [...words, '--out', '/nowhere/run']);
    const asked = settingsOfFlags({ flags, overrides: readOverrides(flags.settings, flags.set) });
    if (!existsSync(`models/${name}`)) {
      t.pass('not kept');
      return;
    }
    const { content, environment } = readStoredPolicy(`models/${name}`);
    t.is(asked.request.preset, content.provenance['preset'] as string);
    t.deepEqual(written(environment), written(asked.environment));
    // A clone has no critic: what it would have seen is of no account.
    const isClone = asked.request.algorithm === 'clone';
    const agent = {
      ...asked.agent,
      ...(isClone ? { criticEncoder: asked.agent.actorEncoder, shareEncoder: false } : {}),
    };
    t.deepEqual(written(content.settings), written(agent));
  });
}
