import { addCounts, type Counts, CountsByKey, NO_COUNTS, type Score, scoreOf } from './f1.js';
import type { Passage } from './passages.js';
import { type PredictedFact, type SpanMatch, scorePassage } from './text-f1.js';

/** Means over labels, each counting alike however many facts it has; in [0, 1]. */
export interface MacroScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Labels that gold has a fact of: the means are over them. */
  readonly labels: number;
}

/** Facts found in annotated passages, in every way that reports need. */
export interface FactScore {
  readonly micro: Score;
  readonly macro: MacroScore;
  /** Labels with the most gold first. */
  readonly byLabel: readonly { readonly label: string; readonly score: Score }[];
  /** Counts of each document, in the order of the passages: what is resampled. */
  readonly units: readonly Counts[];
}

/** @param predicted facts of each passage, in the order of the passages */
export function scoreFacts(
  passages: readonly Passage[],
  predicted: readonly (readonly PredictedFact[])[],
  match: SpanMatch,
): FactScore {
  const all = new CountsByKey();
  const byGroup = new Map<string, Counts>();
  passages.forEach((passage, index) => {
    const here = new CountsByKey();
    scorePassage(passage, predicted[index] ?? [], match, here);
    all.addAll(here);
    byGroup.set(passage.group, addCounts(byGroup.get(passage.group) ?? NO_COUNTS, here.total()));
  });
  const byLabel = all.scores().map(({ key, score }) => ({ label: key, score }));
  return {
    micro: scoreOf(all.total()),
    macro: macroOf(byLabel.map(({ score }) => score)),
    byLabel,
    units: [...byGroup.values()],
  };
}

/** Micro F1 alone: cheap enough to compare many settings. */
export function textF1(
  passages: readonly Passage[],
  predicted: readonly (readonly PredictedFact[])[],
  match: SpanMatch,
): number {
  const counts = new CountsByKey();
  passages.forEach((passage, index) => {
    scorePassage(passage, predicted[index] ?? [], match, counts);
  });
  return scoreOf(counts.total()).f1;
}

function macroOf(scores: readonly Score[]): MacroScore {
  const withGold = scores.filter(({ found, missed }) => found + missed > 0);
  const mean = (value: (score: Score) => number): number =>
    withGold.length === 0 ? 0 : withGold.reduce((sum, score) => sum + value(score), 0) / withGold.length;
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
    labels: withGold.length,
  };
}

/** Micro F1 over some of the labels. */
export function scoreOfLabels(score: FactScore, labels: ReadonlySet<string>): Score {
  return scoreOf(
    score.byLabel
      .filter(({ label }) => labels.has(label))
      .reduce<Counts>((sum, { score: own }) => addCounts(sum, own), NO_COUNTS),
  );
}

/** A range of training support, and how its labels are found together. */
export interface BandScore {
  /** Support of the labels: from (inclusive) to (inclusive; null: without bound). */
  readonly from: number;
  readonly to: number | null;
  readonly labels: number;
  readonly score: Score;
}

/** `1-9`, `0`, `1000 and more`. */
export function bandName({ from, to }: Pick<BandScore, 'from' | 'to'>): string {
  if (to === null) return `${from} and more`;
  return from === to ? String(from) : `${from}-${to}`;
}

const BAND_STARTS = [0, 1, 10, 50, 200, 1000] as const;

/** Labels by how many examples they were trained on or have in the memory; bands without gold are left out. */
export function scoreByBand(score: FactScore, support: ReadonlyMap<string, number>): BandScore[] {
  return BAND_STARTS.flatMap((from, index) => {
    const next = BAND_STARTS[index + 1];
    const labels = score.byLabel
      .filter(({ score: own }) => own.found + own.missed > 0)
      .filter(({ label }) => {
        const own = support.get(label) ?? 0;
        return own >= from && (next === undefined || own < next);
      })
      .map(({ label }) => label);
    if (labels.length === 0) return [];
    const to = next === undefined ? null : next - 1;
    return [{ from, to, labels: labels.length, score: scoreOfLabels(score, new Set(labels)) }];
  });
}
