/** A string under which an entity was seen, with how often. */
export interface NameCount {
  readonly name: string;
  /** >= 0 */
  readonly count: number;
}

/**
 * The name that stands for an entity: the most frequent one, ties to the first in code-unit order. A function
 * of the counts alone, so that it does not depend on the order in which documents came.
 *
 * @returns undefined where nothing was counted
 */
export function mostFrequentName(names: Iterable<NameCount>): string | undefined {
  let best: NameCount | undefined;
  for (const candidate of names)
    if (candidate.count > 0 && (best === undefined || byFrequency(candidate, best) < 0)) best = candidate;
  return best?.name;
}

/** Most frequent first, ties in code-unit order. */
export function byFrequency(a: NameCount, b: NameCount): number {
  if (a.count !== b.count) return b.count - a.count;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
