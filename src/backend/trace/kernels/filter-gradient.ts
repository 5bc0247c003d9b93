import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { Recorder } from '../recorder.ts';

/** Pictures whose columns are built at once: few enough to stay near the caches. */
const PICTURES_AT_ONCE = 16;

/**
 * The gradient of a convolution's filter: the input's patches as rows (gathered, height, width, channels), transposed
 * times the output's gradient, a few pictures at a time.
 *
 * @returns the name of the gradient, of the filter's shape
 */
export function filterGradient(
  recorder: Recorder,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
): string {
  const { graph } = recorder;
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels } = info;
  const { top, left, bottom, right } = info.padInfo;
  const height = info.inHeight + top + bottom;
  const width = info.inWidth + left + right;
  let input = recorder.name(x);
  if (top + left + bottom + right > 0) {
    const amounts = graph.integers([0, top, left, 0, 0, bottom, right, 0]);
    input = graph.node('Pad', [input, amounts, graph.scalar(0)]);
  }
  const rows = graph.node('Reshape', [input, graph.integers([batchSize * height * width, inChannels])]);
  const gradientRows = graph.node('Reshape', [
    recorder.name(dy),
    graph.integers([batchSize * outHeight * outWidth, outChannels]),
  ]);
  const groups = groupsOfPictures(batchSize);
  const perPicture = outHeight * outWidth;
  const gradients =
    groups.length === 1
      ? [gradientRows]
      : graph.nodeOf(
          groups.length,
          'Split',
          [gradientRows, graph.integers(groups.map(({ count }) => count * perPicture))],
          { attributes: { axis: 0 } },
        );
  const products = groups.map(({ first, count }, group) => {
    const index = patchRows(info, first, count, height, width);
    const patches = graph.node('Gather', [rows, graph.constant(index, [index.length], 'int32')], {
      attributes: { axis: 0 },
    });
    const patchSize = filterHeight * filterWidth * inChannels;
    const columns = graph.node('Reshape', [patches, graph.integers([count * perPicture, patchSize])]);
    return graph.node('Gemm', [columns, gradients[group]!], { attributes: { transA: 1, transB: 0 } });
  });
  const total = products.length === 1 ? products[0]! : graph.node('Sum', products);
  return graph.node('Reshape', [total, graph.integers(info.filterShape)]);
}

function groupsOfPictures(batchSize: number): { readonly first: number; readonly count: number }[] {
  const groups = [];
  for (let first = 0; first < batchSize; first += PICTURES_AT_ONCE) {
    groups.push({ first, count: Math.min(PICTURES_AT_ONCE, batchSize - first) });
  }
  return groups;
}

/** For each place of the output and each place of the filter: the row of the input that they meet at. */
function patchRows(
  info: backend_util.Conv2DInfo,
  first: number,
  count: number,
  height: number,
  width: number,
): Int32Array {
  const { outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const index = new Int32Array(count * outHeight * outWidth * filterHeight * filterWidth);
  let at = 0;
  for (let picture = first; picture < first + count; picture++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let dy = 0; dy < filterHeight; dy++) {
          for (let dx = 0; dx < filterWidth; dx++) {
            const row = y * strideHeight + dy * info.dilationHeight;
            const column = x * strideWidth + dx * info.dilationWidth;
            index[at++] = (picture * height + row) * width + column;
          }
        }
      }
    }
  }
  return index;
}
