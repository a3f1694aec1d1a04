import type { PairTable } from './pair-table.js';

/** The best permitted predicate of every pair under one mixture, before any threshold. */
export interface BestLabels {
  /** Label index of the best permitted predicate; 0 where the gate permits none. */
  readonly label: Uint16Array;
  /** Its probability. */
  readonly probability: Float64Array;
  /** Probability of NIL. */
  readonly nil: Float64Array;
}

export function emptyBestLabels(count: number): BestLabels {
  return {
    label: new Uint16Array(count),
    probability: new Float64Array(count),
    nil: new Float64Array(count),
  };
}

/** The permitted labels of every pair, most probable by the classifier first: what `bestLabels` goes through. */
export type LabelOrder = readonly Uint16Array[];

export function labelOrder({ count, pRe, gates, gate, labels }: PairTable): LabelOrder {
  return Array.from({ length: count }, (_, pair) => {
    const row = pair * labels.length;
    return (gates[gate[pair] as number] as Uint16Array)
      .slice()
      .sort((a, b) => (pRe[row + b] as number) - (pRe[row + a] as number) || a - b);
  });
}

/** Rounding that a sum of votes may be off by. */
const SLACK = 1e-9;

/**
 * p = λ p_KNN + (1 - λ) p_RE, and its best permitted predicate; ties go to the lowest label, as at run time. A pair is
 * done as soon as all votes that are left could not lift the labels that are left over the best one.
 *
 * @param pKnn pairs x labels, mixed over the memories by their shares; a row sums to 1 at most
 * @param into reused from call to call
 */
export function bestLabels(
  pairs: PairTable,
  order: LabelOrder,
  pKnn: Float64Array,
  lambda: number,
  into: BestLabels,
): void {
  const { pRe } = pairs;
  const labelCount = pairs.labels.length;
  const rest = 1 - lambda;
  for (let pair = 0; pair < pairs.count; pair++) {
    const row = pair * labelCount;
    let best = 0;
    let bestProbability = 0;
    let votesLeft = 1 + SLACK;
    for (const label of order[pair] as Uint16Array) {
      const classifier = rest * (pRe[row + label] as number);
      if (lambda * votesLeft + classifier + SLACK < bestProbability) break;
      const votes = pKnn[row + label] as number;
      votesLeft -= votes;
      const p = lambda * votes + classifier;
      if (p > bestProbability || (p === bestProbability && p > 0 && label < best)) {
        best = label;
        bestProbability = p;
      }
    }
    into.label[pair] = best;
    into.probability[pair] = bestProbability;
    into.nil[pair] = lambda * (pKnn[row] as number) + rest * (pRe[row] as number);
  }
}
