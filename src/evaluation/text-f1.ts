import { spansOverlap, type Span } from '../domain/offsets.js';
import { type Counts, type CountsByKey, NO_COUNTS } from './f1.js';
import type { GoldFact, Passage } from './passages.js';

/** How near a predicted span must come to a gold one. */
export type SpanMatch = 'overlap' | 'exact';

/** A fact that was predicted in a passage: the same shape as a gold one. */
export type PredictedFact = GoldFact;

/**
 * Text F1 of one passage: a gold fact is found when a prediction with its predicate matches both spans; a
 * prediction that matches no gold fact is spurious only where its predicate is annotated in the passage.
 * Several predictions may match one fact (names and pronouns of one person overlap it), which is no fault.
 */
export function scorePassage(
  passage: Pick<Passage, 'annotated' | 'facts'>,
  predicted: readonly PredictedFact[],
  match: SpanMatch,
  into: CountsByKey,
): void {
  const matched = new Set<PredictedFact>();
  for (const fact of passage.facts) {
    let found = false;
    for (const prediction of predicted)
      if (factMatches(prediction, fact, match)) {
        matched.add(prediction);
        found = true;
      }
    into.add(fact.predicate, found ? FOUND : MISSED);
  }
  for (const prediction of predicted)
    if (!matched.has(prediction) && passage.annotated.has(prediction.predicate))
      into.add(prediction.predicate, SPURIOUS);
}

export function factMatches(predicted: PredictedFact, gold: GoldFact, match: SpanMatch): boolean {
  return (
    predicted.predicate === gold.predicate &&
    spanMatches(predicted.subject, gold.subject, match) &&
    spanMatches(predicted.object, gold.object, match)
  );
}

export function spanMatches(predicted: Span, gold: Span, match: SpanMatch): boolean {
  return match === 'exact'
    ? predicted.start === gold.start && predicted.end === gold.end
    : spansOverlap(predicted, gold);
}

const FOUND: Counts = { ...NO_COUNTS, found: 1 };
const MISSED: Counts = { ...NO_COUNTS, missed: 1 };
const SPURIOUS: Counts = { ...NO_COUNTS, spurious: 1 };
