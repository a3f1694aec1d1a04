import { chooseLabel, companionLabels, type LabelRule } from '../domain/labelling.js';
import { mixDistributions } from '../domain/mixture.js';
import type { MemoryUse } from '../domain/profile.js';
import { spansOf } from './gold-index.js';
import type { PairTable } from './pair-table.js';
import type { PredictedFact } from './text-f1.js';
import { addVotes, type Voters } from './voters.js';

/** One label of a pair under a profile: what the run time would write down. */
export interface RescoredPair {
  readonly pair: number;
  /** Label index; 0 is NIL. */
  readonly label: number;
  readonly p: number;
}

/** Scores every pair again by the run time's own rules (mixture, choice of the label, what holds beside it). */
export function rescore(
  pairs: PairTable,
  uses: readonly { readonly use: MemoryUse; readonly voters: Voters }[],
  rule: LabelRule,
): RescoredPair[] {
  const labelCount = pairs.labels.length;
  const votes = uses.map(({ use, voters }) => {
    const pKnn = new Float64Array(pairs.count * labelCount);
    addVotes(voters, use, 1, labelCount, pKnn);
    return { use, pKnn };
  });
  return Array.from({ length: pairs.count }, (_, pair) => pair).flatMap((pair) => {
    const row = pair * labelCount;
    const p = mixDistributions(
      pairs.pRe.subarray(row, row + labelCount),
      votes.map(({ use, pKnn }) => ({
        alpha: use.alpha,
        lambda: use.lambda,
        pKnn: pKnn.subarray(row, row + labelCount),
      })),
    );
    const permitted = pairs.gates[pairs.gate[pair] as number] ?? [];
    const label = chooseLabel(p, permitted, rule);
    const labels = [label, ...companionLabels(p, permitted, label, rule)];
    return labels.map((each) => ({ pair, label: each, p: p[each] as number }));
  });
}

/** Facts of each document, NIL left out. */
export function factsByDocument(
  pairs: PairTable,
  rescored: readonly RescoredPair[],
  documents: number,
): PredictedFact[][] {
  const facts: PredictedFact[][] = Array.from({ length: documents }, () => []);
  for (const { pair, label } of rescored) {
    if (label === 0) continue;
    const [subject, object] = spansOf(pairs, pair);
    facts[pairs.document[pair] as number]?.push({
      subject,
      object,
      predicate: pairs.labels[label] as string,
    });
  }
  return facts;
}
