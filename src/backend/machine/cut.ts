/** Equal pieces that something is cut into, and how many of each length there are. */
export interface Run {
  readonly count: number;
  readonly length: number;
}

/** Cuts a length into pieces of at most so much that differ by one at most, the longer ones first; none of none. */
export function cut(length: number, most: number): Run[] {
  const pieces = Math.ceil(length / most);
  if (pieces === 0) return [];
  const short = Math.floor(length / pieces);
  const long = length - short * pieces;
  return [
    { count: long, length: short + 1 },
    { count: pieces - long, length: short },
  ].filter(({ count }) => count > 0);
}
