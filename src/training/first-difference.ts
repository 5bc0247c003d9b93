/**
 * Where two JSON values differ first, in words, such as "`agent.gamma` 0.98 instead of 0.99".
 *
 * @returns undefined when they are equal
 */
export function firstDifference(expected: unknown, got: unknown, path = ''): string | undefined {
  if (isContainer(expected) && isContainer(got) && Array.isArray(expected) === Array.isArray(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      const difference = firstDifference(expected[key], got[key], path === '' ? key : `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (Object.is(expected, got)) return undefined;
  return `\`${path}\` ${show(got)} instead of ${show(expected)}`;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A setting that is not there at all is told as such. */
function show(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
