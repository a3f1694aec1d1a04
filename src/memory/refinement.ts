/*
 * A graph ranks by q·m - ‖m‖²/2 in float32. That loses digits where distances are small beside the norms, so its best
 * entries are only candidates: their distances are taken again in float64, and the result stands only if no other
 * entry can be nearer, by a bound on what the graph can have lost.
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

/** What a graph found for one query. */
export interface CandidatesOfQuery {
  /** Entries, best score first, at least k. */
  readonly candidates: Int32Array;
  /** Score of the last one: every other entry has at most this. */
  readonly lowestScore: number;
  /** How far ‖q‖² - 2 score may be from the squared distance. */
  readonly error: number;
  /** ‖q‖² */
  readonly squaredNorm: number;
  /** All entries that there are. */
  readonly entries: number;
}

/**
 * The k nearest of one query's candidates.
 *
 * @param squaredDistance of the query from an entry, in float64
 */
export function refine(
  { candidates, lowestScore, error, squaredNorm, entries }: CandidatesOfQuery,
  k: number,
  squaredDistance: (entry: number) => number,
): Refined {
  const distances = Float64Array.from(candidates, squaredDistance);
  const order = [...candidates.keys()].sort(
    (a, b) =>
      (distances[a] as number) - (distances[b] as number) ||
      (candidates[a] as number) - (candidates[b] as number),
  );
  const nearest = order.slice(0, k);
  const nearestPossible = squaredNorm - 2 * lowestScore - error;
  const farthest = distances[nearest[k - 1] as number] as number;
  return {
    indices: Int32Array.from(nearest, (position) => candidates[position] as number),
    squaredDistances: Float64Array.from(nearest, (position) => distances[position] as number),
    certain: candidates.length === entries || farthest < nearestPossible,
  };
}

/**
 * How far ‖q‖² - 2 score can be from the squared distance: the standard bound on a float32 dot product of `dimension`
 * terms in any order of summation, for the product, the bias and their sum.
 */
export function roundingError(dimension: number, normOfQuery: number, largestNorm: number): number {
  const terms = (dimension + 3) * ROUND_OFF;
  const gamma = terms / (1 - terms);
  return 2 * gamma * (normOfQuery * largestNorm + (largestNorm * largestNorm) / 2);
}
