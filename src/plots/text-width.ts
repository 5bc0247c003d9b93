/**
 * Widths of Helvetica's characters in thousandths of the font's size (Adobe's metrics), by which plots are laid out: there
 * is no canvas to measure text with.
 */
const WIDTHS: ReadonlyMap<string, number> = new Map(
  (
    [
      [222, "ijl'|"],
      [278, ' ft.,:;/!I[]\\·'],
      [333, '-()r`'],
      [400, '"°'],
      [500, 'cksvxyzJ'],
      [584, '+<=>×−'],
      [611, 'FTZ'],
      [667, 'ABEKPSVXY&'],
      [722, 'CDHNRUw'],
      [778, 'GOQ'],
      [833, 'mM'],
      [889, '%'],
      [944, 'W'],
      [1000, '…—@'],
    ] as const
  ).flatMap(([width, characters]) => [...characters].map((character) => [character, width] as const)),
);
const OTHER_WIDTH = 556;
/** DejaVu Sans, which stands in where there is no Helvetica, is about this much wider. */
const ALLOWANCE = 1.08;

/** About how wide a line of text is, in the unit of the font's size. */
export function textWidth(text: string, fontSize: number): number {
  let thousandths = 0;
  for (const character of text) thousandths += WIDTHS.get(character) ?? OTHER_WIDTH;
  return (thousandths / 1000) * fontSize * ALLOWANCE;
}
