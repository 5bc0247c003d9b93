import { z } from 'zod';
import { CAMERA_VIEWS, type CameraFormat } from '../../torcs-client/simulator.ts';
import { UsageError } from '../core/index.ts';
import { type Flag, flag, oneOf, toggle, wholeNumber } from './command.ts';

/** Which simulator to drive in. */
export type SimulatorChoice =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'torcs' }
  | { readonly kind: 'scr'; readonly host: string; readonly port: number };

/** So many cars of one of the game's own robots. */
export interface Opponent {
  readonly robot: string;
  readonly count: number;
}

const largestPictureSide = 4096;
const largestField = 20;

/** `embedded`, `torcs` or `scr://HOST:PORT`. */
export const simulatorSchema = z
  .string()
  .optional()
  .transform((text, context): SimulatorChoice => {
    if (text === undefined || text === 'embedded') return { kind: 'embedded' };
    if (text === 'torcs') return { kind: 'torcs' };
    const match = /^scr:\/\/([^:/]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?\/?$/i.exec(text);
    const port = Number(match?.[2] ?? 3001);
    if (match?.[1] !== undefined && port >= 1 && port <= 65_535) {
      return { kind: 'scr', host: match[1].replace(/^\[|\]$/g, ''), port };
    }
    context.addIssue({ code: 'custom', message: 'embedded, torcs or scr://HOST:PORT' });
    return z.NEVER;
  });

/** `WIDTHxHEIGHT`, 1 to 4096 pixels each. */
export const pictureSizeSchema = z.string().transform((text, context) => {
  const match = /^(\d{1,6})x(\d{1,6})$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  const valid = (side: number) => side >= 1 && side <= largestPictureSide;
  if (valid(width) && valid(height)) return { width, height };
  context.addIssue({
    code: 'custom',
    message: `WIDTHxHEIGHT with sides from 1 to ${largestPictureSide}, such as 64x64`,
  });
  return z.NEVER;
});

const namesSchema = (message: string) =>
  z.string().transform((text, context): readonly string[] => {
    const names = text.split(',').map((name) => name.trim());
    if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** `A,B`: names of tracks, each once. */
export const tracksSchema = namesSchema('names of tracks, each once, such as harbour-oval,willow-park');

/** `DIR,DIR`: folders, each once. */
export const foldersSchema = namesSchema('folders, each once, such as runs/frames,runs/more-frames');

/** `berniw:2,bt`: two cars of berniw, one of bt. */
export const opponentsSchema = z
  .string()
  .optional()
  .transform((text, context): readonly Opponent[] => {
    if (text === undefined) return [];
    const opponents: Opponent[] = [];
    for (const word of text.split(',')) {
      const match = /^([a-z][a-z0-9_-]*)(?::(\d{1,2}))?$/i.exec(word.trim());
      const count = Number(match?.[2] ?? 1);
      if (match?.[1] === undefined || count < 1 || count > largestField) {
        context.addIssue({
          code: 'custom',
          message: `names with counts from 1 to ${largestField}, such as berniw:2,bt`,
        });
        return z.NEVER;
      }
      opponents.push({ robot: match[1], count });
    }
    return opponents;
  });

/** What `--backend` offers. A list of its own, for the backends themselves are loaded where they are needed only. */
const backendNames = ['auto', 'compiled', 'tfjs-node', 'tfjs-cpu'] as const;

/** What computes networks. */
export const backendFlag = flag(
  'B',
  `what computes: ${backendNames.join(', ')} (default auto: the fastest that is there)`,
  oneOf(backendNames).optional(),
);

/** The flags that say where to drive; every command that drives takes them. */
export const simulatorFlags = {
  simulator: flag(
    'S',
    'embedded (default), torcs (the game on this machine, see `torcs setup`) or scr://HOST:PORT',
    simulatorSchema,
  ),
  track: flag('T', 'name of the track, see `tracks`', z.string().optional()),
  camera: flag('WxH', 'record pictures of this size, such as 64x64', pictureSizeSchema.optional()),
  view: flag('V', `camera: ${CAMERA_VIEWS.join(', ')} (default road)`, oneOf(CAMERA_VIEWS).optional()),
  panels: toggle("draw the game's instrument panels over the picture (torcs only)"),
  'real-time': toggle('20 ms of wall clock a tick, stale commands repeated as in the classic game (torcs only)'),
  opponents: flag(
    'LIST',
    "robots in the race, such as berniw:2,bt (torcs: the game's own; embedded: scripted:N)",
    opponentsSchema,
  ),
  'no-damage': toggle('hits do not damage the car'),
  'no-fuel': toggle('driving consumes no fuel'),
  noise: toggle("add the competition's noise to the range finders"),
  'start-distance': flag(
    'M',
    'start this far along the track from the start line, in metres, instead of on the grid',
    wholeNumber(0, 100_000).optional(),
  ),
} satisfies Record<string, Flag>;

/** The camera that the flags ask for, if any. Throws {@link UsageError} for its settings without it. */
export function cameraFormat(flags: {
  readonly camera: { readonly width: number; readonly height: number } | undefined;
  readonly view: CameraFormat['view'] | undefined;
  readonly panels: boolean;
}): CameraFormat | undefined {
  const { camera, view, panels } = flags;
  if (camera !== undefined) return { ...camera, view: view ?? 'road', panels };
  if (view !== undefined) throw new UsageError('Expected --camera WxH with --view, got no --camera');
  if (panels) throw new UsageError('Expected --camera WxH with --panels, got no --camera');
  return undefined;
}
