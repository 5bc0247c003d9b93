import { type Command, commonFlags, type Flags } from './command.ts';

const program = 'npx torcs-pilot';

/** The text of `torcs-pilot --help`. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'torcs-pilot: drive, train and film cars in TORCS',
    '',
    `Usage: ${program} COMMAND [FLAGS]`,
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    `${program} COMMAND --help tells a command's flags. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`,
  ].join('\n');
}

/** The text of `torcs-pilot COMMAND --help`. */
export function commandHelp(command: Command): string {
  const flags: Flags = { ...command.flags, ...commonFlags };
  const rows = Object.entries(flags).map(([name, { value, description }]) => ({
    left: `--${name}${value === undefined ? '' : ` ${value}`}`,
    description,
  }));
  const width = Math.max(...rows.map((row) => row.left.length));
  const words = command.positionals === undefined ? '' : ` ${command.positionals}`;
  return [
    command.summary,
    '',
    `Usage: ${program} ${command.name}${words} [FLAGS]`,
    '',
    ...rows.map((row) => `  ${row.left.padEnd(width)}  ${row.description}`),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${program} ${example}`),
  ].join('\n');
}
