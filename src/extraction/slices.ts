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
