import { KERNELS } from '../domain/profile.js';
import type { GoldIndex } from './gold-index.js';
import { type Grid, type GridCell, type GridOutcome, searchGrid } from './grid.js';
import type { MemorySettings, Settings } from './leaderboard.js';
import type { PairTable } from './pair-table.js';
import type { Voters } from './voters.js';

/** More rounds than any search was seen to need. */
const MOST_ROUNDS = 5;

/**
 * The paper's search: from middling settings on, the best k, then the best T and kernel, then the best λ, then the best
 * vote of NIL neighbours where the grid has several, each with the others held, until a round finds no more. Tries some tens of settings where the full grid tries thousands.
 */
export async function searchGreedily(
  pairs: PairTable,
  gold: GoldIndex,
  voters: readonly Voters[],
  grid: Grid,
  onStep: (done: number, total: number) => void = () => undefined,
): Promise<GridOutcome> {
  let held = middleOf(grid);
  const cells = new Map<string, GridCell>();
  let best: GridOutcome | null = null;
  let tried = 0;
  for (let round = 0, improved = true; improved && round < MOST_ROUNDS; round++) {
    improved = false;
    for (const [step, narrowed] of COORDINATES.entries()) {
      const outcome = await searchGrid(pairs, gold, voters, narrowed(grid, held));
      tried += outcome.settingsTried;
      for (const cell of outcome.cells) cells.set(keyOf(cell.settings), cell);
      const [top] = outcome.both;
      if (top && top.f1 > (best?.both[0]?.f1 ?? -1)) {
        best = outcome;
        improved = true;
        // λ 0 leaves the neighbours out: k, T and kernel of such settings mean nothing.
        if (top.settings.lambda > 0) held = top.settings;
      }
      onStep(round * COORDINATES.length + step + 1, MOST_ROUNDS * COORDINATES.length);
    }
  }
  onStep(MOST_ROUNDS * COORDINATES.length, MOST_ROUNDS * COORDINATES.length);
  if (!best) throw new RangeError(`a grid of ${KERNELS.join(' or ')} without settings has no best`);
  return { ...best, settingsTried: tried, cells: [...cells.values()] };
}

function middleOf({ ks, lambdas, temperatures }: Grid): MemorySettings {
  const middle = <Value>(values: readonly Value[]): Value | undefined => values[values.length >> 1];
  return {
    k: middle(ks) ?? 16,
    lambda: middle(lambdas) ?? 0.5,
    temperature: middle(temperatures.rbf) ?? 0.1,
    kernel: 'rbf',
    nilVote: 1,
  };
}

/** The settings that are held, and nothing else to try. */
function heldAlone(grid: Grid, { k, lambda, temperature, kernel, nilVote = 1 }: MemorySettings): Grid {
  return {
    ...grid,
    ks: [k],
    lambdas: lambda > 0 && lambda < 1 ? [lambda] : [],
    temperatures: {
      rbf: kernel === 'rbf' ? [temperature] : [],
      'rbf-variance': kernel === 'rbf-variance' ? [temperature] : [],
    },
    nilVotes: [nilVote],
  };
}

/** What is tried while the others are held, in turn: k, then T and kernel, then λ, then the vote of NIL. */
const COORDINATES: readonly ((grid: Grid, held: MemorySettings) => Grid)[] = [
  (grid, held) => ({ ...heldAlone(grid, held), ks: grid.ks }),
  (grid, held) => ({ ...heldAlone(grid, held), temperatures: grid.temperatures }),
  (grid, held) => ({ ...heldAlone(grid, held), lambdas: grid.lambdas }),
  (grid, held) => ({ ...heldAlone(grid, held), nilVotes: grid.nilVotes ?? [1] }),
];

function keyOf({ k, lambda, temperature, kernel, nilVote }: Settings): string {
  return `${k} ${lambda} ${temperature} ${kernel} ${nilVote}`;
}
