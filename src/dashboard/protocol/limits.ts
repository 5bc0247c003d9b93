/** What a viewer may send, and what is kept for one that does not read. */

/** Longest message of a viewer, bytes; a longer one closes its connection with 1009. */
export const LARGEST_MESSAGE = 2048;
/** Messages a second that a viewer may send for long, and at once. More close its connection with 1008. */
export const MESSAGES_PER_SECOND = 120;
export const MESSAGE_BURST = 240;
/** Nothing more is sent to a viewer while so many bytes wait for it. */
export const BUFFER_LIMIT = 64 * 1024;
/** Viewers at once; a further one is answered 503. */
export const MOST_VIEWERS = 128;
/** Rows of telemetry that are kept for who comes later: a minute at 25 a second. */
export const KEPT_ROWS = 1500;
/** A viewer that has not answered a ping until the next one is cut off. */
export const HEARTBEAT_MS = 20_000;

/** Close codes of RFC 6455, section 7.4.1. */
export const CLOSE = { goingAway: 1001, unsupported: 1003, policy: 1008, tooBig: 1009 } as const;
