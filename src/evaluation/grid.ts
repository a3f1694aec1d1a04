import { setImmediate } from 'node:timers/promises';
import { KERNELS, type Kernel } from '../domain/profile.js';
import type { GoldIndex } from './gold-index.js';
import { Leaderboard, type RankedSettings, type Settings } from './leaderboard.js';
import type { PairTable } from './pair-table.js';
import { bestLabels, type BestLabels, emptyBestLabels, labelOrder, type LabelOrder } from './rescoring.js';
import { countAtThresholds, type ThresholdGrid } from './thresholds.js';
import { addVotes, type Voters } from './voters.js';

/** What is tried: every combination. */
export interface Grid extends ThresholdGrid {
  readonly ks: readonly number[];
  /** Between 0 and 1, both left out: 0 and 1 are always tried. */
  readonly lambdas: readonly number[];
  readonly temperatures: Readonly<Record<Kernel, readonly number[]>>;
  /** What a NIL neighbour's vote may count; absent: as much as any. */
  readonly nilVotes?: readonly number[];
}

export const LARGEST_K = 256;

/** Powers of two up to the largest k, as the paper tries them. */
const KS = [2, 4, 8, 16, 32, 64, 128, LARGEST_K] as const;
/** λ from 0 to 1 by .1; 0 and 1 are always tried. */
const LAMBDAS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
/** .01 to .10 by .01, .2, .5, 1: what the method's authors try in their code. */
const AUTHORS_TEMPERATURES = [
  0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.2, 0.5, 1,
] as const;
/** From 0 to 1, as the paper says; at 0 the kernel has no value. */
const PAPER_TEMPERATURES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/** A pair has its most probable label, NIL among them: how the paper's tables are scored. */
const ARGMAX: ThresholdGrid = { nilRatios: [1], minimumProbabilities: [0] };

/**
 * Settings that research tables are tuned over: the authors' and the paper's grids under both kernels, and warmer
 * `rbf-variance` temperatures, where the votes come near to equal.
 * @param rbfScale what a nearest neighbour's squared distance usually is
 */
export function researchGrid(rbfScale: number): Grid {
  const both = [...new Set([...AUTHORS_TEMPERATURES, ...PAPER_TEMPERATURES])].sort((a, b) => a - b);
  return {
    ks: KS,
    lambdas: LAMBDAS,
    temperatures: {
      rbf: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2].map((temperature) => temperature * rbfScale),
      'rbf-variance': [...both, 3, 10, 30, 100],
    },
    ...ARGMAX,
  };
}

/** Few settings far apart: less to choose from, less to be misled by. */
export function coarseGrid(rbfScale: number, thresholds: ThresholdGrid = ARGMAX): Grid {
  return {
    ...thresholds,
    ks: [8, 64],
    lambdas: [0.3, 0.6],
    temperatures: { rbf: [0.1 * rbfScale, rbfScale], 'rbf-variance': [1, 10] },
  };
}

/** As much as any other vote first: where they do equally well, that is what is chosen. */
export const NIL_VOTES = [1, 0.5, 0.25] as const;

/** The same with votes of NIL neighbours that count less. */
export function coarseNilGrid(rbfScale: number, thresholds?: ThresholdGrid): Grid {
  return { ...coarseGrid(rbfScale, thresholds), nilVotes: NIL_VOTES };
}

/** Settings of the whole grid that are kept, best first. */
const LEADING_SETTINGS = 300;

/**
 * Temperatures of `rbf` are squared distances: of vectors of length 1 they lie between 0 and 4; otherwise they
 * are scaled by what a nearest neighbour's distance usually is.
 */
export function defaultGrid(rbfScale = 1): Grid {
  return {
    ks: KS,
    lambdas: LAMBDAS,
    temperatures: {
      rbf: [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.5, 1].map((temperature) => temperature * rbfScale),
      'rbf-variance': [0.3, 1, 3, 10, 30, 100],
    },
    nilRatios: [0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 4, 6, 8],
    minimumProbabilities: [0, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8],
  };
}

/** F1 of one vote and λ under the thresholds that suit it best: a point of the heat maps. */
export interface GridCell {
  readonly settings: Settings;
  readonly f1: number;
}

/** The best settings with the classifier alone, the neighbours alone, and over the whole grid. */
export interface GridOutcome {
  readonly settingsTried: number;
  readonly classifierOnly: RankedSettings;
  readonly neighboursOnly: RankedSettings;
  /** Best first; λ = 0 and 1 compete too. */
  readonly both: readonly RankedSettings[];
  /** Every vote with every λ but 0, in the order of the grid. */
  readonly cells: readonly GridCell[];
  /** F1 of folds under settings that are best on the other folds. */
  readonly heldOut: {
    readonly classifierOnly: number;
    readonly neighboursOnly: number;
    readonly both: number;
  };
}

