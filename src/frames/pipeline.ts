import { sizeOf } from '../core/box.ts';
import type { CameraFrame, FramePreprocessor, PixelPipeline } from '../core/frame.ts';
import { createPreprocessor, type PreprocessorOptions } from './preprocessor.ts';
import { FrameStack } from './stack.ts';

/** Processes pictures and stacks the last `count` of them, each kept once. */
export function stackPictures(preprocessor: FramePreprocessor, count: number): PixelPipeline {
  const stack = new FrameStack(preprocessor.outputShape, count);
  const size = sizeOf(stack.outputShape);
  const read = (): Uint8Array => {
    const pixels = new Uint8Array(size);
    stack.read(pixels);
    return pixels;
  };
  return {
    outputShape: stack.outputShape,
    async reset(frame: CameraFrame) {
      const first = stack.next;
      await preprocessor.process(frame, first, 0);
      stack.reset(first);
      return read();
    },
    async push(frame: CameraFrame) {
      await preprocessor.process(frame, stack.next, 0);
      stack.push();
      return read();
    },
  };
}

/**
 * The usual pipeline: crop, resize, colour, stack.
 * @param options those of `createPreprocessor`, and the number of pictures in a stack, 1 to 64 (default 1)
 * @throws {@link InvalidArgumentError} for options out of range
 */
export function createPixelPipeline({
  stack = 1,
  ...options
}: PreprocessorOptions & { stack?: number }): PixelPipeline {
  return stackPictures(createPreprocessor(options), stack);
}
