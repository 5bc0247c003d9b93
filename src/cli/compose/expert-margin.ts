import { z } from 'zod';
import { scriptedDriverOptionsSchema } from '../../agents/scripted/index.ts';
import { UsageError } from '../../core/index.ts';
import { decimalNumber, type Flag, flag } from '../command.ts';

const { gripShare, edgeRoomM, topSpeedKmh } = scriptedDriverOptionsSchema.shape;
const bounds = { share: gripShare.unwrap(), room: edgeRoomM.unwrap(), speed: topSpeedKmh.unwrap() };

/**
 * What the scripted expert leaves unused, unless somebody asks for another: whoever learns from it follows it less exactly
 * than it drives, and at the limit of grip that is a crash. It also drives by what it remembers of a lap, at speeds for which
 * its learner cannot see far enough: with this much left unused, what it does follows from what can be seen.
 */
export const expertMarginSchema = z.strictObject({
  gripShare: bounds.share.default(0.5),
  edgeRoomM: bounds.room.default(2.5),
  topSpeedKmh: bounds.speed.default(75),
});
export type ExpertMargin = Readonly<z.output<typeof expertMarginSchema>>;

export const EXPERT_MARGIN: ExpertMargin = expertMarginSchema.parse({});

/** Whoever has an expert at hand takes these to say how it drives. */
export const marginFlags = {
  'grip-share': marginFlag('P', bounds.share, (range) => {
    return `share of the grip that the scripted expert plans with, ${range} (default ${EXPERT_MARGIN.gripShare})`;
  }),
  'edge-room': marginFlag('M', bounds.room, (range) => {
    return `metres that it keeps from the edge of the road, ${range}; where there are not so many it keeps to the middle (default ${EXPERT_MARGIN.edgeRoomM})`;
  }),
  'top-speed': marginFlag('KMH', bounds.speed, (range) => {
    return `its top speed, km/h, ${range} (default ${EXPERT_MARGIN.topSpeedKmh})`;
  }),
} satisfies Record<string, Flag>;

/** A flag with the bounds that the driver has. */
function marginFlag(value: string, { minValue, maxValue }: z.ZodNumber, describe: (range: string) => string) {
  return flag(value, describe(`${minValue} to ${maxValue}`), decimalNumber(minValue!, maxValue!).optional());
}

/** The flags of {@link marginFlags}, by their names. */
export type MarginFlags = { readonly [name in keyof typeof marginFlags]: number | undefined };

/** What the flags ask for; undefined where none is written. */
export function marginOf(flags: MarginFlags): ExpertMargin | undefined {
  if (Object.keys(marginFlags).every((name) => flags[name as keyof MarginFlags] === undefined)) return undefined;
  const { 'grip-share': share, 'edge-room': room, 'top-speed': speed } = flags;
  return {
    gripShare: share ?? EXPERT_MARGIN.gripShare,
    edgeRoomM: room ?? EXPERT_MARGIN.edgeRoomM,
    topSpeedKmh: speed ?? EXPERT_MARGIN.topSpeedKmh,
  };
}

/** @throws UsageError where a policy is asked to leave something unused: it drives as it has learnt to */
export function requireScripted(expert: unknown, margin: ExpertMargin | undefined): void {
  if (expert === 'scripted' || margin === undefined) return;
  throw new UsageError(
    'Expected --grip-share, --edge-room and --top-speed with the scripted expert only, got --expert POLICY',
  );
}
