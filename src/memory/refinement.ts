import { squaredDistance, squaredNorm, type Vectors } from './vectors.js';

/*
 * The graph ranks by q·m - ‖m‖²/2 in float32. That loses digits where distances are small beside the norms, so its
 * best entries are only candidates: their distances are taken again in float64, and the result stands only if no
 * other entry can be nearer, by a bound on what the graph can have lost.
 */

/** Unit round-off of float32. */
const ROUND_OFF = 2 ** -24;

export interface Refined {
  /** Entry indices, nearest first, ties by index. */
  readonly indices: Int32Array;
  readonly squaredDistances: Float64Array;
  /** Whether no entry that is not a candidate can be among the nearest. */
  readonly certain: boolean;
}

/**
 * The k nearest of one query's candidates.
 *
 * @param candidates entry indices, best score first, at least k
 * @param lowestScore the graph's score of the last candidate: every other entry has at most this
 * @param largestNorm largest ‖m‖ of all keys
 */
export function refine(
  queries: Vectors,
  query: number,
  keys: Vectors,
  candidates: Int32Array,
  k: number,
  lowestScore: number,
  largestNorm: number,
): Refined {
  const distances = Float64Array.from(candidates, (entry) => squaredDistance(queries, query, keys, entry));
  const order = [...candidates.keys()].sort(
    (a, b) =>
      (distances[a] as number) - (distances[b] as number) ||
      (candidates[a] as number) - (candidates[b] as number),
  );
  const nearest = order.slice(0, k);
  const size = keys.values.length / keys.dimension;
  const normOfQuery = squaredNorm(queries, query);
  const nearestPossible =
    normOfQuery - 2 * lowestScore - errorBound(keys.dimension, Math.sqrt(normOfQuery), largestNorm);
  const farthest = distances[nearest[k - 1] as number] as number;
  return {
    indices: Int32Array.from(nearest, (position) => candidates[position] as number),
    squaredDistances: Float64Array.from(nearest, (position) => distances[position] as number),
    certain: candidates.length === size || farthest < nearestPossible,
  };
}

/**
 * How far ‖q‖² - 2 score can be from the squared distance: the standard bound on a float32 dot product of `dimension`
 * terms in any order of summation, for the product, the bias and their sum.
 */
export function errorBound(dimension: number, normOfQuery: number, largestNorm: number): number {
  const terms = (dimension + 3) * ROUND_OFF;
  const gamma = terms / (1 - terms);
  return 2 * gamma * (normOfQuery * largestNorm + (largestNorm * largestNorm) / 2);
}
