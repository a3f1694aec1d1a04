import { bootstrapF1, type Interval } from './bootstrap.js';
import type { Score } from './f1.js';
import { scoreFacts } from './fact-score.js';
import type { Passage } from './passages.js';
import type { PredictedFact } from './text-f1.js';

/** Text F1 over a file, micro and by predicate. */
export interface TextScore {
  readonly overlap: Score;
  /** 95% interval of the overlap F1, documents drawn with replacement. */
  readonly overlapInterval: Interval | null;
  readonly exact: Score;
  readonly byPredicate: readonly { readonly predicate: string; readonly overlap: Score }[];
}

/** @param predicted facts of each passage, in the order of the passages */
export function scoreKnowledgeNet(
  passages: readonly Passage[],
  predicted: readonly (readonly PredictedFact[])[],
): TextScore {
  const overlap = scoreFacts(passages, predicted, 'overlap');
  return {
    overlap: overlap.micro,
    overlapInterval: bootstrapF1(overlap.units),
    exact: scoreFacts(passages, predicted, 'exact').micro,
    byPredicate: overlap.byLabel.map(({ label, score }) => ({ predicate: label, overlap: score })),
  };
}
