/**
 * The items of a stream, several at a time: as many as reach one of the limits. A chunk is never empty.
 *
 * @param sizeOf an item, in the unit of `limits.size`
 */
export async function* inChunks<Item>(
  items: AsyncIterable<Item>,
  limits: { readonly count: number; readonly size?: number },
  sizeOf: (item: Item) => number = () => 0,
): AsyncGenerator<Item[]> {
  const { count, size: most = Infinity } = limits;
  let chunk: Item[] = [];
  let size = 0;
  for await (const item of items) {
    chunk.push(item);
    size += sizeOf(item);
    if (chunk.length < count && size < most) continue;
    yield chunk;
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Consecutive items in slices that hold at least one item and, beyond that, no more than `capacity` together.
 * @param size of an item, >= 0; an item of size 0 takes part in the slice before it
 */
export function* inSlices<T>(
  items: readonly T[],
  capacity: number,
  size: (item: T) => number,
): Generator<T[]> {
  let slice: T[] = [];
  let total = 0;
  for (const item of items) {
    const weight = size(item);
    if (slice.length > 0 && total + weight > capacity) {
      yield slice;
      slice = [];
      total = 0;
    }
    slice.push(item);
    total += weight;
  }
  if (slice.length > 0) yield slice;
}
