import type { Sensors } from '../sensors.ts';

/** What came in answer to controls. */
export type ScrEvent =
  | { readonly kind: 'state'; readonly sensors: Sensors }
  /** The restart that was asked for happens: `start` joins the new race. */
  | { readonly kind: 'restart' }
  /** The race is over, or another car asked for a restart: `start` may join a new race, if there is one. */
  | { readonly kind: 'shutdown' };

/**
 * Where a session stands. `idle`: before `start`. `identifying`: no answer yet. `waiting`: accepted, the race has not
 * begun. `driving`: states and controls take turns. `over`: restarted, shut down, or fallen silent; `start` begins
 * anew. `closed`: for good.
 */
export type ScrSessionState = 'idle' | 'identifying' | 'waiting' | 'driving' | 'over' | 'closed';
