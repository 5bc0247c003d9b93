import { GROUND_TAG, rgb } from './canvas.ts';

/** Mean colours of TORCS' own pictures (sky) and textures (data/textures), lit as the game lights them. */
export const SKY_TOP = rgb(72, 128, 186);
export const SKY_HORIZON = rgb(204, 216, 224);
export const CLOUD = rgb(226, 230, 234);
export const MOUNTAIN = rgb(112, 126, 142);
export const FOREST = rgb(58, 78, 54);
export const GRASS = ground(76, 104, 46);
export const WHITE = rgb(206, 206, 202);
export const YELLOW = rgb(196, 156, 24);
export const KERB_RED = rgb(198, 44, 38);
export const TREES: readonly number[] = [rgb(38, 60, 28), rgb(52, 74, 30), rgb(64, 82, 38), rgb(44, 66, 44)];
/** Colours of cars by their index, after the last the first again; the first is car1-trb1's violet. */
export const CAR_COLORS: readonly number[] = [
  rgb(98, 94, 224),
  rgb(200, 30, 30),
  rgb(230, 190, 30),
  rgb(30, 140, 70),
  rgb(220, 110, 30),
  rgb(226, 226, 226),
];

function ground(red: number, green: number, blue: number): number {
  return rgb(red, green, blue) | GROUND_TAG;
}

/** First match wins; names are those of the game's data/tracks/surfaces.xml and of its tracks. */
const GROUNDS: readonly (readonly [RegExp, number])[] = [
  [/snow|ice|^a2-gravel/, rgb(206, 208, 212)],
  [/grass/, GRASS],
  [/gravel/, ground(142, 144, 136)],
  [/sand/, ground(164, 134, 92)],
  [/^bridge/, ground(114, 104, 90)],
  [/^newdirt/, ground(168, 153, 132)],
  [/^dirt.*d2/, ground(142, 120, 95)],
  [/dirt|mud/, ground(98, 80, 54)],
  [/^concrete4|concrete4-/, ground(70, 70, 67)],
  [/concrete|cement|tile/, ground(122, 121, 116)],
  // Roads, as measured in the game's pictures of them.
  [/-g1/, ground(109, 109, 109)],
  [/^gasphaltrug|-w2$|^roada/, ground(42, 42, 40)],
  [/^gasphalt(4|2|5)/, ground(116, 116, 114)],
  [/^gasphalt|^e4-|lines-bw1|lines-pitl-bw1|-e3/, ground(91, 91, 88)],
  [/-bw3|-e2|bw2|pitlines|-ole/, ground(83, 81, 78)],
  [/road1|^a2-road|^rroad|^asphalt-lines|^asphalt-l-|-w1/, ground(68, 67, 63)],
  [/asphalt|road|pits/, ground(76, 76, 75)],
];
const STANDING: readonly (readonly [RegExp, number])[] = [
  [/tire|tyre/, rgb(58, 58, 58)],
  [/straw/, rgb(176, 150, 84)],
  [/wood|pub/, rgb(120, 96, 66)],
  [/rusty/, rgb(128, 92, 70)],
  [/-g1/, rgb(92, 92, 90)],
  [/stone|^wall2|barrierw/, rgb(108, 102, 92)],
  [/wall-aa/, rgb(140, 136, 130)],
  [/-aa-/, rgb(92, 90, 86)],
  [/wall/, rgb(152, 150, 146)],
];
const ASPHALT = ground(76, 76, 75);
const BARRIER = rgb(158, 157, 152);
const DRY_LAND = ground(148, 136, 106);

/** Colour of ground by the name of its surface. */
export function groundColor(name: string): number {
  return find(GROUNDS, name) ?? ASPHALT;
}

/** Colour of a wall or fence by the name of its surface. */
export function barrierColor(name: string): number {
  return find(STANDING, name) ?? BARRIER;
}

/** Colour of the land behind a barrier by the surfaces of the road and of what lies before the barrier. */
export function landColor(road: string, outer: string): number {
  if (/-g1/.test(road)) return DRY_LAND;
  const color = groundColor(outer);
  return (color & 0xff) > 200 ? color : GRASS;
}

/** What is painted on a road. */
export interface Markings {
  /** Colour of the lines along both edges, or undefined. */
  readonly edges: number | undefined;
  /** Colour of the dashes along the middle, or undefined. */
  readonly middle: number | undefined;
}

/** Markings by the name of the road's surface: none where it is loose. */
export function markings(name: string): Markings {
  const lower = name.toLowerCase();
  if (/dirt|mud|sand|grass|snow|bridge|gravel/.test(lower)) return { edges: undefined, middle: undefined };
  const edges = /g1|bw3|e2/.test(lower) ? YELLOW : WHITE;
  return { edges, middle: /-aa-|striped-line/.test(lower) ? WHITE : undefined };
}

/** Colours of a kerb's stripes by the name of its surface. */
export function kerbColors(name: string): readonly [number, number] {
  const lower = name.toLowerCase();
  if (/yellow-blue/.test(lower)) return [YELLOW, rgb(40, 60, 150)];
  if (/yellow|-aa-/.test(lower)) return [KERB_RED, YELLOW];
  if (/green/.test(lower)) return [rgb(40, 120, 50), WHITE];
  return [KERB_RED, WHITE];
}

function find(table: readonly (readonly [RegExp, number])[], name: string): number | undefined {
  const lower = name.toLowerCase();
  return table.find(([pattern]) => pattern.test(lower))?.[1];
}
