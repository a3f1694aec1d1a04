/** When a predicate is written down rather than NIL. */
export interface LabelRule {
  /** A predicate wins when p(predicate) > nilRatio * p(NIL). */
  readonly nilRatio: number;
  readonly minimumProbability: number;
}

/**
 * The label of one pair: the most probable permitted predicate, or NIL (index 0).
 *
 * @param p distribution over the model's labels, NIL at index 0
 * @param permitted label indices that the schema and the pair's type gate allow
 * @returns index of the label; ties go to the lowest index
 */
export function chooseLabel(p: ArrayLike<number>, permitted: Iterable<number>, rule: LabelRule): number {
  let best = 0;
  let bestProbability = -1;
  for (const label of permitted) {
    const probability = p[label] as number;
    if (probability > bestProbability || (probability === bestProbability && label < best)) {
      best = label;
      bestProbability = probability;
    }
  }
  const beatsNil = bestProbability > rule.nilRatio * (p[0] as number);
  return beatsNil && bestProbability >= rule.minimumProbability ? best : 0;
}
