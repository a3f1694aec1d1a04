import type { GoldIndex } from './gold-index.js';
import type { PairTable } from './pair-table.js';
import type { BestLabels } from './rescoring.js';

/** Thresholds tried together: each ascending. */
export interface ThresholdGrid {
  readonly nilRatios: readonly number[];
  readonly minimumProbabilities: readonly number[];
}

/** Counts of one pair of thresholds, by fold. */
export interface FoldCounts {
  readonly found: Int32Array;
  readonly spurious: Int32Array;
}

/**
 * Counts found and spurious facts for every pair of thresholds in one pass a minimum: a pair is predicted for all
 * ratios below p(best) / p(NIL), so a histogram over the ratios holds what each of them would predict.
 *
 * @param visit called once for each pair of thresholds; the arrays are reused between calls
 */
export function countAtThresholds(
  pairs: PairTable,
  gold: GoldIndex,
  best: BestLabels,
  grid: ThresholdGrid,
  visit: (nilRatio: number, minimumProbability: number, counts: FoldCounts) => void,
): void {
  const { nilRatios, minimumProbabilities } = grid;
  const judgedPairs = pairsThatCount(pairs, gold, best, nilRatios);
  const steps = nilRatios.length;
  for (const minimum of minimumProbabilities) {
    // At [ratio x folds + fold]: predictions whose largest permitting ratio this is, minus the matched ones.
    const spuriousAt = new Int32Array(steps * gold.folds);
    const reachOfFact = new Uint8Array(gold.facts);
    for (const { pair, reach } of judgedPairs) {
      if ((best.probability[pair] as number) < minimum) continue;
      if (!raiseReach(gold, pair, best.label[pair] as number, reach, reachOfFact)) {
        const at = (reach - 1) * gold.folds + (gold.foldOfPair[pair] as number);
        spuriousAt[at] = (spuriousAt[at] as number) + 1;
      }
    }
    const foundAt = new Int32Array(steps * gold.folds);
    for (let fact = 0; fact < gold.facts; fact++) {
      const reach = reachOfFact[fact] as number;
      if (reach === 0) continue;
      const at = (reach - 1) * gold.folds + (gold.foldOfFact[fact] as number);
      foundAt[at] = (foundAt[at] as number) + 1;
    }
    visitFromStrictest(grid, minimum, foundAt, spuriousAt, gold.folds, visit);
  }
}

/** Pairs that some ratio predicts and whose label is judged; `reach` is how many ratios let them pass. */
function pairsThatCount(
  pairs: PairTable,
  gold: GoldIndex,
  best: BestLabels,
  nilRatios: readonly number[],
): { readonly pair: number; readonly reach: number }[] {
  const counting: { pair: number; reach: number }[] = [];
  const labelCount = pairs.labels.length;
  for (let pair = 0; pair < pairs.count; pair++) {
    const label = best.label[pair] as number;
    if (label === 0) continue;
    if (gold.judged[(pairs.document[pair] as number) * labelCount + label] === 0) continue;
    const probability = best.probability[pair] as number;
    const nil = best.nil[pair] as number;
    let reach = 0;
    while (reach < nilRatios.length && probability > (nilRatios[reach] as number) * nil) reach++;
    if (reach > 0) counting.push({ pair, reach });
  }
  return counting;
}

/** Notes that the pair finds its facts under `reach` ratios; false if it finds none. */
function raiseReach(
  gold: GoldIndex,
  pair: number,
  label: number,
  reach: number,
  reachOfFact: Uint8Array,
): boolean {
  let matches = false;
  const end = gold.matchesFrom[pair + 1] as number;
  for (let at = gold.matchesFrom[pair] as number; at < end; at++) {
    if (gold.matchedLabel[at] !== label) continue;
    matches = true;
    const fact = gold.matchedFact[at] as number;
    if ((reachOfFact[fact] as number) < reach) reachOfFact[fact] = reach;
  }
  return matches;
}

/** Sums the histograms from the strictest ratio down: what a ratio lets pass, every lower one does too. */
function visitFromStrictest(
  { nilRatios }: ThresholdGrid,
  minimum: number,
  foundAt: Int32Array,
  spuriousAt: Int32Array,
  folds: number,
  visit: (nilRatio: number, minimumProbability: number, counts: FoldCounts) => void,
): void {
  const counts = { found: new Int32Array(folds), spurious: new Int32Array(folds) };
  for (let step = nilRatios.length - 1; step >= 0; step--) {
    for (let fold = 0; fold < folds; fold++) {
      const at = step * folds + fold;
      counts.found[fold] = (counts.found[fold] as number) + (foundAt[at] as number);
      counts.spurious[fold] = (counts.spurious[fold] as number) + (spuriousAt[at] as number);
    }
    visit(nilRatios[step] as number, minimum, counts);
  }
}
