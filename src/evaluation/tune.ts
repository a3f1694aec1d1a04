import type { ScoringProfile } from '../domain/profile.js';
import type { Memory } from '../memory/ports.js';
import type { EvaluationSet } from './bench.js';
import { fitByLabel, type JudgedByLabel } from './calibration-by-label.js';
import { expectedCalibrationError, IDENTITY, type ReliabilityBin } from './calibration-fit.js';
import { confidenceOf } from '../domain/confidence.js';
import { bestAlone, bestMixture, rescoredBy } from './contender.js';
import { searchGreedily } from './greedy-search.js';
import {
  coarseNilGrid,
  defaultGrid,
  type Grid,
  type GridOutcome,
  LARGEST_K,
  NIL_VOTES,
  searchGrid,
} from './grid.js';
import { judgedPredictions } from './judged-predictions.js';
import { scoreKnowledgeNet, type TextScore } from './knowledgenet-score.js';
import { factsByDocument } from './rescored-facts.js';
import type { SpanMatch } from './text-f1.js';
import { medianNearest, searchVoters, type Voters } from './voters.js';

/**
 * `full`: every setting. `greedy`: one of k, T with kernel, and λ after the other, until none finds more. `coarse`: a
 * few settings far apart, which a small split misleads less.
 */
export const SEARCHES = ['full', 'greedy', 'coarse'] as const;
export type Search = (typeof SEARCHES)[number];

export interface TuneOptions {
  readonly memories: readonly Memory[];
  readonly search: Search;
  /** Told what is being done and how far it is; may throw to stop. */
  readonly onStep?: ((step: 'search' | 'grid', done: number, total: number) => void) | undefined;
}

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
  /** How spans were matched when settings were chosen: one of the two of `score`. */
  readonly match: SpanMatch;
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
 * Finds the settings with the best F1 on annotated text: searches each memory once at the largest k, tries settings on
 * numbers alone, mixes several memories by α, and fits the calibration to what the best settings predict.
 *
 * @param base gives name, version and model of the profile that comes out
 */
export async function tuneProfile(
  set: EvaluationSet,
  base: ScoringProfile,
  options: TuneOptions,
): Promise<TuneResult> {
  const { pairs, gold, passages } = set;
  const { memories, search } = options;
  const { voters, grids } = await searchSettings(set, options);
  const [first] = grids as [GridOutcome]; // there is one even without memories
  const mixture = memories.length > 1 ? await bestMixture(set, memories, voters, grids) : null;
  const chosen = mixture?.contender ?? (await bestAlone(first, set, voters, memories));
  const rescored = rescoredBy(chosen, pairs, voters);
  const judged = judgedPredictions(pairs, gold, rescored);
  const { nilRatio, minimumProbability, companionShare } = chosen.rule;
  const { calibration, calibrationByLabel } = fitByLabel(judged);
  const profile: ScoringProfile = {
    ...base,
    memories: chosen.uses.filter(({ alpha }) => alpha > 0),
    nilRatio,
    minimumProbability,
    companionShare,
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
      match: gold.match,
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

/** The neighbours of every pair in each memory, and what each is best with alone; without memories one grid all the same. */
async function searchSettings(
  { pairs, gold }: EvaluationSet,
  { memories, search, onStep }: TuneOptions,
): Promise<{ readonly voters: readonly Voters[]; readonly grids: readonly GridOutcome[] }> {
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
      await find(pairs, gold, [one], gridOf(search, scale), (done, total) =>
        onStep?.('grid', index * total + done, Math.max(1, voters.length) * total),
      ),
    );
  }
  return { voters, grids };
}

/** The full search keeps to what the paper tries; to try votes of NIL, too, would take it three times as long. */
function gridOf(search: TuneOptions['search'], scale: number): Grid {
  const all = defaultGrid(scale);
  if (search === 'coarse') return coarseNilGrid(scale, all);
  return search === 'greedy' ? { ...all, nilVotes: NIL_VOTES } : all;
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
