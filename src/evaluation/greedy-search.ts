import { KERNELS } from '../domain/profile.js';
import type { GoldIndex } from './gold-index.js';
import { type Grid, type GridCell, type GridOutcome, searchGrid } from './grid.js';
import type { MemorySettings, Settings } from './leaderboard.js';
import type { PairTable } from './pair-table.js';
import type { Voters } from './voters.js';

/** More rounds than any search was seen to need. */
const MOST_ROUNDS = 5;

/**
 * The paper's search: from middling settings on, the best k, then the best T and kernel, then the best λ, each with the
 * others held, until a round finds no more. Tries some tens of settings where the full grid tries thousands.
 */
export async function searchGreedily(
  pairs: PairTable,
  gold: GoldIndex,
  voters: readonly Voters[],
  grid: Grid,
  onStep: (done: number, total: number) => void = () => undefined,
): Promise<GridOutcome> {
  const middle = <Value>(values: readonly Value[]): Value | undefined => values[values.length >> 1];
  let held: MemorySettings = {
    k: middle(grid.ks) ?? 16,
    lambda: middle(grid.lambdas) ?? 0.5,
    temperature: middle(grid.temperatures.rbf) ?? 0.1,
    kernel: 'rbf',
  };
  const only = (): Grid => ({
    ...grid,
    ks: [held.k],
    lambdas: held.lambda > 0 && held.lambda < 1 ? [held.lambda] : [],
    temperatures: {
      rbf: held.kernel === 'rbf' ? [held.temperature] : [],
      'rbf-variance': held.kernel === 'rbf-variance' ? [held.temperature] : [],
    },
  });
  const coordinates: readonly (() => Grid)[] = [
    () => ({ ...only(), ks: grid.ks }),
    () => ({ ...only(), temperatures: grid.temperatures }),
    () => ({ ...only(), lambdas: grid.lambdas }),
  ];
  const cells = new Map<string, GridCell>();
  let best: GridOutcome | null = null;
  let tried = 0;
  for (let round = 0, improved = true; improved && round < MOST_ROUNDS; round++) {
    improved = false;
    for (const [step, narrowed] of coordinates.entries()) {
      const outcome = await searchGrid(pairs, gold, voters, narrowed());
      tried += outcome.settingsTried;
      for (const cell of outcome.cells) cells.set(keyOf(cell.settings), cell);
      const [top] = outcome.both;
      if (top && top.f1 > (best?.both[0]?.f1 ?? -1)) {
        best = outcome;
        improved = true;
        // λ 0 leaves the neighbours out: k, T and kernel of such settings mean nothing.
        if (top.settings.lambda > 0) held = top.settings;
      }
      onStep(round * coordinates.length + step + 1, MOST_ROUNDS * coordinates.length);
    }
  }
  onStep(MOST_ROUNDS * coordinates.length, MOST_ROUNDS * coordinates.length);
  if (!best) throw new RangeError(`a grid of ${KERNELS.join(' or ')} without settings has no best`);
  return { ...best, settingsTried: tried, cells: [...cells.values()] };
}

function keyOf({ k, lambda, temperature, kernel }: Settings): string {
  return `${k} ${lambda} ${temperature} ${kernel}`;
}
