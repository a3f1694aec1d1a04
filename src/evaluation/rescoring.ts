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

/**
 * p = λ p_KNN + (1 - λ) p_RE, and its best permitted predicate; ties go to the lowest label, as at run time.
 *
 * @param pKnn pairs x labels, mixed over the memories by their shares
 * @param into reused from call to call
 */
export function bestLabels(pairs: PairTable, pKnn: Float64Array, lambda: number, into: BestLabels): void {
  const { pRe, gates, gate } = pairs;
  const labelCount = pairs.labels.length;
  const rest = 1 - lambda;
  for (let pair = 0; pair < pairs.count; pair++) {
    const row = pair * labelCount;
    let best = 0;
    let bestProbability = 0;
    for (const label of gates[gate[pair] as number] as Uint16Array) {
      const p = lambda * (pKnn[row + label] as number) + rest * (pRe[row + label] as number);
      if (p > bestProbability) {
        best = label;
        bestProbability = p;
      }
    }
    into.label[pair] = best;
    into.probability[pair] = bestProbability;
    into.nil[pair] = lambda * (pKnn[row] as number) + rest * (pRe[row] as number);
  }
}
