import { z } from 'zod';
import { scriptedDriverOptionsSchema } from '../../agents/scripted/index.ts';
import { UsageError } from '../../core/index.ts';
import { decimalNumber, type Flag, flag } from '../command.ts';

const { gripShare, edgeRoomM, topSpeedKmh } = scriptedDriverOptionsSchema.shape;

/**
 * What the scripted expert leaves unused, unless somebody asks for another: whoever learns from it follows it less exactly
 * than it drives, and at the limit of grip that is a crash. It also drives by what it remembers of a lap, at speeds for which
 * its learner cannot see far enough: with this much left unused, what it does follows from what can be seen.
 */
export const expertMarginSchema = z.strictObject({
  gripShare: gripShare.unwrap().default(0.5),
  edgeRoomM: edgeRoomM.unwrap().default(2.5),
  topSpeedKmh: topSpeedKmh.unwrap().default(75),
});
export type ExpertMargin = Readonly<z.output<typeof expertMarginSchema>>;

export const EXPERT_MARGIN: ExpertMargin = expertMarginSchema.parse({});

/** Whoever has an expert at hand takes these to say how it drives. */
export const marginFlags = {
  'grip-share': flag(
    'P',
    `share of the grip that the scripted expert plans with, 0.2 to 1 (default ${EXPERT_MARGIN.gripShare})`,
    decimalNumber(0.2, 1).optional(),
  ),
  'edge-room': flag(
    'M',
    `metres that it keeps from the edge of the road, 0 to 10; where there are not so many it keeps to the middle (default ${EXPERT_MARGIN.edgeRoomM})`,
    decimalNumber(0, 10).optional(),
  ),
  'top-speed': flag(
    'KMH',
    `its top speed, km/h, 30 to 350 (default ${EXPERT_MARGIN.topSpeedKmh})`,
    decimalNumber(30, 350).optional(),
  ),
} satisfies Record<string, Flag>;

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
