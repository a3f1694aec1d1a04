/** What a comparison with gold counted. */
export interface Counts {
  /** Gold items that were found. */
  readonly found: number;
  /** Gold items that were not. */
  readonly missed: number;
  /** Predictions that match no gold item although it was looked for. */
  readonly spurious: number;
}

export interface Score extends Counts {
  /** All three in [0, 1]; 0 where nothing was found. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export const NO_COUNTS: Counts = { found: 0, missed: 0, spurious: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { found: a.found + b.found, missed: a.missed + b.missed, spurious: a.spurious + b.spurious };
}

export function f1Of(found: number, missed: number, spurious: number): number {
  return found === 0 ? 0 : (2 * found) / (2 * found + missed + spurious);
}

export function f1OfCounts({ found, missed, spurious }: Counts): number {
  return f1Of(found, missed, spurious);
}

export function scoreOf({ found, missed, spurious }: Counts): Score {
  return {
    found,
    missed,
    spurious,
    precision: found === 0 ? 0 : found / (found + spurious),
    recall: found === 0 ? 0 : found / (found + missed),
    f1: f1Of(found, missed, spurious),
  };
}

/** Counts by key added up, key by key, and over all keys (micro). */
export class CountsByKey {
  private readonly counts = new Map<string, Counts>();

  add(key: string, counts: Counts): void {
    this.counts.set(key, addCounts(this.counts.get(key) ?? NO_COUNTS, counts));
  }

  addAll(other: CountsByKey): void {
    for (const [key, counts] of other.counts) this.add(key, counts);
  }

  total(): Counts {
    return [...this.counts.values()].reduce(addCounts, NO_COUNTS);
  }

  /** Keys with the most gold first, ties in code-unit order. */
  scores(): { readonly key: string; readonly score: Score }[] {
    const gold = (score: Score): number => score.found + score.missed;
    return [...this.counts]
      .map(([key, counts]) => ({ key, score: scoreOf(counts) }))
      .sort((a, b) => gold(b.score) - gold(a.score) || (a.key < b.key ? -1 : 1));
  }
}

/**
 * Compares two sets of keyed items that must be equal to match: relations between known entities, typed mentions.
 * @param gold item -> the key that its counts go to
 * @param predicted likewise
 */
export function compareSets(
  gold: ReadonlyMap<string, string>,
  predicted: ReadonlyMap<string, string>,
  into: CountsByKey,
): void {
  for (const [item, key] of gold)
    into.add(key, predicted.has(item) ? { ...NO_COUNTS, found: 1 } : { ...NO_COUNTS, missed: 1 });
  for (const [item, key] of predicted) if (!gold.has(item)) into.add(key, { ...NO_COUNTS, spurious: 1 });
}
