import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import type { Recorder } from '../recorder.ts';
import { tracedOf } from '../value.ts';

/** Pictures that are multiplied at once: few enough for their numbers to stay near the caches. */
const PICTURES_AT_ONCE = 16;

/**
 * The gradient of a convolution's filter, without building the patches of the input. With the input's channels first of
 * all, and the output's gradient filled up with zeros to the input's height and width, both are long rows in which a shift
 * of the filter by a pixel is a shift along the row. So for each place of the filter
 *
 *     gradient[place] = input[channels, pixels] · gradient of the output[pixels, shifted against the place; filters]
 *
 * is a product of two plain matrices. Strides are made 1 by taking every stride-th row and column as a channel of its own.
 *
 * @returns the name of the gradient, of the filter's shape
 */
export function filterGradient(recorder: Recorder, x: TensorInfo, dy: TensorInfo, info: Info): string {
  const { graph } = recorder;
  const { padInfo: border } = info;
  const grid = gridOf(info);
  const { affine } = tracedOf(x).notes;
  const bytes = affine !== undefined && border.top + border.left + border.bottom + border.right === 0;
  const groups = picturesAtOnce(info.batchSize);
  const pixels = channelsFirst(recorder, bytes ? affine.base : x, info, grid);
  const lengths = groups.map(({ count }) => count * grid.size);
  const columns =
    groups.length === 1
      ? [pixels]
      : graph.nodeOf(groups.length, 'Split', [pixels, graph.integers(lengths)], { attributes: { axis: 1 } });
  const gradients = paddedRows(recorder, dy, info, grid);
  const totals = shifts(grid).map((shift) => {
    const products = groups.map(({ first }, group) => {
      const begin = first * grid.size + grid.furthest - shift;
      const bounds = [[begin], [begin + lengths[group]!], [0]].map((numbers) => graph.integers(numbers));
      const rows = graph.node('Slice', [gradients, ...bounds]);
      return graph.node('Gemm', [columns[group]!, rows], { attributes: { transA: 0, transB: 0 } });
    });
    return products.length === 1 ? products[0]! : graph.node('Sum', products);
  });
  const gradient = inFilterOrder(recorder, totals, info, grid);
  return bytes ? affineGradient(recorder, gradient, affine, dy) : gradient;
}

type Info = backend_util.Conv2DInfo;

/** The pixels that a filter is shifted over, strides taken as channels. */
interface Grid {
  readonly height: number;
  readonly width: number;
  /** Of one picture. */
  readonly size: number;
  /** Places of the filter, down and across. */
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns that are left of the pictures (with their border), multiples of the strides. */
  readonly used: readonly [number, number];
  /** The filter's last place, as a shift along the row. */
  readonly furthest: number;
}

function gridOf(info: Info): Grid {
  const { strideHeight, strideWidth, filterHeight, filterWidth } = info;
  const rows = Math.ceil(filterHeight / strideHeight);
  const columns = Math.ceil(filterWidth / strideWidth);
  // What no filter reaches is cut off.
  const height = info.outHeight + rows - 1;
  const width = info.outWidth + columns - 1;
  return {
    height,
    width,
    size: height * width,
    rows,
    columns,
    used: [height * strideHeight, width * strideWidth],
    furthest: (rows - 1) * width + columns - 1,
  };
}

function shifts({ rows, columns, width }: Grid): number[] {
  return Array.from({ length: rows * columns }, (_, place) => Math.floor(place / columns) * width + (place % columns));
}

