import { bootstrapF1, type Interval } from './bootstrap.js';
import { addCounts, type Counts, CountsByKey, NO_COUNTS, type Score, scoreOf } from './f1.js';
import type { Passage } from './passages.js';
import { type PredictedFact, type SpanMatch, scorePassage } from './text-f1.js';

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
  const overlap = count(passages, predicted, 'overlap');
  const exact = count(passages, predicted, 'exact');
  return {
    overlap: scoreOf(overlap.all.total()),
    overlapInterval: bootstrapF1([...overlap.byGroup.values()]),
    exact: scoreOf(exact.all.total()),
    byPredicate: overlap.all.scores().map(({ key, score }) => ({ predicate: key, overlap: score })),
  };
}

/** Micro F1 (overlap) alone: cheap enough to compare many settings. */
export function overlapF1(
  passages: readonly Passage[],
  predicted: readonly (readonly PredictedFact[])[],
): number {
  const counts = new CountsByKey();
  passages.forEach((passage, index) => scorePassage(passage, predicted[index] ?? [], 'overlap', counts));
  return scoreOf(counts.total()).f1;
}

function count(
  passages: readonly Passage[],
  predicted: readonly (readonly PredictedFact[])[],
  match: SpanMatch,
): { readonly all: CountsByKey; readonly byGroup: ReadonlyMap<string, Counts> } {
  const all = new CountsByKey();
  const byGroup = new Map<string, Counts>();
  passages.forEach((passage, index) => {
    const here = new CountsByKey();
    scorePassage(passage, predicted[index] ?? [], match, here);
    all.addAll(here);
    byGroup.set(passage.group, addCounts(byGroup.get(passage.group) ?? NO_COUNTS, here.total()));
  });
  return { all, byGroup };
}
