import type { SideDefaults, SideOverride } from '../specification.ts';
import { given } from './given.ts';
import type { ParameterSection } from './parameters.ts';

type Side = 'left' | 'right';
type BorderStyle = 'plan' | 'curb' | 'wall';

/**
 * Finds an attribute of a side where the file's version keeps it: version 4 in a section such as `Left Border`,
 * version 3 in the segment itself under a name such as `lborder width`.
 */
class SideAttributes {
  readonly #section: ParameterSection | undefined;
  readonly #prefix: string;

  constructor(holder: ParameterSection, side: Side, part: 'side' | 'border' | 'barrier', format: 3 | 4) {
    const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);
    this.#section = format === 4 ? holder.sections.get(`${capital(side)} ${capital(part)}`) : holder;
    this.#prefix = format === 4 ? '' : `${side[0]}${part} `;
  }

  number(name: string): number | undefined {
    return this.#section?.numbers.get(this.#prefix + name);
  }

  string(name: string): string | undefined {
    return this.#section?.strings.get(this.#prefix + name);
  }
}

/** What lies beside the road unless a segment says otherwise (`readDefaultSideParameters`, `InitSides`). */
export function defaultsOf(main: ParameterSection, which: Side, format: 3 | 4): SideDefaults {
  const side = new SideAttributes(main, which, 'side', format);
  const border = new SideAttributes(main, which, 'border', format);
  const barrier = new SideAttributes(main, which, 'barrier', format);
  const banking = side.string(format === 4 ? 'banking type' : 'type') ?? 'level';
  return given<SideDefaults>({
    width: side.number('width'),
    surface: side.string('surface'),
    banking: banking === 'level' ? 'level' : 'tangent',
    border: {
      ...given({ width: border.number('width'), height: border.number('height'), surface: border.string('surface') }),
      style: borderStyle(border.string('style') ?? 'plan'),
    },
    barrier: {
      ...given({ width: barrier.number('width'), surface: barrier.string('surface') }),
      height: barrier.number('height') ?? (format === 4 ? 0.6 : 1),
      style: (barrier.string('style') ?? 'fence') === 'fence' ? 'fence' : 'wall',
    },
  });
}

/** Reads one side of the segments in their order (`addSides` in track4.cpp, `AddSides` in track3.cpp). */
export class SideReader {
  readonly #side: Side;
  readonly #format: 3 | 4;
  #style: BorderStyle;

  constructor(main: ParameterSection, side: Side, format: 3 | 4) {
    this.#side = side;
    this.#format = format;
    this.#style = borderStyle(new SideAttributes(main, side, 'border', format).string('style') ?? 'plan');
  }

  next(segment: ParameterSection): SideOverride {
    const side = new SideAttributes(segment, this.#side, 'side', this.#format);
    const border = new SideAttributes(segment, this.#side, 'border', this.#format);
    const style = border.string('style');
    this.#style = style === undefined ? this.#inherited() : borderStyle(style);
    return given<SideOverride>({
      startWidth: side.number('start width'),
      endWidth: side.number('end width') ?? (this.#format === 4 ? side.number('width') : undefined),
      surface: side.string('surface'),
      border: {
        ...given({ width: border.number('width'), surface: border.string('surface') }),
        style: this.#style,
        // Version 3 forgets a border's height after its segment.
        ...given({ height: border.number('height') ?? (this.#format === 3 ? 0 : undefined) }),
      },
      barrier: this.#barrier(segment),
    });
  }

  /** Version 3's table of style names has two entries swapped: a kerb goes on as a wall, and the wall as a kerb. */
  #inherited(): BorderStyle {
    if (this.#format === 4 || this.#style === 'plan') return this.#style;
    return this.#style === 'curb' ? 'wall' : 'curb';
  }

  /** Version 3 has one barrier for the whole track. */
  #barrier(segment: ParameterSection): SideOverride['barrier'] {
    if (this.#format === 3) return undefined;
    const barrier = new SideAttributes(segment, this.#side, 'barrier', this.#format);
    const style = barrier.string('style');
    return given({
      width: barrier.number('width'),
      height: barrier.number('height'),
      surface: barrier.string('surface'),
      style: style === undefined ? undefined : style === 'fence' ? ('fence' as const) : ('wall' as const),
    });
  }
}

function borderStyle(name: string): BorderStyle {
  return name === 'plan' ? 'plan' : name === 'curb' ? 'curb' : 'wall';
}
