/** Deepest nesting that is read. */
const DEEPEST = 32;

/**
 * JSON of a stranger: besides what `JSON.parse` checks, no key may come twice in one object (readers differ in which they
 * take), none may be `__proto__`, and nesting has a limit.
 *
 * @throws SyntaxError saying what is wrong
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // The text is sound JSON now: outside of strings, only these characters make its structure.
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g);
  const open: (Set<string> | undefined)[] = [];
  for (const [token, colon] of tokens) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      if (open.length > DEEPEST) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (colon !== undefined) {
      checkKey(JSON.parse(token.slice(0, -colon.length)) as string, open.at(-1)!);
    }
  }
  return value;
}

function checkKey(key: string, seen: Set<string>): void {
  if (key === '__proto__') throw new SyntaxError('it has a key `__proto__`');
  if (seen.has(key)) throw new SyntaxError(`the key \`${key}\` comes twice in one object`);
  seen.add(key);
}
