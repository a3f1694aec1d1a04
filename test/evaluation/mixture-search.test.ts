import { describe, expect, it } from 'vitest';
import { indexGold } from '../../src/evaluation/gold-index.js';
import { searchGreedily } from '../../src/evaluation/greedy-search.js';
import { type Grid, searchGrid } from '../../src/evaluation/grid.js';
import { textF1 } from '../../src/evaluation/fact-score.js';
import { searchMixture, simplex } from '../../src/evaluation/mixture-search.js';
import { factsByDocument, rescore } from '../../src/evaluation/rescored-facts.js';
import { mergeVoters } from '../../src/evaluation/voters.js';
import { randomWorld } from './builders.js';

const THRESHOLDS = { nilRatios: [0.5, 1], minimumProbabilities: [0, 0.3] };
const GRID: Grid = {
  ...THRESHOLDS,
  ks: [2, 4, 8],
  lambdas: [0.25, 0.5, 0.75],
  temperatures: { rbf: [0.1, 0.5], 'rbf-variance': [1] },
};
const SETTINGS = { k: 8, lambda: 0.5, temperature: 0.3, kernel: 'rbf' } as const;

describe('shares of memories', () => {
  it.each([2, 3, 4])('of %i on the simplex sum to 1 and hold every corner', (memories) => {
    const all = simplex(memories, 0.25);
    for (const alphas of all) expect(alphas.reduce((sum, alpha) => sum + alpha, 0)).toBeCloseTo(1, 12);
    expect(all.filter((alphas) => alphas.includes(1))).toHaveLength(memories);
    expect(new Set(all.map(String)).size).toBe(all.length);
  });

  it.each([2, 3, 5])('of %i memories reach what the run time then reaches with them', async (count) => {
    const world = randomWorld(11, 20, 12, 8);
    const others = Array.from({ length: count }, (_, seed) => randomWorld(20 + seed, 20, 12, 8).voters);
    const gold = indexGold(world.passages, world.pairs, 'overlap');
    const memories = others.map((voters) => ({ voters, settings: SETTINGS }));
    const found = await searchMixture(world.pairs, gold, memories, THRESHOLDS);
    expect(found.alphas.reduce((sum, alpha) => sum + alpha, 0)).toBeCloseTo(1, 9);
    const uses = others.map((voters, index) => ({
      voters,
      use: { ...SETTINGS, memory: String(index), alpha: found.alphas[index]! },
    }));
    const facts = factsByDocument(world.pairs, rescore(world.pairs, uses, found), world.passages.length);
    expect(textF1(world.passages, facts, 'overlap')).toBeCloseTo(found.f1, 9);
    const single = await searchMixture(world.pairs, gold, memories.slice(0, 1), THRESHOLDS);
    if (count <= 3) expect(found.f1).toBeGreaterThanOrEqual(single.f1);
  });
});

describe('the greedy search', () => {
  it('ends at settings of the grid that are no worse than the classifier, and never beats the full grid', async () => {
    for (const seed of [1, 2, 3]) {
      const { pairs, passages, voters } = randomWorld(seed, 15, 10, 8);
      const gold = indexGold(passages, pairs, 'overlap');
      const full = await searchGrid(pairs, gold, [voters], GRID);
      const greedy = await searchGreedily(pairs, gold, [voters], GRID);
      expect(greedy.both[0]!.f1).toBeLessThanOrEqual(full.both[0]!.f1);
      expect(greedy.both[0]!.f1).toBeGreaterThanOrEqual(full.classifierOnly.f1);
    }
  });
});

describe('two memories searched apart', () => {
  it('merge into the neighbours of both by distance', () => {
    const [one, other] = [randomWorld(1, 3, 4, 5).voters, randomWorld(2, 3, 4, 7).voters];
    const merged = mergeVoters(one, other, 12, 1000);
    expect(merged.k).toBe(12);
    for (let pair = 0; pair < 12; pair++) {
      const distances = [...merged.squaredDistances.subarray(pair * 12, (pair + 1) * 12)];
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
      const fromSecond = merged.entries.subarray(pair * 12, (pair + 1) * 12).filter((entry) => entry >= 1000);
      expect(fromSecond).toHaveLength(7);
    }
  });
});
