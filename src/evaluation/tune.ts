import type { LabelRule } from '../domain/labelling.js';
import type { MemoryUse, ScoringProfile } from '../domain/profile.js';
import type { Memory } from '../memory/ports.js';
import type { EvaluationSet } from './bench.js';
import { fitByLabel, type JudgedByLabel } from './calibration-by-label.js';
import { expectedCalibrationError, IDENTITY, type ReliabilityBin } from './calibration-fit.js';
import { confidenceOf } from '../domain/confidence.js';
import { encodePairs, type EvaluationContext } from './encode.js';
import { findsFact, type GoldIndex, indexGold } from './gold-index.js';
import { searchGreedily } from './greedy-search.js';
import { defaultGrid, type GridOutcome, LARGEST_K, searchGrid } from './grid.js';
import { overlapF1, scoreKnowledgeNet, type TextScore } from './knowledgenet-score.js';
import type { RankedSettings } from './leaderboard.js';
import { searchMixture } from './mixture-search.js';
import type { PairTable } from './pair-table.js';
import { type Passage, requireFacts } from './passages.js';
import { factsByDocument, rescore, type RescoredPair } from './rescored-facts.js';
import { medianNearest, searchVoters, type Voters } from './voters.js';

/** `full`: every setting. `greedy`: one of k, T with kernel, and λ after the other, until none finds more. */
export const SEARCHES = ['full', 'greedy'] as const;
export type Search = (typeof SEARCHES)[number];

export interface TuneOptions {
  readonly memories: readonly Memory[];
  readonly search: Search;
  /** Told what is being done and how far it is; may throw to stop. */
  readonly onStep?: ((step: 'search' | 'grid', done: number, total: number) => void) | undefined;
}

export interface TuneContext extends EvaluationContext, Omit<TuneOptions, 'search'> {}

export interface TuneResult {
  readonly profile: ScoringProfile;
  readonly report: TuneReport;
}

/** What one memory is best with when it votes alone. */
export interface MemoryTuning {
  readonly memory: string;
  readonly entries: number;
  readonly grid: GridOutcome;
}

