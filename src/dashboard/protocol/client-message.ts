import { z } from 'zod';
import { CAMERA_VIEWS, type CameraView } from '../../../torcs-client/simulator.ts';
import { CLOSE } from './limits.ts';

const share = z.number().min(0).max(1);
const name = z.string().min(1).max(200);
const view = z.enum(CAMERA_VIEWS as [CameraView, ...CameraView[]]);
const side = z.int().min(16).max(1280);

/** Everything that a viewer may say. Each of it controls, and so needs the token. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  /** Begins a drive in place of the one under way. */
  z.strictObject({
    type: z.literal('start'),
    /** A driver's or a policy's name, as the library lists it. */
    driver: name,
    track: name,
    simulator: z.enum(['embedded', 'torcs']),
    /** The camera of the car, which recordings keep; a policy that sees has its own. */
    camera: z.strictObject({ width: side, height: side, view }),
  }),
  z.strictObject({ type: z.literal('stop') }),
  /** Back to the grid. */
  z.strictObject({ type: z.literal('restart') }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  /** So many steps, and pause. */
  z.strictObject({ type: z.literal('step'), steps: z.int().min(1).max(100) }),
  /** Simulated seconds a second of the wall clock; 0: as fast as it goes. */
  z.strictObject({ type: z.literal('speed'), factor: z.union([z.literal(0), z.number().min(0.05).max(64)]) }),
  /** Where the picture is taken from that the page shows. */
  z.strictObject({ type: z.literal('view'), view }),
  z.strictObject({ type: z.literal('record'), on: z.boolean() }),
  z.strictObject({ type: z.literal('take-wheel') }),
  z.strictObject({ type: z.literal('give-wheel') }),
  /** What the person at the wheel does; repeated at least every 250 ms. Steering: 1 left, -1 right. */
  z.strictObject({
    type: z.literal('input'),
    steer: z.number().min(-1).max(1),
    accelerate: share,
    brake: share,
    reverse: z.boolean(),
  }),
]);
export type ClientMessage = z.output<typeof clientMessageSchema>;

/** Why a connection is closed. */
export interface Violation {
  readonly code: number;
  readonly reason: string;
}

export type Parsed = { readonly message: ClientMessage } | { readonly violation: Violation };

/** Reads one WebSocket message of a stranger. Longer ones than allowed do not come here. */
export function parseClientMessage(bytes: Uint8Array, isBinary: boolean): Parsed {
  if (isBinary) return { violation: { code: CLOSE.unsupported, reason: 'expected text' } };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { violation: { code: CLOSE.policy, reason: 'expected JSON' } };
  }
  const result = clientMessageSchema.safeParse(value);
  if (result.success) return { message: result.data };
  return { violation: { code: CLOSE.policy, reason: 'expected a message of the protocol' } };
}
