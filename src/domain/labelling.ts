/** When a predicate is written down rather than NIL. */
export interface LabelRule {
  /** A predicate wins when p(predicate) > nilRatio * p(NIL). */
  readonly nilRatio: number;
  /** By label index, in place of `nilRatio`: annotators of different predicates draw the line at different places. */
  readonly nilRatios?: ArrayLike<number> | undefined;
  readonly minimumProbability: number;
  /**
   * Other predicates hold beside the best one from this share of its probability on: someone is born and lives in
   * one place. They must beat NIL, too. Absent: a pair has one label.
   */
  readonly companionShare?: number | undefined;
}

/**
 * The label of one pair: the most probable permitted predicate that wins over NIL, or NIL (index 0).
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
    if (probability < bestProbability || (probability === bestProbability && label > best)) continue;
    if (!beatsNil(p, label, rule)) continue;
    best = label;
    bestProbability = probability;
  }
  return bestProbability >= rule.minimumProbability ? best : 0;
}

function beatsNil(p: ArrayLike<number>, label: number, { nilRatio, nilRatios }: LabelRule): boolean {
  return (p[label] as number) > (nilRatios?.[label] ?? nilRatio) * (p[0] as number);
}

/**
 * The permitted predicates that hold beside the chosen one, most probable first, ties by index.
 *
 * @param chosen what `chooseLabel` gave; NIL (0) has no company
 * @returns label indices without `chosen`
 */
export function companionLabels(
  p: ArrayLike<number>,
  permitted: Iterable<number>,
  chosen: number,
  rule: LabelRule,
): number[] {
  const { companionShare } = rule;
  if (chosen === 0 || companionShare === undefined) return [];
  const floor = companionShare * (p[chosen] as number);
  const probability = (label: number): number => p[label] as number;
  return [...permitted]
    .filter((label) => label !== chosen && probability(label) >= floor && beatsNil(p, label, rule))
    .sort((a, b) => probability(b) - probability(a) || a - b);
}
