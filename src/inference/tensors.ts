/** A tensor on its way to or from a worker: row-major, in the machine's byte order (little-endian wherever ONNX Runtime runs). */
export type TensorMessage =
  | { readonly type: 'int64'; readonly dims: readonly number[]; readonly data: ArrayBuffer }
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: ArrayBuffer };

/** Inputs of one run of a graph, by name. */
export type Feeds = Readonly<Record<string, TensorMessage>>;

/**
 * Builds an int64 tensor without BigInts: values are small, so each is written as a 32-bit integer and its sign.
 */
export class Int64Tensor {
  private readonly words: Int32Array;

  constructor(private readonly dims: readonly number[]) {
    this.words = new Int32Array(2 * dims.reduce((product, size) => product * size, 1));
  }

  /** @param value -2^31..2^31-1 */
  set(index: number, value: number): void {
    this.words[2 * index] = value;
    this.words[2 * index + 1] = value < 0 ? -1 : 0;
  }

  /** The tensor as it is sent; its memory then belongs to the receiver. */
  message(): TensorMessage {
    // The array was made here and never from shared memory.
    return { type: 'int64', dims: this.dims, data: this.words.buffer as ArrayBuffer };
  }
}
