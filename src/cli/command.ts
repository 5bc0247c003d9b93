import { parseArgs } from 'node:util';
import { z } from 'zod';
import { nearestName, UsageError } from '../core/index.ts';

/** One `--flag` of a command: how it is checked, and how `--help` shows it. */
export interface Flag<Schema extends z.ZodType = z.ZodType> {
  /** Checks the text of the flag (absent: undefined) and turns it into a value. Switches get a boolean. */
  readonly schema: Schema;
  readonly description: string;
  /** Name of the value in the help text, such as `N` or `DIR`; absent for a switch. */
  readonly value?: string;
  /** May be given several times: the schema gets the list of texts, empty when there is none. */
  readonly repeatable?: boolean;
}

const longestShownWord = 80;

export type Flags = Readonly<Record<string, Flag>>;
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: z.output<F[Name]['schema']> };

/** What a command may use of the outside world. */
export interface CommandContext {
  /** Progress and logs: standard error. */
  log(line: string): void;
  /** Text as it is, to standard error: for a line of progress that is rewritten. */
  write(text: string): void;
  /** Results for people: standard output, silent under `--json`. */
  print(line: string): void;
  /** Aborted by Ctrl-C; the command saves, cleans up and returns. */
  readonly signal: AbortSignal;
  /** Whether a person looks at standard error: progress lines may be rewritten. */
  readonly interactive: boolean;
  /** Words after the command's name that are no flags. */
  readonly positionals: readonly string[];
  /** Names of the flags that were written, unlike those that have their default. */
  readonly given: ReadonlySet<string>;
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly summary: string;
  /** Shown after the command's name in the help text, such as `setup|status`. */
  readonly positionals?: string;
  readonly flags: F;
  readonly examples: readonly string[];
  /** @returns what `--json` prints */
  run(flags: FlagValues<F & typeof commonFlags>, context: CommandContext): Promise<Record<string, unknown>>;
}

/** Declares a command; flags are inferred, so that `run` gets typed values. */
export function defineCommand<F extends Flags>(command: Command<F>): Command<F> {
  return command;
}

/** A flag that takes a value. */
export function flag<Schema extends z.ZodType>(value: string, description: string, schema: Schema): Flag<Schema> {
  return { value, description, schema };
}

/** A flag that takes a value and may be given several times. */
export function repeatable<Schema extends z.ZodType>(value: string, description: string, schema: Schema): Flag<Schema> {
  return { value, description, schema, repeatable: true };
}

/** A flag without a value, false unless given. */
export function toggle(description: string): Flag<z.ZodType<boolean>> {
  return { description, schema: z.boolean() };
}

/** Any text but none; `expected` says what it names. */
export function named(expected: string): z.ZodType<string> {
  return z.string().min(1, expected);
}

/** A whole number in [least, greatest] written in digits. */
export function wholeNumber(least: number, greatest: number): z.ZodType<number> {
  const expected = `a whole number from ${least} to ${greatest}`;
  return z
    .string()
    .regex(/^-?\d+$/, expected)
    .transform(Number)
    .refine((number) => number >= least && number <= greatest, expected);
}

/** A decimal number in [least, greatest]. */
export function decimalNumber(least: number, greatest: number): z.ZodType<number> {
  const expected = `a number from ${least} to ${greatest}`;
  return z
    .string()
    .regex(/^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i, expected)
    .transform(Number)
    .refine((number) => number >= least && number <= greatest, expected);
}

/** The flags that every command takes. */
export const commonFlags = {
  seed: flag(
    'N',
    'seed of everything random, 0 to 4294967295 (default 0)',
    wholeNumber(0, 0xffff_ffff).or(z.undefined().transform(() => 0)),
  ),
  json: toggle('print one JSON object as the last line of standard output'),
  help: toggle('show this text'),
} satisfies Flags;

export interface ParsedCommandLine<F extends Flags> {
  readonly flags: FlagValues<F>;
  readonly positionals: readonly string[];
  readonly given: ReadonlySet<string>;
}

/** Reads the words after a command's name. Throws {@link UsageError} naming the flag and what was expected. */
export function parseCommandLine<F extends Flags>(flags: F, words: readonly string[]): ParsedCommandLine<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, repeatable = false }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple: repeatable } as const,
    ]),
  );
  // Not strict: what is wrong is told below, in our own words.
  const parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: false, tokens: true });
  refuseWrongWords(parsed.tokens, flags);
  const values = Object.entries(flags).map(([name, flag]) => [name, checkFlag(name, flag, parsed.values[name])]);
  return {
    flags: Object.fromEntries(values) as FlagValues<F>,
    positionals: parsed.positionals,
    given: new Set(parsed.tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))),
  };
}

function checkFlag(name: string, { schema, value, repeatable = false }: Flag, text: unknown): unknown {
  const absent = value === undefined ? false : repeatable ? [] : undefined;
  const given = text ?? absent;
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const { issues } = result.error;
  const expected = [...new Set(issues.map((issue) => innermostMessage(issue)))].join(', or ');
  if (given === undefined) throw new UsageError(`Expected --${name} ${value ?? ''}: it is required`);
  const wrong = Array.isArray(given) ? given[Number(issues[0]?.path[0] ?? 0)] : given;
  throw new UsageError(`Expected --${name} to be ${expected}, got ${quote(String(wrong))}`);
}

/** A union's own message says nothing: the first branch's is the one written for people. */
function innermostMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') {
    const first = issue.errors[0]?.[0];
    if (first !== undefined) return innermostMessage(first);
  }
  return issue.message;
}

/** A word that someone wrote, as it is shown in messages: on one line, and not longer than one can read. */
export function quote(word: string): string {
  return JSON.stringify(word.length > longestShownWord ? `${word.slice(0, longestShownWord)}…` : word);
}

/** One of a few words; the message names the one that was probably meant. */
export function oneOf<const Name extends string>(names: readonly Name[]): z.ZodType<Name> {
  return z.string().transform((text, context): Name => {
    const name = names.find((candidate) => candidate === text);
    if (name !== undefined) return name;
    const nearest = nearestName(text, names);
    const hint = nearest === undefined ? '' : ` (perhaps ${nearest})`;
    context.addIssue({ code: 'custom', message: `one of ${names.join(', ')}${hint}` });
    return z.NEVER;
  });
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function refuseWrongWords(tokens: readonly Token[], flags: Flags): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const flag = Object.hasOwn(flags, name) && rawName.startsWith('--') ? flags[name] : undefined;
    if (flag === undefined) {
      const nearest = nearestName(name, Object.keys(flags));
      throw new UsageError(
        `Expected one of the flags that --help lists, got ${quote(rawName)}${nearest === undefined ? '' : `. Did you mean --${nearest}?`}`,
      );
    }
    if (seen.has(name) && flag.repeatable !== true) throw new UsageError(`Expected --${name} once, got it twice`);
    seen.add(name);
    if (flag.value === undefined) {
      if (value !== undefined) throw new UsageError(`Expected --${name} without a value, got ${quote(value)}`);
    } else if (value === undefined) {
      throw new UsageError(`Expected --${name} ${flag.value}, got no value`);
    } else if (!token.inlineValue && value.startsWith('-') && !/^-[\d.]/.test(value)) {
      throw new UsageError(
        `Expected --${name} ${flag.value}, got ${quote(value)}; write --${name}=${value} if you mean it`,
      );
    }
  }
}
