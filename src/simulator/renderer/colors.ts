import { rgb } from './canvas.ts';

export const SKY_TOP = rgb(84, 136, 200);
export const SKY_HORIZON = rgb(196, 214, 230);
export const GRASS = rgb(72, 112, 50);
export const WHITE = rgb(232, 232, 228);
export const KERB_RED = rgb(196, 40, 36);
/** Colours of cars by their index, after the last the first again. */
export const CAR_COLORS: readonly number[] = [
  rgb(200, 30, 30),
  rgb(40, 70, 190),
  rgb(230, 190, 30),
  rgb(30, 140, 70),
  rgb(220, 110, 30),
  rgb(150, 60, 170),
];

/** First match wins; names are those of the game's data/tracks/surfaces.xml and of its tracks. */
const BY_NAME: readonly (readonly [RegExp, number])[] = [
  [/grass/, GRASS],
  [/sand|gravel/, rgb(186, 164, 112)],
  [/dirt|mud/, rgb(134, 98, 62)],
  [/snow|ice/, rgb(222, 228, 234)],
  [/curb|kerb/, KERB_RED],
  [/concrete|cement/, rgb(142, 140, 134)],
  [/tire|tyre/, rgb(52, 52, 56)],
  [/barrier|wall|fence/, rgb(158, 160, 164)],
];
const ASPHALT = rgb(92, 92, 96);

/** Colour of a surface by its name. */
export function materialColor(name: string): number {
  const lower = name.toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(lower))?.[1] ?? ASPHALT;
}
