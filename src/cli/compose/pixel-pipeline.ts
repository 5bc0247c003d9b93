import type { PixelPipeline } from '../../core/index.ts';
import { createPixelPipeline } from '../../frames/index.ts';
import type { PixelSettings } from './environment-settings.ts';

/** Turns a camera's pictures into what the agent sees. */
export function makePipeline(
  { width, height, crop, ...settings }: PixelSettings,
  camera: { readonly width: number; readonly height: number },
): PixelPipeline {
  return createPixelPipeline({
    inputWidth: camera.width,
    inputHeight: camera.height,
    width: width ?? crop?.width ?? camera.width,
    height: height ?? crop?.height ?? camera.height,
    ...(crop === undefined ? {} : { crop }),
    ...settings,
  });
}
