import { Canvas, type PictureFormat } from '../raster/index.ts';
import type { Task } from './task.ts';

/** Draws a task in one size; what stands still is drawn once. */
export class TaskPainter {
  readonly #task: Task;
  readonly #background: Uint8Array;
  readonly #canvas: Canvas;

  constructor(task: Task, format: PictureFormat) {
    this.#task = task;
    this.#background = new Uint8Array(format.width * format.height * 3);
    this.#canvas = new Canvas(format, task.view, this.#background);
    task.drawBackground(this.#canvas);
  }

  /** @param into height × width × 3 bytes; @param action to be hinted at */
  paint(into: Uint8Array, action: Float32Array | undefined): void {
    into.set(this.#background);
    this.#canvas.drawInto(into);
    this.#task.draw(this.#canvas, action);
  }
}