/**
 * Tries every setting on pairs that were encoded and searched once. Gives the event loop a turn between votes.
 *
 * @param voters of each memory; the memories share the vote equally
 * @param onStep told how many of how many votes were tried
 */
export async function searchGrid(
  pairs: PairTable,
  gold: GoldIndex,
  voters: readonly Voters[],
  grid: Grid,
  onStep: (done: number, total: number) => void = () => undefined,
): Promise<GridOutcome> {
  const scoring = new GridScoring(pairs, gold, grid);
  const { boards } = scoring;
  const pKnn = new Float64Array(pairs.count * pairs.labels.length);
  const votes = voteSettings(grid);
  const [firstVote] = votes;
  if (firstVote !== undefined) scoring.score(pKnn, firstVote, 0, boards.classifierOnly);
  for (const [done, vote] of votes.entries()) {
    pKnn.fill(0);
    for (const one of voters) addVotes(one, vote, 1 / voters.length, pairs.labels.length, pKnn);
    for (const lambda of grid.lambdas) scoring.score(pKnn, vote, lambda);
    scoring.score(pKnn, vote, 1, boards.neighboursOnly);
    onStep(done + 1, votes.length);
    await setImmediate();
  }
  return scoring.outcome();
}

/** Scores one vote and λ after the other under all thresholds, and remembers the best. */
class GridScoring {
  readonly boards: Readonly<Record<'classifierOnly' | 'neighboursOnly' | 'both', Leaderboard>>;
  private readonly goldByFold: readonly number[];
  private readonly cells: GridCell[] = [];
  private readonly best: BestLabels;
  private readonly order: LabelOrder;

  constructor(
    private readonly pairs: PairTable,
    private readonly gold: GoldIndex,
    private readonly grid: ThresholdGrid,
  ) {
    const goldByFold = new Array<number>(gold.folds).fill(0);
    for (const fold of gold.foldOfFact) goldByFold[fold] = (goldByFold[fold] ?? 0) + 1;
    this.goldByFold = goldByFold;
    this.boards = {
      classifierOnly: new Leaderboard(goldByFold),
      neighboursOnly: new Leaderboard(goldByFold),
      both: new Leaderboard(goldByFold, LEADING_SETTINGS),
    };
    this.best = emptyBestLabels(pairs.count);
    this.order = labelOrder(pairs);
  }

  /** @param alone a board beside that of all settings */
  score(pKnn: Float64Array, vote: VoteSettings, lambda: number, alone?: Leaderboard): void {
    bestLabels(this.pairs, this.order, pKnn, lambda, this.best);
    const own = new Leaderboard(this.goldByFold, 1);
    countAtThresholds(this.pairs, this.gold, this.best, this.grid, (nilRatio, minimumProbability, counts) => {
      const settings = (): Settings => ({ ...vote, lambda, nilRatio, minimumProbability });
      this.boards.both.offer(settings, counts);
      alone?.offer(settings, counts);
      own.offer(settings, counts);
    });
    const [first] = own.best();
    if (lambda > 0 && first) this.cells.push({ settings: first.settings, f1: first.f1 });
  }

  outcome(): GridOutcome {
    const { classifierOnly, neighboursOnly, both } = this.boards;
    return {
      settingsTried: both.settingsTried,
      classifierOnly: firstOf(classifierOnly),
      neighboursOnly: firstOf(neighboursOnly),
      both: both.best(),
      cells: this.cells,
      heldOut: {
        classifierOnly: classifierOnly.heldOutF1(),
        neighboursOnly: neighboursOnly.heldOutF1(),
        both: both.heldOutF1(),
      },
    };
  }
}

export type VoteSettings = Pick<Settings, 'k' | 'temperature' | 'kernel' | 'nilVote'>;

function voteSettings({ ks, temperatures, nilVotes = [1] }: Grid): VoteSettings[] {
  return nilVotes.flatMap((nilVote) =>
    KERNELS.flatMap((kernel) =>
      temperatures[kernel].flatMap((temperature) => ks.map((k) => ({ k, temperature, kernel, nilVote }))),
    ),
  );
}

function firstOf(board: Leaderboard): RankedSettings {
  const [first] = board.best();
  if (first === undefined) throw new RangeError('a grid without settings has no best');
  return first;
}
