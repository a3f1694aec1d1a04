import { describe, expect, it } from 'vitest';
import { type Score, scoreOf } from '../../src/evaluation/f1.js';
import { indexGold } from '../../src/evaluation/gold-index.js';
import { type Grid, searchGrid } from '../../src/evaluation/grid.js';
import { scoreKnowledgeNet } from '../../src/evaluation/knowledgenet-score.js';
import type { Settings } from '../../src/evaluation/leaderboard.js';
import { factsByDocument, rescore } from '../../src/evaluation/rescored-facts.js';
import { randomWorld, type World } from './builders.js';

const SMALL_GRID: Grid = {
  ks: [2, 8],
  lambdas: [0.3, 0.7],
  temperatures: { rbf: [0.1, 0.5], 'rbf-variance': [1] },
  nilRatios: [0.5, 1, 2],
  minimumProbabilities: [0, 0.3, 0.5],
};

describe('the search over settings', () => {
  it.each([1, 2, 3])(
    'reports of its best settings what the scorer finds with the rules of the run time (%i)',
    async (seed) => {
      const world = randomWorld(seed, 40, 20, 8);
      const gold = indexGold(world.passages, world.pairs, 'overlap');
      const outcome = await searchGrid(world.pairs, gold, [world.voters], SMALL_GRID);
      for (const row of [...outcome.both, outcome.classifierOnly, outcome.neighboursOnly])
        expect(scoreOf(row.counts)).toEqual(scoreBySlowPath(world, row.settings));
    },
  );

  it('tries every combination and misses no better one', async () => {
    const world = randomWorld(4, 30, 15, 8);
    const gold = indexGold(world.passages, world.pairs, 'overlap');
    const nilVotes = [1, 0.25];
    const outcome = await searchGrid(world.pairs, gold, [world.voters], { ...SMALL_GRID, nilVotes });
    let best = 0;
    let tried = 0;
    const votes = (['rbf', 'rbf-variance'] as const).flatMap((kernel) =>
      SMALL_GRID.temperatures[kernel].flatMap((temperature) =>
        SMALL_GRID.ks.flatMap((k) => nilVotes.map((nilVote) => ({ kernel, temperature, k, nilVote }))),
      ),
    );
    for (const vote of votes)
      for (const lambda of [0, ...SMALL_GRID.lambdas, 1])
        for (const nilRatio of SMALL_GRID.nilRatios)
          for (const minimumProbability of SMALL_GRID.minimumProbabilities) {
            tried += lambda > 0 ? 1 : 0;
            best = Math.max(
              best,
              scoreBySlowPath(world, { ...vote, lambda, nilRatio, minimumProbability }).f1,
            );
          }
    expect(outcome.both[0]?.f1).toBeCloseTo(best, 12);
    expect(outcome.settingsTried).toBe(tried + 9);
  });

  it('never finds both worse than one alone', async () => {
    const world = randomWorld(5, 30, 15, 8);
    const gold = indexGold(world.passages, world.pairs, 'overlap');
    const { both, classifierOnly, neighboursOnly } = await searchGrid(
      world.pairs,
      gold,
      [world.voters],
      SMALL_GRID,
    );
    expect(both[0]?.f1).toBeGreaterThanOrEqual(Math.max(classifierOnly.f1, neighboursOnly.f1));
  });
});

function scoreBySlowPath({ pairs, voters, passages }: World, settings: Settings): Score {
  const { k, lambda, temperature, kernel } = settings;
  const use = { memory: 'general', alpha: 1, k, lambda, temperature, kernel };
  const rescored = rescore(pairs, [{ use, voters }], settings);
  return scoreKnowledgeNet(passages, factsByDocument(pairs, rescored, passages.length)).overlap;
}
