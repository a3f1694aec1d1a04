import { FLOAT, INT64, intAttribute, model, node, UINT8, valueInfo } from './onnx-graph.js';

const OUTPUTS = [
  valueInfo('values', FLOAT, ['count', 'neighbours']),
  valueInfo('indices', INT64, ['count', 'neighbours']),
];

/**
 * Searches keys of float32.
 *
 *   scores = Gemm(queries [count, size], keys [entries, size] transposed, bias [entries])
 *   values, indices = TopK(scores, k)          largest first; equal scores keep the lower index
 *
 * @returns a serialised ModelProto with the inputs queries, keys, bias, k (int64 [1]); outputs: values, indices
 *   [count, k]
 */
export function floatSearchGraph(): Uint8Array {
  return model(
    'float-search',
    [
      node('Gemm', ['queries', 'keys', 'bias'], ['scores'], [intAttribute('transB', 1)]),
      node('TopK', ['scores', 'k'], ['values', 'indices']),
    ],
    [
      valueInfo('queries', FLOAT, ['count', 'size']),
      valueInfo('keys', FLOAT, ['entries', 'size']),
      valueInfo('bias', FLOAT, ['entries']),
      valueInfo('k', INT64, [1]),
    ],
    OUTPUTS,
  );
}

/**
 * Searches keys of bytes. A query is the sum of two parts of bytes, each with its step: all first parts are the first
 * half of the columns of `parts`. Bytes are unsigned, 128 stands for 0.
 *
 *   dots = MatMulInteger(keys [entries, size], parts [size, 2 count])
 *   scores = (first half of dots x steps + second half of dots x steps) x scales [entries, 1] + bias [entries, 1]
 *   values, indices = TopK(scores transposed, k)
 *
 * @returns a serialised ModelProto with the inputs keys, parts, zero (128), steps [1, 2 count], scales, bias, k;
 *   outputs as of `floatSearchGraph`
 */
export function byteSearchGraph(): Uint8Array {
  return model(
    'byte-search',
    [
      node('MatMulInteger', ['keys', 'parts', 'zero', 'zero'], ['dots']),
      node('Cast', ['dots'], ['floats'], [intAttribute('to', FLOAT)]),
      node('Mul', ['floats', 'steps'], ['products']),
      node('Split', ['products'], ['first', 'second'], [intAttribute('axis', 1)]),
      node('Add', ['first', 'second'], ['sums']),
      node('Mul', ['sums', 'scales'], ['scaled']),
      node('Add', ['scaled', 'bias'], ['scores']),
      node('Transpose', ['scores'], ['rows']),
      node('TopK', ['rows', 'k'], ['values', 'indices']),
    ],
    [
      valueInfo('keys', UINT8, ['entries', 'size']),
      valueInfo('parts', UINT8, ['size', 'columns']),
      valueInfo('zero', UINT8, []),
      valueInfo('steps', FLOAT, [1, 'columns']),
      valueInfo('scales', FLOAT, ['entries', 1]),
      valueInfo('bias', FLOAT, ['entries', 1]),
      valueInfo('k', INT64, [1]),
    ],
    OUTPUTS,
  );
}
