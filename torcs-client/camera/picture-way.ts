/**
 * How pictures come from the game: `stream` over the socket that carries its answers, or `file` through memory that
 * both processes have open.
 */
export type PictureWay = 'stream' | 'file';

/** For validation and help texts. */
export const PICTURE_WAYS: readonly PictureWay[] = ['stream', 'file'];
