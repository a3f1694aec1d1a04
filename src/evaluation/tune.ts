import type { Memory } from '../memory/ports.js';
import type { LabelRule } from '../domain/labelling.js';
import type { MemoryUse, ScoringProfile } from '../domain/profile.js';
import {
  expectedCalibrationError,
  fitPlatt,
  IDENTITY,
  type Judged,
  type ReliabilityBin,
} from './calibration-fit.js';
import { encodePairs, type EvaluationContext } from './encode.js';
import { findsFact, type GoldIndex, indexGold } from './gold-index.js';
import { defaultGrid, type GridOutcome, LARGEST_K, searchGrid } from './grid.js';
import type { Passage } from './knowledgenet-reader.js';
import { overlapF1, scoreKnowledgeNet, type TextScore } from './knowledgenet-score.js';
import type { RankedSettings } from './leaderboard.js';
import type { PairTable } from './pair-table.js';
import { factsByDocument, rescore, type RescoredPair } from './rescored-facts.js';
import { medianNearest, searchVoters, type Voters } from './voters.js';

export interface TuneContext extends EvaluationContext {
  readonly memories: readonly Memory[];
  /** Told what is being done and how far it is. */
  readonly onStep?: (step: 'search' | 'grid', done: number, total: number) => void;
}

export interface TuneResult {
  readonly profile: ScoringProfile;
  readonly report: TuneReport;
}

export interface TuneReport {
  readonly passages: number;
  readonly pairs: number;
  readonly grid: GridOutcome;
  /** The tuned profile on the data it was tuned on. */
  readonly score: TextScore;
  readonly calibration: {
    /** Predictions whose predicate is judged in their passage. */
    readonly predictions: number;
    readonly errorBefore: number;
    readonly errorAfter: number;
    /** Reliability after calibration. */
    readonly bins: readonly ReliabilityBin[];
  };
}

/**
 * From this share of the best predicate's probability on, another one holds beside it. On KnowledgeNet dev anything
 * from .15 to .4 did alike, so it is no part of the grid, which tries one label a pair.
 */
const COMPANION_SHARE = 0.2;

/**
 * Finds the settings with the best text F1 (overlap) on annotated passages: encodes once, searches once at the
 * largest k, tries the grid on numbers alone, and fits the calibration to what the best settings predict.
 *
 * @param base gives name, version and model of the profile that comes out
 */
export async function tuneOnKnowledgeNet(
  context: TuneContext,
  passages: readonly Passage[],
  base: ScoringProfile,
  tunedOn: string,
): Promise<TuneResult> {
  const documents = passages.map(({ id, text }) => ({ externalId: id, text }));
  const pairs = await encodePairs(context, documents, base);
  const gold = indexGold(passages, pairs, 'overlap');
  const voters: Voters[] = [];
  for (const memory of context.memories) {
    voters.push(await searchVoters(pairs, memory, LARGEST_K));
    context.onStep?.('search', voters.length, context.memories.length);
  }
  const grid = await searchGrid(
    pairs,
    gold,
    voters,
    defaultGrid(rbfScale(context.memories, voters)),
    (done, total) => context.onStep?.('grid', done, total),
  );
  const { uses, rule, rescored } = bestWithCompanions(grid, pairs, voters, context.memories, passages);
  const judged = judgedPredictions(pairs, gold, rescored);
  const calibration = fitPlatt(judged);
  const after = expectedCalibrationError(judged, calibration);
  return {
    profile: {
      ...base,
      memories: uses,
      nilRatio: rule.nilRatio,
      minimumProbability: rule.minimumProbability,
      companionShare: rule.companionShare,
      calibration,
      tunedOn,
    },
    report: {
      passages: passages.length,
      pairs: pairs.count,
      grid,
      score: scoreKnowledgeNet(passages, factsByDocument(pairs, rescored, passages.length)),
      calibration: {
        predictions: judged.p.length,
        errorBefore: expectedCalibrationError(judged, IDENTITY).error,
        errorAfter: after.error,
        bins: after.bins,
      },
    },
  };
}

/** Voters are stored with every piece of evidence and read by people: more of them only where they find more. */
const READABLE_K = 64;

/** Text F1 by which settings may trail the best and still count as equal: a fraction of its 95% interval. */
const EQUAL_F1 = 0.001;

interface Contender {
  readonly uses: MemoryUse[];
  readonly rule: LabelRule & { readonly companionShare: number };
}

/**
 * The best of the grid's leading settings once a pair may hold several predicates; among equals one with
 * few enough neighbours to read, and of those the one that lets them weigh most: what a curator corrects counts by
 * its vote.
 */
function bestWithCompanions(
  grid: GridOutcome,
  pairs: PairTable,
  voters: readonly Voters[],
  memories: readonly Memory[],
  passages: readonly Passage[],
): Contender & { readonly rescored: readonly RescoredPair[] } {
  const scored = ({ uses, rule }: Contender): readonly RescoredPair[] =>
    rescore(
      pairs,
      uses.map((use, index) => ({ use, voters: voters[index] as Voters })),
      rule,
    );
  const leading = (grid.both.length > 0 ? grid.both : [grid.classifierOnly]).map((ranked) => {
    const { nilRatio, minimumProbability, lambda, k } = ranked.settings;
    const rule = { nilRatio, minimumProbability, companionShare: COMPANION_SHARE };
    const contender: Contender = { uses: memoryUses(ranked, memories), rule };
    const facts = factsByDocument(pairs, scored(contender), passages.length);
    const isReadable = Number(k <= READABLE_K);
    return { contender, isReadable, lambda, f1: overlapF1(passages, facts) };
  });
  const bestF1 = Math.max(...leading.map(({ f1 }) => f1));
  const [chosen] = leading
    .filter(({ f1 }) => f1 >= bestF1 - EQUAL_F1)
    .sort((a, b) => b.isReadable - a.isReadable || b.lambda - a.lambda || b.f1 - a.f1);
  const { contender } = chosen as (typeof leading)[number]; // the best itself is among them
  return { ...contender, rescored: scored(contender) };
}

function memoryUses({ settings }: RankedSettings, memories: readonly Memory[]): MemoryUse[] {
  const { k, lambda, temperature, kernel } = settings;
  return memories.map(({ name }) => ({
    memory: name,
    alpha: 1 / memories.length,
    k,
    lambda,
    temperature,
    kernel,
  }));
}

/** Predictions that gold can judge: right where they find a fact. */
function judgedPredictions(pairs: PairTable, gold: GoldIndex, rescored: readonly RescoredPair[]): Judged {
  const judged = rescored.filter(
    ({ pair, label }) =>
      label !== 0 && gold.judged[(pairs.document[pair] as number) * pairs.labels.length + label] === 1,
  );
  return {
    p: Float64Array.from(judged, ({ p }) => p),
    right: Uint8Array.from(judged, ({ pair, label }) => (findsFact(gold, pair, label) ? 1 : 0)),
  };
}

/** 1 where all vectors have length 1; else the median squared distance to the nearest entry. */
function rbfScale(memories: readonly Memory[], voters: readonly Voters[]): number {
  if (memories.every(({ manifest }) => manifest.normalised)) return 1;
  return medianNearest(...voters);
}
