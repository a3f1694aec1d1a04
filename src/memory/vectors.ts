/** Vectors laid one after the other: count x dimension float32, row-major. */
export interface Vectors {
  readonly values: Float32Array;
  readonly dimension: number;
}

/** ‖v‖² of row `row`, in float64. */
export function squaredNorm({ values, dimension }: Vectors, row: number): number {
  let total = 0;
  for (let i = row * dimension, end = i + dimension; i < end; i++) total += (values[i] as number) ** 2;
  return total;
}

/** Squared L2 distance between two rows, in float64. */
export function squaredDistance(a: Vectors, rowOfA: number, b: Vectors, rowOfB: number): number {
  let total = 0;
  const from = rowOfA * a.dimension;
  const to = rowOfB * b.dimension;
  for (let i = 0; i < a.dimension; i++)
    total += ((a.values[from + i] as number) - (b.values[to + i] as number)) ** 2;
  return total;
}

/** Scales every row to length 1, in place; a row of zeros has no direction and stays as it is. */
export function normaliseRows({ values, dimension }: Vectors): void {
  for (let row = 0; row < values.length / dimension; row++) {
    const norm = Math.sqrt(squaredNorm({ values, dimension }, row));
    if (norm === 0) continue;
    for (let i = row * dimension, end = i + dimension; i < end; i++) values[i] = (values[i] as number) / norm;
  }
}

/** First row with a component that is NaN or infinite, or -1. */
export function firstNotFinite({ values, dimension }: Vectors): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return Math.floor(i / dimension);
  return -1;
}
