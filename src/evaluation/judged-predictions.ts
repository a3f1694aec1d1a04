import type { JudgedByLabel } from './calibration-by-label.js';
import { findsFact, type GoldIndex } from './gold-index.js';
import type { PairTable } from './pair-table.js';
import type { RescoredPair } from './rescored-facts.js';

/** Predictions that gold can judge: right where they find a fact. */
export function judgedPredictions(
  pairs: PairTable,
  gold: GoldIndex,
  rescored: readonly RescoredPair[],
): JudgedByLabel {
  const judged = rescored.filter(
    ({ pair, label }) =>
      label !== 0 && gold.judged[(pairs.document[pair] as number) * pairs.labels.length + label] === 1,
  );
  return {
    p: Float64Array.from(judged, ({ p }) => p),
    right: Uint8Array.from(judged, ({ pair, label }) => (findsFact(gold, pair, label) ? 1 : 0)),
    labels: judged.map(({ label }) => pairs.labels[label] as string),
  };
}
