import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../src/domain/profile.js';
import { escapeText, heatMap, lineChart } from '../../src/evaluation/charts.js';
import { compareSystems } from '../../src/evaluation/comparison.js';
import { comparisonTables } from '../../src/evaluation/comparison-tables.js';
import { scoreByBand, scoreFacts } from '../../src/evaluation/fact-score.js';
import { indexGold } from '../../src/evaluation/gold-index.js';
import { evaluationPage, heatMaps } from '../../src/evaluation/report-page.js';
import { compareScorings, spreadOf } from '../../src/evaluation/significance.js';
import type { Memory } from '../../src/memory/ports.js';
import { randomWorld } from './builders.js';

const WORLD = randomWorld(8, 30, 12, 6);
const SET = {
  name: 'dev',
  mentions: 'detected' as const,
  passages: WORLD.passages,
  pairs: WORLD.pairs,
  gold: indexGold(WORLD.passages, WORLD.pairs, 'overlap'),
};

/** The world's votes as a memory would give them. */
const MEMORY = {
  name: 'general',
  version: '1',
  size: 100,
  manifest: { countsByLabel: { NIL: 60, P19: 5, P108: 300 }, normalised: true },
  entry: (index: number) => ({
    id: `e${index}`,
    text: 'A <b>sentence</b> & more',
    subject: { start: 0, end: 1, type: 'PER' },
    object: { start: 2, end: 5, type: 'LOC' },
    label: ['NIL', 'P19', 'P26', 'P108'][index % 4]!,
    origin: 'test',
  }),
  search: (_: Float32Array, count: number, k: number) =>
    Promise.resolve({
      k,
      indices: Int32Array.from({ length: count * k }, (_, at) => (at * 7) % 100),
      squaredDistances: Float32Array.from({ length: count * k }, (_, at) => (at % k) / 10),
    }),
} as unknown as Memory;

const PROFILE = parseProfile({
  name: 'p',
  version: 1,
  model: 'm@1',
  memories: [{ memory: 'general', alpha: 1, k: 6, lambda: 0.5, temperature: 0.3, kernel: 'rbf' }],
  nilRatio: 0.5,
  minimumProbability: 0,
  calibration: { slope: 1, intercept: 0 },
});

describe('a profile beside its parts', () => {
  it('has rows of classifier, neighbours and both, gains over the first, and relations by support', async () => {
    const report = await compareSystems(SET, PROFILE, [MEMORY]);
    expect(report.systems.map(({ system }) => system)).toEqual([
      'classifier (λ = 0)',
      'neighbours only (λ = 1)',
      'both (the profile)',
    ]);
    const [classifier, , both] = report.systems;
    expect(classifier!.gain).toBeNull();
    expect(both!.gain!.gain).toBeCloseTo(both!.micro.f1 - classifier!.micro.f1, 12);
    expect(report.relations.map(({ label, support }) => [label, support])).toEqual(
      [...report.relations]
        .sort((a, b) => a.support - b.support)
        .map(({ label, support }) => [label, support]),
    );
    for (const { confidence, gold, predicted } of report.worst) {
      expect(gold).not.toContain(predicted);
      expect(confidence).toBeLessThanOrEqual(report.worst[0]!.confidence);
    }
    expect(report.worst[0]!.neighbours[0]!.memory).toBe('general');
    for (const { gold, predicted } of report.confusions) expect(gold).not.toBe(predicted);
  });

  it('is one page that loads nothing and escapes what others wrote', async () => {
    const report = await compareSystems(SET, PROFILE, [MEMORY]);
    const page = evaluationPage(
      report,
      comparisonTables(report, (label) => label),
    );
    expect(page).toContain('<svg');
    expect(page).toContain('A &#60;b&#62;sentence');
    expect(page).not.toContain('<b>sentence</b>');
    expect(page).not.toMatch(/(src|href)=|@import|url\(/);
  });
});

describe('the paired test', () => {
  const unit = (found: number, missed: number, spurious: number) => ({ found, missed, spurious });
  const weak = Array.from({ length: 60 }, (_, i) => unit(i % 3, 2, 1));

  it('finds no difference between a scoring and itself', () => {
    const same = compareScorings(weak, weak)!;
    expect(same.gain).toBe(0);
    expect(same.pValue).toBe(1);
    expect(same.interval).toEqual({ low: 0, high: 0 });
  });

  it('is sure of a gain in every document', () => {
    const strong = weak.map(({ found, missed }) => unit(found + missed, 0, 0));
    const gain = compareScorings(weak, strong)!;
    expect(gain.interval.low).toBeGreaterThan(0);
    expect(gain.pValue).toBeLessThan(0.01);
  });

  it('refuses documents that cannot be paired', () => {
    expect(() => compareScorings(weak, weak.slice(1))).toThrow(RangeError);
  });
});

describe('the spread over seeds', () => {
  it("is Student's", () => {
    const { mean, sd, interval } = spreadOf([1, 2, 3]);
    expect([mean, sd]).toEqual([2, 1]);
    expect(interval!.high - mean).toBeCloseTo(4.303 / Math.sqrt(3), 3);
    expect(spreadOf([5]).interval).toBeNull();
  });
});

describe('bands of support', () => {
  it('hold every label with gold once, and add up to the micro score', () => {
    const score = scoreFacts(SET.passages, [], 'overlap');
    const bands = scoreByBand(
      score,
      new Map([
        ['P19', 5],
        ['P108', 300],
      ]),
    );
    expect(bands.reduce((sum, { score: own }) => sum + own.missed, 0)).toBe(score.micro.missed);
    expect(bands.map(({ from, to }) => [from, to])).toEqual([
      [1, 9],
      [200, 999],
    ]);
  });
});

describe('charts', () => {
  it('draw what they are given, and nothing for nothing', () => {
    const svg = lineChart({
      title: 'T',
      x: 'x',
      y: 'y',
      series: [
        {
          name: 'a',
          points: [
            [1, 2],
            [2, 3],
          ],
        },
      ],
    });
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(lineChart({ title: 'T', x: 'x', y: 'y', series: [] })).toContain('<svg');
    expect(heatMap({ title: 'T', x: 'x', y: 'y', columns: ['a'], rows: ['b'], values: [[null]] })).toContain(
      '#eee',
    );
    expect(escapeText('<"&\'>')).toBe('&#60;&#34;&#38;&#39;&#62;');
  });

  it('show of a grid the best of what is not on their axes', () => {
    const settings = {
      k: 2,
      lambda: 0.5,
      kernel: 'rbf',
      nilVote: 1,
      nilRatio: 1,
      minimumProbability: 0,
    } as const;
    const cells = [0.1, 0.2].map((temperature, index) => ({
      settings: { ...settings, temperature },
      f1: 0.4 + index / 10,
    }));
    const [byK, byT] = heatMaps('general', cells);
    expect(byK).toContain('>50.0<');
    expect(byK).not.toContain('>40.0<');
    expect(byT).toContain('>40.0<');
  });
});
