import { findFfmpeg } from '../../src/core/ffmpeg.ts';

/** The ffmpeg of this machine. */
export const ffmpeg = await findFfmpeg(['libx264']);
