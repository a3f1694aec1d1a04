import { spansOverlap, type Span } from '../domain/offsets.js';

/** An ordered pair of mentions by their indices in the sentence's list. */
export interface Pair {
  readonly subject: number;
  readonly object: number;
}

/** Most pairs of one sentence that are scored. */
export const DEFAULT_MAX_PAIRS_PER_SENTENCE = 1_000;

/** Couples that are looked at for each pair that may be taken: bounds the time of crowded sentences. */
const COUPLES_PER_PAIR = 32;

/**
 * The ordered pairs of a sentence's mentions that may hold a relation, by subject then object. Above the cap
 * the mentions that stand closest are paired, by the number of mentions between them; neither time nor memory
 * grows with the square of the mentions.
 *
 * @param mentions ascending
 * @param permitted whether the type gates let the pair through and it joins two things
 */
export function pairsOf(
  mentions: readonly Span[],
  permitted: (subject: number, object: number) => boolean,
  maxPairs: number = DEFAULT_MAX_PAIRS_PER_SENTENCE,
): Pair[] {
  const pairs: Pair[] = [];
  let couples = 0;
  const take = (subject: number, object: number): void => {
    if (pairs.length < maxPairs && permitted(subject, object)) pairs.push({ subject, object });
  };
  for (let distance = 1; distance < mentions.length; distance++) {
    for (let left = 0; left + distance < mentions.length; left++) {
      if (pairs.length >= maxPairs || couples++ > COUPLES_PER_PAIR * maxPairs) return inOrder(pairs);
      const right = left + distance;
      if (spansOverlap(mentions[left] as Span, mentions[right] as Span)) continue;
      take(left, right);
      take(right, left);
    }
  }
  return inOrder(pairs);
}

function inOrder(pairs: Pair[]): Pair[] {
  return pairs.sort((a, b) => a.subject - b.subject || a.object - b.object);
}
