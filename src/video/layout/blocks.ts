import { column, type Flow, label, row, shape, text } from './flow.ts';

/** What a film has to show beside the picture. */
export interface LayoutContent {
  /** Laps and their times; false: the drive is no race against the clock. */
  readonly reward: boolean;
  readonly value: boolean;
  /** A gap to another drive. */
  readonly gap: boolean;
}

/** Text smaller than this is not legible. */
const LEAST_TEXT = 8;

/** Sizes by a layout's unit, pixels: a line of text is about one unit high. */
const sizes = (unit: number) => ({
  of: (units: number) => Math.max(1, Math.round(units * unit)),
  letters: (units: number) => Math.max(LEAST_TEXT, Math.round(units * unit)),
});

/** Who drives, laps, sectors: from the richest form to the smallest. */
export function timingBlocks(unit: number, { gap }: LayoutContent): readonly Flow[] {
  const { of, letters } = sizes(unit);
  const small = letters(0.85);
  const driver = row(0, text('driver', 'A driver', letters(1), true));
  const lap = row(of(0.8), text('lap', 'LAP 88/88', letters(1)), text('lapTime', '88:88.88', letters(1.6), true));
  const shortLap = row(of(0.6), text('lap', 'L88', small), text('lapTime', '88:88.8', letters(1.2), true));
  const sectors = row(
    of(0.7),
    ...(['sector1', 'sector2', 'sector3'] as const).map((name) => text(name, 'S8 888.88', small)),
  );
  const laps = row(of(0.7), text('lastLap', 'LAST 8:88.888', small), text('bestLap', 'BEST 8:88.888', small, true));
  const gaps = gap ? [row(0, text('gap', '+88.88 s', letters(1.2), true))] : [];
  const space = of(0.45);
  return [
    column(space, driver, lap, sectors, laps, ...gaps),
    column(space, driver, lap, sectors, ...gaps),
    column(space, driver, lap, ...gaps),
    column(of(0.3), row(0, text('driver', 'A driver', small, true)), shortLap, ...gaps),
    column(of(0.3), shortLap, ...gaps),
    shortLap,
  ];
}

/** Speed, gear, revolutions, steering, pedals, reward: from the richest form to the smallest. */
export function instrumentBlocks(unit: number, { reward, value }: LayoutContent): readonly Flow[] {
  const { of, letters } = sizes(unit);
  const small = letters(0.75);
  const bar = of(0.55);
  const digits = (units: number) => [text('gear', 'R', letters(units)), text('speed', '888', letters(units))];
  const revs = row(0, shape('revs', of(4), bar, true));
  const barRow = (name: 'accelerate' | 'brake' | 'steer', word: string) =>
    row(of(0.5), label(word, small), shape(name, of(5.5), bar, true));
  // The labels are set in one column, so that the bars begin below each other.
  const labelled = row(
    of(0.5),
    column(of(0.35), label('THROTTLE', small), label('BRAKE', small), label('STEERING', small)),
    column(of(0.35), ...(['accelerate', 'brake', 'steer'] as const).map((name) => bars(name, of(6), small))),
  );
  const plain = column(
    of(0.4),
    ...(['accelerate', 'brake', 'steer'] as const).map((name) => row(0, shape(name, of(4), bar, true))),
  );
  const large = digits(3);
  const speed = row(of(0.9), ...large, label('km/h', small));
  const rewards = [
    ...(reward ? [text('reward', 'REWARD -888.88', small, true), text('return', 'RETURN -88888.8', small, true)] : []),
    ...(value ? [text('value', 'VALUE -8888.8', small, true)] : []),
  ];
  const rewardRows = rewards.length === 0 ? [] : [row(of(0.6), ...rewards)];
  const space = of(0.5);
  return [
    column(space, revs, row(of(1.2), speed, labelled), ...rewardRows),
    column(space, revs, row(of(1.2), speed, labelled)),
    column(
      space,
      revs,
      speed,
      barRow('accelerate', 'THR'),
      barRow('brake', 'BRK'),
      barRow('steer', 'STR'),
      ...rewardRows,
    ),
    column(of(0.4), revs, row(of(0.6), ...digits(2.4), plain)),
    column(of(0.3), row(of(0.6), ...digits(2)), row(0, shape('steer', of(4), of(0.4), true))),
    row(of(0.6), ...digits(1.6)),
    text('speed', '888', letters(1.2)),
  ];
}

/** A bar as high as a label's line, so that both stand level. */
function bars(name: 'accelerate' | 'brake' | 'steer', width: number, size: number): Flow {
  return row(0, shape(name, width, Math.ceil(size * 0.9), true));
}