/** The input as (strides' rows × strides' columns × channels) × (pictures × pixels). */
function channelsFirst(recorder: Recorder, x: TensorInfo, info: Info, grid: Grid): string {
  const { graph } = recorder;
  const { batchSize, inChannels, inHeight, inWidth, strideHeight, strideWidth, padInfo } = info;
  const { top, left } = padInfo;
  const [usedHeight, usedWidth] = grid.used;
  let name = recorder.name(x, 'nchw');
  // Positive: more zeros; negative: cut off.
  const bottom = usedHeight - top - inHeight;
  const right = usedWidth - left - inWidth;
  if (top !== 0 || left !== 0 || bottom !== 0 || right !== 0) {
    name = graph.node('Pad', [name, graph.integers([0, 0, top, left, 0, 0, bottom, right])]);
  }
  if (strideHeight === strideWidth && strideHeight > 1) {
    name = graph.node('SpaceToDepth', [name], { attributes: { blocksize: strideHeight } });
  } else if (strideHeight > 1 || strideWidth > 1) {
    const apart = [batchSize, inChannels, grid.height, strideHeight, grid.width, strideWidth];
    name = graph.node('Reshape', [name, graph.integers(apart)]);
    name = graph.node('Transpose', [name], { attributes: { perm: [0, 3, 5, 1, 2, 4] } });
    const together = [batchSize, strideHeight * strideWidth * inChannels, grid.height, grid.width];
    name = graph.node('Reshape', [name, graph.integers(together)]);
  }
  const moved = graph.node('Transpose', [name], { attributes: { perm: [1, 0, 2, 3] } });
  const floats = x.dtype === 'float32' ? moved : graph.node('Cast', [moved], { attributes: { to: 1 } });
  const shape = [strideHeight * strideWidth * inChannels, batchSize * grid.size];
  return graph.node('Reshape', [floats, graph.integers(shape)]);
}

/**
 * The output's gradient as (pictures × pixels) × filters, at the lower right of each picture, zero elsewhere; with an
 * empty picture at the end, so that every shift forward finds zeros there.
 */
function paddedRows(recorder: Recorder, dy: TensorInfo, info: Info, grid: Grid): string {
  const { graph } = recorder;
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const [above, before] = [grid.height - outHeight, grid.width - outWidth];
  const amounts = graph.integers([0, above, before, 0, grid.furthest > 0 ? 1 : 0, 0, 0, 0]);
  const name = graph.node('Pad', [recorder.name(dy), amounts]);
  const pictures = batchSize + (grid.furthest > 0 ? 1 : 0);
  return graph.node('Reshape', [name, graph.integers([pictures * grid.size, outChannels])]);
}

function picturesAtOnce(batchSize: number): { readonly first: number; readonly count: number }[] {
  const groups = [];
  for (let first = 0; first < batchSize; first += PICTURES_AT_ONCE) {
    groups.push({ first, count: Math.min(PICTURES_AT_ONCE, batchSize - first) });
  }
  return groups;
}

/** One matrix for each place, (strides' rows × strides' columns × channels) × filters, as a filter. */
function inFilterOrder(recorder: Recorder, places: readonly string[], info: Info, grid: Grid): string {
  const { graph } = recorder;
  const { strideHeight, strideWidth, inChannels, outChannels, filterShape } = info;
  const all = places.length === 1 ? places[0]! : graph.node('Concat', places, { attributes: { axis: 0 } });
  if (strideHeight === 1 && strideWidth === 1) return graph.node('Reshape', [all, graph.integers(filterShape)]);
  const apart = [grid.rows, grid.columns, strideHeight, strideWidth, inChannels, outChannels];
  const together = graph.node('Transpose', [graph.node('Reshape', [all, graph.integers(apart)])], {
    attributes: { perm: [0, 2, 1, 3, 4, 5] },
  });
  const whole = [grid.rows * strideHeight, grid.columns * strideWidth, inChannels, outChannels];
  const filter = graph.node('Reshape', [together, graph.integers(whole)]);
  if (sizeOf(whole) === sizeOf(filterShape)) return filter;
  return graph.node('Slice', [filter, graph.integers([0, 0, 0, 0]), graph.integers(filterShape)]);
}

/** From the gradient by bytes to that by scale × bytes + offset. */
function affineGradient(
  recorder: Recorder,
  gradient: string,
  { scale, offset }: { readonly scale: number; readonly offset: number },
  dy: TensorInfo,
): string {
  const { graph } = recorder;
  const sums = graph.node('ReduceSum', [recorder.name(dy), graph.integers([0, 1, 2])], { attributes: { keepdims: 0 } });
  const scaled = graph.node('Mul', [gradient, graph.scalar(scale)]);
  return graph.node('Add', [scaled, graph.node('Mul', [sums, graph.scalar(offset)])]);
}
