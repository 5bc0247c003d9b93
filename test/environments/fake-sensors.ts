/** Range finders in the middle of a straight road 10 m wide, in the default directions. */
export const STRAIGHT_TRACK_SENSORS: readonly number[] = Array.from({ length: 19 }, (_, i) => {
  const sine = Math.abs(Math.sin(((-90 + 10 * i) * Math.PI) / 180));
  return sine < 1e-9 ? 200 : Math.min(200, 5 / sine);
});

export const NO_OPPONENT_SENSORS: readonly number[] = new Array<number>(36).fill(200);
