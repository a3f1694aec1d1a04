/** One memory's part in a prediction. */
export interface MemoryVote {
  /** α of the memory in the mixture. */
  readonly alpha: number;
  /** λ of the memory: the weight of p_kNN against p_RE. */
  readonly lambda: number;
  /** p_kNN over the model's labels. */
  readonly pKnn: ArrayLike<number>;
}

/** p = Σ α_m (λ_m p_kNN,m + (1 - λ_m) p_RE). Without memories p is p_RE. */
export function mixDistributions(pRe: ArrayLike<number>, votes: readonly MemoryVote[]): Float64Array {
  const mixed = new Float64Array(pRe.length);
  if (votes.length === 0) {
    mixed.set(pRe);
    return mixed;
  }
  for (const { alpha, lambda, pKnn } of votes)
    for (let label = 0; label < mixed.length; label++)
      mixed[label] =
        (mixed[label] as number) +
        alpha * (lambda * (pKnn[label] as number) + (1 - lambda) * (pRe[label] as number));
  return mixed;
}

/** Numerically stable softmax of `labelCount` logits that start at `offset`. */
export function softmax(logits: ArrayLike<number>, offset = 0, labelCount = logits.length): Float64Array {
  const distribution = new Float64Array(labelCount);
  let largest = -Infinity;
  for (let i = 0; i < labelCount; i++) largest = Math.max(largest, logits[offset + i] as number);
  let total = 0;
  for (let i = 0; i < labelCount; i++) {
    const value = Math.exp((logits[offset + i] as number) - largest);
    distribution[i] = value;
    total += value;
  }
  for (let i = 0; i < labelCount; i++) distribution[i] = (distribution[i] as number) / total;
  return distribution;
}

/** Index of the largest value; ties go to the lowest index. -1 for an empty input. */
export function argmax(values: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (best < 0 || (values[i] as number) > (values[best] as number)) best = i;
  return best;
}
