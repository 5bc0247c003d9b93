import type { CheckedDashboardOptions } from '../options.ts';
import type { ClientMessage } from '../protocol/client-message.ts';
import type { Notice, StateTopic } from '../protocol/topics.ts';
import type { RawPicture } from './picture-encoder.ts';

/** What the serving thread is started with. */
export interface ThreadStart {
  readonly options: CheckedDashboardOptions;
  /** See {@link COUNTER}. */
  readonly counters: SharedArrayBuffer;
}

/** Numbers that both threads see at once, without a message: the owner's may not turn its event loop for long. */
export const COUNTER = { viewers: 0, picturesTaken: 1, rowsTaken: 2, count: 3 } as const;

/** To the serving thread. */
export type ThreadOrder =
  | { readonly kind: 'topic'; readonly topic: StateTopic }
  | { readonly kind: 'picture'; readonly picture: RawPicture }
  | { readonly kind: 'rows'; readonly session: number; readonly rows: Float32Array }
  | { readonly kind: 'notice'; readonly notice: Notice; readonly viewer: number | undefined }
  | { readonly kind: 'close' };

/** From it. */
export type ThreadReport =
  | { readonly kind: 'listening'; readonly port: number; readonly token: string }
  | { readonly kind: 'unavailable'; readonly code: string; readonly message: string }
  | { readonly kind: 'command'; readonly viewer: number; readonly message: ClientMessage }
  | { readonly kind: 'viewers'; readonly count: number; readonly left: number | undefined }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'closed' };
