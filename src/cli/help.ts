import { type Command, commonFlags, type Flags } from './command.ts';

const program = 'npx torcs-pilot';
/** A narrower column of descriptions is harder to read than lines that the terminal breaks. */
const LEAST_WIDTH = 30;

/**
 * The text of `torcs-pilot --help`.
 *
 * @param columns of the terminal: descriptions are broken to stay in their column
 */
export function programHelp(commands: readonly Command[], columns = Number.POSITIVE_INFINITY): string {
  return [
    'torcs-pilot: drive, train and film cars in TORCS',
    '',
    `Usage: ${program} COMMAND [FLAGS]`,
    '',
    ...twoColumns(
      commands.map(({ name, summary }) => ({ left: name, right: summary })),
      columns,
    ),
    '',
    `${program} COMMAND --help tells a command's flags. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`,
  ].join('\n');
}

/**
 * The text of `torcs-pilot COMMAND --help`.
 *
 * @param columns as `programHelp`
 */
export function commandHelp(command: Command, columns = Number.POSITIVE_INFINITY): string {
  const flags: Flags = { ...command.flags, ...commonFlags };
  const rows = Object.entries(flags).map(([name, { value, description }]) => ({
    left: `--${name}${value === undefined ? '' : ` ${value}`}`,
    right: description,
  }));
  const words = command.positionals === undefined ? '' : ` ${command.positionals}`;
  return [
    command.summary,
    '',
    `Usage: ${program} ${command.name}${words} [FLAGS]`,
    '',
    ...twoColumns(rows, columns),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${program} ${example}`),
  ].join('\n');
}

function twoColumns(rows: readonly { readonly left: string; readonly right: string }[], columns: number): string[] {
  const width = Math.max(...rows.map(({ left }) => left.length));
  const lines = ({ right }: { readonly right: string }) => wrapped(right, Math.max(LEAST_WIDTH, columns - width - 4));
  return rows.flatMap((row) => lines(row).map((line, i) => `  ${(i === 0 ? row.left : '').padEnd(width)}  ${line}`));
}

/** Lines of at most so many characters, broken at spaces; a longer word has a line of its own. */
function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