export interface TuneReport {
  /** The split that the settings were chosen on. */
  readonly tunedOn: string;
  readonly search: Search;
  readonly passages: number;
  readonly pairs: number;
  /** Of the first memory, or of the classifier alone. */
  readonly grid: GridOutcome;
  readonly memories: readonly MemoryTuning[];
  /** F1 of the best mixture, where several memories vote. */
  readonly mixture: {
    readonly alphas: readonly number[];
    readonly f1: number;
    readonly tried: number;
  } | null;
  /** The tuned profile on the data it was tuned on. */
  readonly score: TextScore;
  readonly calibration: {
    /** Predictions whose predicate is judged in their passage. */
    readonly predictions: number;
    readonly errorBefore: number;
    /** One calibration for all predicates. */
    readonly errorOverall: number;
    /** Each predicate's own. */
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

/** Tunes on KnowledgeNet passages from raw text, under the full grid. */
export async function tuneOnKnowledgeNet(
  context: TuneContext,
  passages: readonly Passage[],
  base: ScoringProfile,
  tunedOn: string,
): Promise<TuneResult> {
  requireFacts(passages, tunedOn);
  const documents = passages.map(({ id, text }) => ({ externalId: id, text }));
  const pairs = await encodePairs(context, documents, base);
  const gold = indexGold(passages, pairs, 'overlap');
  const set: EvaluationSet = { name: tunedOn, mentions: 'detected', passages, pairs, gold };
  return tuneProfile(set, base, { ...context, search: 'full' });
}

/**
 * Finds the settings with the best F1 on annotated text: searches each memory once at the largest k, tries settings on
 * numbers alone, mixes several memories by α, and fits the calibration to what the best settings predict.
 *
 * @param base gives name, version and model of the profile that comes out
 */
export async function tuneProfile(
  set: EvaluationSet,
  base: ScoringProfile,
  { memories, search, onStep }: TuneOptions,
): Promise<TuneResult> {
  const { pairs, gold, passages } = set;
  const voters: Voters[] = [];
  for (const memory of memories) {
    voters.push(await searchVoters(pairs, memory, LARGEST_K));
    onStep?.('search', voters.length, memories.length);
  }
  const find = search === 'greedy' ? searchGreedily : searchGrid;
  const grids: GridOutcome[] = [];
  for (const [index, one] of (voters.length > 0 ? voters : [NOBODY]).entries()) {
    const scale = memories[index]?.manifest.normalised === false ? medianNearest(one) : 1;
    grids.push(
      await find(pairs, gold, [one], defaultGrid(scale), (done, total) =>
        onStep?.('grid', index * total + done, Math.max(1, voters.length) * total),
      ),
    );
  }
  const [first] = grids as [GridOutcome]; // there is one even without memories
  const mixture = memories.length > 1 ? mix(set, memories, voters, grids) : null;
  const chosen = mixture?.contender ?? bestAlone(first, set, voters, memories);
  const rescored = rescoredBy(chosen, pairs, voters);
  const judged = judgedPredictions(pairs, gold, rescored);
  const { calibration, calibrationByLabel } = fitByLabel(judged);
  const profile: ScoringProfile = {
    ...base,
    memories: chosen.uses.filter(({ alpha }) => alpha > 0),
    nilRatio: chosen.rule.nilRatio,
    minimumProbability: chosen.rule.minimumProbability,
    companionShare: chosen.rule.companionShare,
    calibration,
    calibrationByLabel,
    tunedOn: set.name,
  };
  return {
    profile,
    report: {
      tunedOn: set.name,
      search,
      passages: passages.length,
      pairs: pairs.count,
      grid: first,
      memories: memories.map((memory, index) => ({
        memory: memory.name,
        entries: memory.size,
        grid: grids[index] as GridOutcome,
      })),
      mixture: mixture && { alphas: mixture.alphas, f1: mixture.f1, tried: mixture.tried },
      score: scoreKnowledgeNet(passages, factsByDocument(pairs, rescored, passages.length)),
      calibration: calibrationReport(judged, profile),
    },
  };
}

/** A memory without entries: the grid of the classifier alone. */
const NOBODY: Voters = {
  k: 0,
  squaredDistances: new Float32Array(0),
  labels: new Uint16Array(0),
  entries: new Int32Array(0),
};

function calibrationReport(judged: JudgedByLabel, profile: ScoringProfile): TuneReport['calibration'] {
  const own = (p: number, index: number): number => confidenceOf(p, judged.labels[index] as string, profile);
  const after = expectedCalibrationError(judged, own);
  return {
    predictions: judged.p.length,
    errorBefore: expectedCalibrationError(judged, IDENTITY).error,
    errorOverall: expectedCalibrationError(judged, profile.calibration).error,
    errorAfter: after.error,
    bins: after.bins,
  };
}

/** Voters are stored with every piece of evidence and read by people: more of them only where they find more. */
const READABLE_K = 64;

/** Text F1 by which settings may trail the best and still count as equal: a fraction of its 95% interval. */
const EQUAL_F1 = 0.001;

interface Contender {
  readonly uses: readonly MemoryUse[];
  readonly rule: LabelRule & { readonly companionShare: number };
}

/**
 * The best of the grid's leading settings once a pair may hold several predicates; among equals one with
 * few enough neighbours to read, and of those the one that lets them weigh most: what a curator corrects counts by
 * its vote.
 */
function bestAlone(
  grid: GridOutcome,
  { pairs, passages }: EvaluationSet,
  voters: readonly Voters[],
  memories: readonly Memory[],
): Contender {
  const ranked = memories.length === 0 ? [grid.classifierOnly] : grid.both;
  const leading = ranked.map(({ settings }) => {
    const { nilRatio, minimumProbability, lambda, k } = settings;
    const rule = { nilRatio, minimumProbability, companionShare: COMPANION_SHARE };
    const uses = memories.map(({ name }) => useOf(name, 1 / memories.length, settings));
    const contender: Contender = { uses, rule };
    const facts = factsByDocument(pairs, rescoredBy(contender, pairs, voters), passages.length);
    const isReadable = Number(k <= READABLE_K);
    return { contender, isReadable, lambda, f1: overlapF1(passages, facts) };
  });
  const bestF1 = Math.max(...leading.map(({ f1 }) => f1));
  const [chosen] = leading
    .filter(({ f1 }) => f1 >= bestF1 - EQUAL_F1)
    .sort((a, b) => b.isReadable - a.isReadable || b.lambda - a.lambda || b.f1 - a.f1);
  return (chosen as (typeof leading)[number]).contender; // the best itself is among them
}

function mix(
  { pairs, gold }: EvaluationSet,
  memories: readonly Memory[],
  voters: readonly Voters[],
  grids: readonly GridOutcome[],
): {
  readonly contender: Contender;
  readonly alphas: readonly number[];
  readonly f1: number;
  readonly tried: number;
} {
  const settings = grids.map(({ both, classifierOnly }) => (both[0] ?? classifierOnly).settings);
  const outcome = searchMixture(
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

function rescoredBy(
  { uses, rule }: Contender,
  pairs: PairTable,
  voters: readonly Voters[],
): readonly RescoredPair[] {
  const parts = uses.map((use, index) => ({ use, voters: voters[index] as Voters }));
  return rescore(pairs, parts, rule);
}

function useOf(memory: string, alpha: number, settings: RankedSettings['settings']): MemoryUse {
  const { k, lambda, temperature, kernel } = settings;
  return { memory, alpha, k, lambda, temperature, kernel };
}

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
