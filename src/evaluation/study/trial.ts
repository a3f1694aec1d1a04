import type { LabelRule } from '../../domain/labelling.js';
import type { MemoryUse } from '../../domain/profile.js';
import { type FactScore, scoreFacts } from '../fact-score.js';
import { type Grid, type GridOutcome, LARGEST_K, researchGrid, searchGrid } from '../grid.js';
import { type MemorySettings, useOf } from '../leaderboard.js';
import { searchMixture } from '../mixture-search.js';
import { factsByDocument, rescore } from '../rescored-facts.js';
import type { PredictedFact } from '../text-f1.js';
import { type Electorate, medianNearest, searchVoters, type Voters } from '../voters.js';
import type { ScoredSet } from './workbench.js';

/** The paper's rule: the most probable label, NIL among them. */
export const ARGMAX_RULE: LabelRule = { nilRatio: 1, minimumProbability: 0 };

/** Neighbours of one memory in the set that is tuned on and in the one that is reported. */
export interface TrialMemory {
  readonly name: string;
  readonly dev: Voters;
  readonly test: Voters;
}

/** Settings that were chosen on dev, with what they reach on both sets. */
export interface TrialResult {
  readonly uses: readonly MemoryUse[];
  readonly dev: FactScore;
  readonly test: FactScore;
}

/** A memory's vote. */
export interface TrialPart {
  readonly memory: TrialMemory;
  readonly use: MemoryUse;
}

/** The sets of one encoder: settings are chosen on `dev` alone. */
export class Trial {
  constructor(
    readonly dev: ScoredSet,
    readonly test: ScoredSet,
  ) {}

  async search(memory: Electorate): Promise<TrialMemory> {
    return {
      name: memory.name,
      dev: await searchVoters(this.dev.pairs, memory, LARGEST_K),
      test: await searchVoters(this.test.pairs, memory, LARGEST_K),
    };
  }

  /** Every setting of the grid, on dev unless the split that is reported is asked for. */
  tune(
    memory: TrialMemory,
    grid: (rbfScale: number) => Grid = researchGrid,
    on: 'dev' | 'test' = 'dev',
  ): Promise<GridOutcome> {
    const { pairs, gold } = this[on];
    return searchGrid(pairs, gold, [memory[on]], grid(medianNearest(memory[on])));
  }

  classifier(): TrialResult {
    return this.score([]);
  }

  withSettings(memory: TrialMemory, settings: MemorySettings): TrialResult {
    return this.score([this.part(memory, settings)]);
  }

  /** A memory that votes alone. */
  part(memory: TrialMemory, settings: MemorySettings): TrialPart {
    return { memory, use: useOf(memory.name, 1, settings) };
  }

  /** Memories mixed by α, each with the settings that are best for it alone. */
  async mixed(
    parts: readonly { readonly memory: TrialMemory; readonly settings: MemorySettings }[],
  ): Promise<TrialResult> {
    const { alphas } = await searchMixture(
      this.dev.pairs,
      this.dev.gold,
      parts.map(({ memory, settings }) => ({ voters: memory.dev, settings })),
      { nilRatios: [1], minimumProbabilities: [0] },
    );
    return this.score(
      parts.map(({ memory, settings }, index) => ({
        memory,
        use: useOf(memory.name, alphas[index] as number, settings),
      })),
    );
  }

  /** What is predicted in each passage of a set. */
  facts(parts: readonly TrialPart[], which: 'dev' | 'test'): PredictedFact[][] {
    const { pairs, passages } = this[which];
    const uses = parts.map(({ memory, use }) => ({ use, voters: memory[which] }));
    return factsByDocument(pairs, rescore(pairs, uses, ARGMAX_RULE), passages.length);
  }

  score(parts: readonly TrialPart[]): TrialResult {
    const on = (which: 'dev' | 'test'): FactScore =>
      scoreFacts(this[which].passages, this.facts(parts, which), this[which].gold.match);
    return { uses: parts.map(({ use }) => use), dev: on('dev'), test: on('test') };
  }
}
