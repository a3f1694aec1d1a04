import { addCounts, f1OfCounts, NO_COUNTS } from '../f1.js';
import { type FactScore, scoreFacts } from '../fact-score.js';
import { useOf } from '../leaderboard.js';
import { factsByDocument, type RescoredPair } from '../rescored-facts.js';
import { addVotes, type Voters } from '../voters.js';
import { bestOf, type TunedMemory } from './memory-rows.js';
import type { SystemResult } from './table.js';
import type { Trial } from './trial.js';
import type { ScoredSet } from './workbench.js';

const LAMBDAS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

/**
 * A λ for each label instead of one: p(y) = λ_y p_kNN(y) + (1 - λ_y) p_RE(y), no distribution any more, its largest wins.
 * Starts from the memory's best settings and changes one label's λ at a time as long as dev gains.
 */
export class LabelWeights {
  constructor(private readonly trial: Trial) {}

  row(memory: TunedMemory): SystemResult {
    const settings = bestOf(memory.grid);
    const { dev, test } = this.trial;
    const votes = {
      dev: votesOf(dev, memory.searched.dev, settings),
      test: votesOf(test, memory.searched.test, settings),
    };
    const lambdas = new Array<number>(dev.pairs.labels.length).fill(settings.lambda);
    const devF1 = (): number =>
      f1OfCounts(this.score(dev, votes.dev, lambdas).units.reduce(addCounts, NO_COUNTS));
    let best = devF1();
    for (let label = 0; label < lambdas.length; label++) {
      let kept = lambdas[label] as number;
      for (const lambda of LAMBDAS) {
        lambdas[label] = lambda;
        const f1 = devF1();
        if (f1 > best) [best, kept] = [f1, lambda];
      }
      lambdas[label] = kept;
    }
    const result = {
      uses: [useOf(`${memory.name}, λ by label`, 1, settings)],
      dev: this.score(dev, votes.dev, lambdas),
      test: this.score(test, votes.test, lambdas),
    };
    return { system: 'kNN-RE: train memory, λ by label', entries: memory.entries, result };
  }

  private score(set: ScoredSet, votes: Float64Array, lambdas: readonly number[]): FactScore {
    const { pairs, passages, gold } = set;
    const width = pairs.labels.length;
    const rescored = Array.from({ length: pairs.count }, (_, pair): RescoredPair => {
      const at = pair * width;
      const weighted = (label: number): number => {
        const lambda = lambdas[label] as number;
        return lambda * (votes[at + label] as number) + (1 - lambda) * (pairs.pRe[at + label] as number);
      };
      let best = { pair, label: 0, p: weighted(0) };
      for (const label of pairs.gates[pairs.gate[pair] as number] as Uint16Array) {
        const p = weighted(label);
        if (p > best.p) best = { pair, label, p };
      }
      return best;
    });
    return scoreFacts(passages, factsByDocument(pairs, rescored, passages.length), gold.match);
  }
}

function votesOf(
  { pairs }: ScoredSet,
  voters: Voters,
  settings: Parameters<typeof addVotes>[1],
): Float64Array {
  const votes = new Float64Array(pairs.count * pairs.labels.length);
  addVotes(voters, settings, 1, pairs.labels.length, votes);
  return votes;
}
