/** A command of this program as a person types it, in a shell of Unix. */
export function commandOf(words: readonly (string | number)[]): string {
  return ['npx torcs-pilot', ...words.map((word) => quoted(String(word)))].join(' ');
}

function quoted(word: string): string {
  return /^[\w./,:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
