/** Number of single-letter edits between two words (Levenshtein 1966), by the two-row dynamic programme. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}

/** The names most like what someone wrote, nearest first; for "did you mean" in messages. */
export function nearestNames(written: string, names: readonly string[], count = 3): string[] {
  const wanted = written.slice(0, 64).toLowerCase();
  const score = (name: string) => editDistance(wanted, name.toLowerCase()) - (name.includes(wanted) ? 100 : 0);
  return names
    .map((name) => ({ name, distance: score(name) }))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, count)
    .map(({ name }) => name);
}

/** The name most like what someone wrote, or undefined when none is near: more than two edits and a third of the word. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const [nearest] = nearestNames(written, names, 1);
  if (nearest === undefined) return undefined;
  const distance = editDistance(written.slice(0, 64).toLowerCase(), nearest.toLowerCase());
  return distance <= Math.max(2, written.length / 3) ? nearest : undefined;
}
