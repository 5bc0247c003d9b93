/**
 * What is kept of a picture's colours: three channels (`rgb`), or one: luminance with BT.709's weights (`grey`), or `blue`
 * alone, in which a road, which is grey, stands out from grass, sand and earth, which are hardly blue.
 */
export const COLOURS = ['rgb', 'grey', 'blue'] as const;
