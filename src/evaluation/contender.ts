import type { LabelRule } from '../domain/labelling.js';
import type { MemoryUse } from '../domain/profile.js';
import { Breathing } from '../extraction/breathing.js';
import type { Memory } from '../memory/ports.js';
import type { EvaluationSet } from './bench.js';
import { textF1 } from './fact-score.js';
import { defaultGrid, type GridOutcome } from './grid.js';
import { useOf } from './leaderboard.js';
import { searchMixture } from './mixture-search.js';
import type { PairTable } from './pair-table.js';
import { factsByDocument, rescore, type RescoredPair } from './rescored-facts.js';
import type { Voters } from './voters.js';

/**
 * From this share of the best predicate's probability on, another one holds beside it. On KnowledgeNet dev anything
 * from .15 to .4 did alike, so it is no part of the grid, which tries one label a pair.
 */
export const COMPANION_SHARE = 0.2;

/** Voters are stored with every piece of evidence and read by people: more of them only where they find more. */
const READABLE_K = 64;

/** Text F1 by which settings may trail the best and still count as equal: a fraction of its 95% interval. */
const EQUAL_F1 = 0.001;

/** Settings that may become a profile. */
export interface Contender {
  readonly uses: readonly MemoryUse[];
  readonly rule: LabelRule & { readonly companionShare: number };
}

/**
 * The best of the grid's leading settings once a pair may hold several predicates; among equals one with
 * few enough neighbours to read, and of those the one that lets them weigh most: what a curator corrects counts by
 * its vote.
 */
export async function bestAlone(
  grid: GridOutcome,
  { pairs, passages, gold }: EvaluationSet,
  voters: readonly Voters[],
  memories: readonly Memory[],
): Promise<Contender> {
  const ranked = memories.length === 0 ? [grid.classifierOnly] : grid.both;
  const breathing = new Breathing();
  const leading: { contender: Contender; isReadable: number; lambda: number; f1: number }[] = [];
  for (const { settings } of ranked) {
    const { nilRatio, minimumProbability, lambda, k } = settings;
    const rule = { nilRatio, minimumProbability, companionShare: COMPANION_SHARE };
    const uses = memories.map(({ name }) => useOf(name, 1 / memories.length, settings));
    const contender: Contender = { uses, rule };
    const facts = factsByDocument(pairs, rescoredBy(contender, pairs, voters), passages.length);
    const f1 = textF1(passages, facts, gold.match);
    leading.push({ contender, isReadable: Number(k <= READABLE_K), lambda, f1 });
    await breathing.pause();
  }
  const bestF1 = Math.max(...leading.map(({ f1 }) => f1));
  const [chosen] = leading
    .filter(({ f1 }) => f1 >= bestF1 - EQUAL_F1)
    .sort((a, b) => b.isReadable - a.isReadable || b.lambda - a.lambda || b.f1 - a.f1);
  return (chosen as (typeof leading)[number]).contender; // the best itself is among them
}

/** Several memories that vote together. */
export interface MixedContender {
  readonly contender: Contender;
  /** α of each memory, in their order. */
  readonly alphas: readonly number[];
  readonly f1: number;
  readonly tried: number;
}

/** The memories mixed by α, each with the settings that are best for it alone. */
export async function bestMixture(
  { pairs, gold }: EvaluationSet,
  memories: readonly Memory[],
  voters: readonly Voters[],
  grids: readonly GridOutcome[],
): Promise<MixedContender> {
  const settings = grids.map(({ both, classifierOnly }) => (both[0] ?? classifierOnly).settings);
  const outcome = await searchMixture(
    pairs,
    gold,
    voters.map((one, index) => ({ voters: one, settings: settings[index] as (typeof settings)[number] })),
    defaultGrid(),
  );
  const { alphas, nilRatio, minimumProbability, f1, mixturesTried } = outcome;
  return {
    contender: {
      uses: memories.map(({ name }, index) =>
        useOf(name, alphas[index] as number, settings[index] as (typeof settings)[number]),
      ),
      rule: { nilRatio, minimumProbability, companionShare: COMPANION_SHARE },
    },
    alphas,
    f1,
    tried: mixturesTried,
  };
}

/** What a contender says of every pair. @param voters of its memories, in their order */
export function rescoredBy(
  { uses, rule }: Contender,
  pairs: PairTable,
  voters: readonly Voters[],
): readonly RescoredPair[] {
  const parts = uses.map((use, index) => ({ use, voters: voters[index] as Voters }));
  return rescore(pairs, parts, rule);
}
