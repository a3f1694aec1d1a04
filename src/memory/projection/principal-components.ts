import type { Vectors } from '../vectors.js';

/** The plane in which vectors differ most. */
export interface PrincipalPlane {
  /** What is taken off before projecting. */
  readonly mean: Float64Array;
  /** Two directions of length 1, at right angles, the one with the larger variance first. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** Share of the whole variance along each, in [0, 1]. */
  readonly explained: readonly [number, number];
}

const MOST_ROUNDS = 200;
/** Change of an axis between rounds, as 1 - |cos|, below which it stands. */
const SETTLED = 1e-10;

/**
 * The first two principal components by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4), without
 * making the covariance matrix: each round reads the vectors once. It is deterministic; each axis points where the sum
 * of its components is not negative.
 */
export function principalPlane({ values, dimension }: Vectors): PrincipalPlane {
  const count = values.length / dimension;
  const mean = meanOf(values, dimension, count);
  let axes = orthonormal([start(dimension, 1), start(dimension, 2)]);
  let lengths: readonly [number, number] = [0, 0];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = timesCovariance(values, dimension, count, mean, axes);
    lengths = [norm(next[0]), norm(next[1])];
    const before = axes;
    axes = orthonormal(next);
    const settled = axes.every((axis, i) => 1 - Math.abs(dot(axis, before[i as 0 | 1])) < SETTLED);
    if (settled) break;
  }
  const total = varianceOf(values, dimension, count, mean);
  const share = (length: number): number => (total === 0 ? 0 : Math.min(1, length / total));
  return {
    mean,
    axes: [pointed(axes[0]), pointed(axes[1])],
    explained: [share(lengths[0]), share(lengths[1])],
  };
}

/** @returns x and y of each vector, in turn */
export function project({ values, dimension }: Vectors, { mean, axes }: PrincipalPlane): Float64Array {
  const count = values.length / dimension;
  const points = new Float64Array(2 * count);
  for (let row = 0; row < count; row++)
    for (const [axis, direction] of axes.entries()) {
      let sum = 0;
      for (let i = 0; i < dimension; i++)
        sum += ((values[row * dimension + i] as number) - (mean[i] as number)) * (direction[i] as number);
      points[2 * row + axis] = sum;
    }
  return points;
}

type Axes = readonly [Float64Array, Float64Array];

function timesCovariance(
  values: Float32Array,
  dimension: number,
  count: number,
  mean: Float64Array,
  [one, other]: Axes,
): Axes {
  const result: Axes = [new Float64Array(dimension), new Float64Array(dimension)];
  const [first, second] = result;
  const [meanOne, meanOther] = [dot(mean, one), dot(mean, other)];
  for (let row = 0; row < count; row++) {
    const from = row * dimension;
    let a = -meanOne;
    let b = -meanOther;
    for (let i = 0; i < dimension; i++) {
      const value = values[from + i] as number;
      a += value * (one[i] as number);
      b += value * (other[i] as number);
    }
    for (let i = 0; i < dimension; i++) {
      const value = (values[from + i] as number) - (mean[i] as number);
      first[i] = (first[i] as number) + a * value;
      second[i] = (second[i] as number) + b * value;
    }
  }
  for (const axis of result)
    for (let i = 0; i < dimension; i++) axis[i] = (axis[i] as number) / Math.max(1, count);
  return result;
}

/** Gram and Schmidt; where the vectors have no second direction any one at right angles serves. */
function orthonormal([one, other]: Axes): Axes {
  const first = scaled(one);
  const along = dot(first, other);
  const second = scaled(other.map((value, i) => value - along * (first[i] as number)));
  return [first, second];
}

function scaled(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function pointed(axis: Float64Array): Float64Array {
  return axis.reduce((sum, value) => sum + value, 0) < 0 ? axis.map((value) => -value) : axis;
}

/** Any vector that is not at right angles to the components will do; this one is no pattern of theirs. */
function start(dimension: number, seed: number): Float64Array {
  return Float64Array.from({ length: dimension }, (_, i) => Math.sin((i + 1) * (seed + Math.SQRT2)));
}

function meanOf(values: Float32Array, dimension: number, count: number): Float64Array {
  const mean = new Float64Array(dimension);
  for (let at = 0; at < values.length; at++)
    mean[at % dimension] = (mean[at % dimension] as number) + (values[at] as number);
  return mean.map((sum) => sum / Math.max(1, count));
}

function varianceOf(values: Float32Array, dimension: number, count: number, mean: Float64Array): number {
  let total = 0;
  for (let at = 0; at < values.length; at++)
    total += ((values[at] as number) - (mean[at % dimension] as number)) ** 2;
  return total / Math.max(1, count);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
