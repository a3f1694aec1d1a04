import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateConfidence, calibrate } from '../../src/domain/confidence.js';
import { neighbourWeights, voteDistribution, weighNil } from '../../src/domain/kernel.js';
import { chooseLabel, companionLabels } from '../../src/domain/labelling.js';
import { argmax, mixDistributions, softmax } from '../../src/domain/mixture.js';
import { KERNELS } from '../../src/domain/profile.js';

const distances = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 64 });
const temperature = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const kernel = fc.constantFrom(...KERNELS);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

function distribution(size: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: size, maxLength: size })
    .map((values) => values.map((value) => value / sum(values)));
}

describe('weights of neighbours', () => {
  it('sum to 1 and never grow with the distance, for any distances', () => {
    fc.assert(
      fc.property(distances, temperature, kernel, (d, t, k) => {
        const weights = neighbourWeights(d, t, k);
        expect(sum(weights)).toBeCloseTo(1, 9);
        for (let i = 0; i < d.length; i++)
          for (let j = 0; j < d.length; j++)
            if (d[i]! <= d[j]!) expect(weights[i]!).toBeGreaterThanOrEqual(weights[j]!);
      }),
    );
  });

  it('do not change when all distances grow alike', () => {
    const d = [0.1, 0.4, 0.2];
    const shifted = d.map((value) => value + 1000);
    for (const k of KERNELS)
      neighbourWeights(shifted, 0.5, k).forEach((weight, i) =>
        expect(weight).toBeCloseTo(neighbourWeights(d, 0.5, k)[i]!, 9),
      );
  });

  it('follow softmax(-d / T) under rbf', () => {
    const weights = neighbourWeights([0, Math.LN2], 1, 'rbf');
    expect(weights[0]).toBeCloseTo(2 / 3, 12);
  });

  it('follow softmax(-d / 2T var) under rbf-variance, and are equal where the variance is zero', () => {
    // Distances 0 and 2: population variance 1, so τ = 2 T.
    const weights = neighbourWeights([0, 2], 0.5, 'rbf-variance');
    expect(weights[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect([...neighbourWeights([3, 3, 3, 3], 0.5, 'rbf-variance')]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('survive distances that would underflow', () => {
    expect([...neighbourWeights([1e6, 1e6 + 1e5], 1e-3, 'rbf')]).toEqual([1, 0]);
  });

  it('count what each vote counts, and sum to 1 for any votes', () => {
    // Equal distances: 1, 1/4 and 1/4 of 1.5.
    const equal = neighbourWeights([3, 3, 3], 0.5, 'rbf-variance');
    weighNil(equal, [1, 0, 0], 0.25).forEach((weight, i) =>
      expect(weight * 6).toBeCloseTo([4, 1, 1][i]!, 12),
    );
    const nilVote = fc.double({ min: 1e-3, max: 1, noNaN: true });
    fc.assert(
      fc.property(distances, temperature, kernel, nilVote, (d, t, k, vote) => {
        const labels = d.map((_, place) => place % 2);
        const votes = labels.map((label) => (label === 0 ? vote : 1));
        const plain = neighbourWeights(d, t, k);
        const weighed = weighNil(plain.slice(), labels, vote);
        expect(sum(weighed)).toBeCloseTo(1, 9);
        const total = sum(plain.map((weight, place) => weight * votes[place]!));
        weighed.forEach((weight, place) =>
          expect(weight).toBeCloseTo((plain[place]! * votes[place]!) / total, 9),
        );
      }),
    );
  });

  it('are those of the method where NIL counts as much as any, and where there is no NIL', () => {
    const d = [0.1, 0.4, 0.2];
    const plain = neighbourWeights(d, 0.5, 'rbf');
    expect(weighNil(plain.slice(), [0, 3, 0], 1)).toEqual(plain);
    expect(weighNil(plain.slice(), [0, 3, 0])).toEqual(plain);
    weighNil(plain.slice(), [1, 2, 1], 0.5).forEach((weight, i) => expect(weight).toBeCloseTo(plain[i]!, 12));
  });

  it('of nobody are empty', () => {
    expect(neighbourWeights([], 1, 'rbf-variance')).toHaveLength(0);
  });

  it('add up by label to a distribution', () => {
    expect([...voteDistribution([0.5, 0.25, 0.25], [2, 0, 2], 4)]).toEqual([0.25, 0, 0.75, 0]);
  });
});

describe('the mixture', () => {
  it('without memories is the classifier', () => {
    expect([...mixDistributions([0.3, 0.7], [])]).toEqual([0.3, 0.7]);
  });

  it('weighs memories by α and neighbours by λ', () => {
    const mixed = mixDistributions(
      [1, 0],
      [
        { alpha: 0.25, lambda: 1, pKnn: [0, 1] },
        { alpha: 0.75, lambda: 0.5, pKnn: [0, 1] },
      ],
    );
    expect([...mixed]).toEqual([0.375, 0.625]);
  });

  it('of distributions is a distribution, between the smallest and the largest of them', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        distribution(5),
        distribution(5),
        distribution(5),
        share,
        share,
        share,
        (pRe, a, b, x, y, z) => {
          const mixed = mixDistributions(pRe, [
            { alpha: x, lambda: y, pKnn: a },
            { alpha: 1 - x, lambda: z, pKnn: b },
          ]);
          expect(sum(mixed)).toBeCloseTo(1, 9);
          mixed.forEach((p, i) => {
            expect(p).toBeGreaterThanOrEqual(Math.min(pRe[i]!, a[i]!, b[i]!) - 1e-12);
            expect(p).toBeLessThanOrEqual(Math.max(pRe[i]!, a[i]!, b[i]!) + 1e-12);
          });
        },
      ),
    );
  });

  it('takes softmax of logits of any size without overflow', () => {
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
    expect([...softmax([7, 0, 0, 9], 1, 2)]).toEqual([0.5, 0.5]);
  });

  it('breaks ties of argmax towards the lowest index', () => {
    expect(argmax([1, 3, 3])).toBe(1);
    expect(argmax([])).toBe(-1);
  });
});

describe('the label', () => {
  const rule = { nilRatio: 1, minimumProbability: 0 };

  it('is the most probable permitted predicate that beats NIL', () => {
    expect(chooseLabel([0.2, 0.5, 0.3], [1, 2], rule)).toBe(1);
    expect(chooseLabel([0.2, 0.5, 0.3], [2], rule)).toBe(2);
    expect(chooseLabel([0.4, 0.3, 0.3], [1, 2], rule)).toBe(0);
  });

  it('is NIL where nothing is permitted, and on a tie with NIL', () => {
    expect(chooseLabel([0, 1], [], rule)).toBe(0);
    expect(chooseLabel([0.5, 0.5], [1], rule)).toBe(0);
  });

  it('on a tie of predicates is the lowest index, whatever their order', () => {
    expect(chooseLabel([0, 0.5, 0.5], [2, 1], rule)).toBe(1);
  });

  it('needs nilRatio times the probability of NIL and the minimum', () => {
    expect(chooseLabel([0.3, 0.5, 0.2], [1], { nilRatio: 2, minimumProbability: 0 })).toBe(0);
    expect(chooseLabel([0.3, 0.5, 0.2], [1], { nilRatio: 0.5, minimumProbability: 0.6 })).toBe(0);
    expect(chooseLabel([0.3, 0.5, 0.2], [1], { nilRatio: 0.5, minimumProbability: 0.5 })).toBe(1);
  });
});

describe('confidence', () => {
  it('is p under the neutral calibration and grows with p under any rising one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
        expect(calibrate(p, { slope: 1, intercept: 0 })).toBeCloseTo(p, 9);
        expect(calibrate(p, { slope: 2, intercept: -1 })).toBeLessThan(
          calibrate(Math.min(1, p + 0.01), { slope: 2, intercept: -1 }),
        );
      }),
    );
  });

  it('is never 0 or 1', () => {
    for (const p of [0, 1]) {
      const confidence = calibrate(p, { slope: 1, intercept: 0 });
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThan(1);
    }
  });

  it('of a triple takes the best of each sentence and does not depend on the order of its evidence', () => {
    const piece = fc.record({
      sentenceId: fc.constantFrom('a', 'b', 'c', 'd'),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(piece), fc.infiniteStream(fc.nat()), (pieces, order) => {
        const total = aggregateConfidence(pieces);
        const shuffled = pieces
          .map((one) => ({ one, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(aggregateConfidence(shuffled)).toBe(total);
        expect(total).toBeGreaterThanOrEqual(
          Math.max(0, ...pieces.map(({ confidence }) => confidence)) - 1e-12,
        );
        expect(total).toBeLessThanOrEqual(1);
      }),
    );
    expect(aggregateConfidence([])).toBe(0);
    const twice = { sentenceId: 'a', confidence: 0.5 };
    expect(aggregateConfidence([twice, { sentenceId: 'a', confidence: 0.25 }])).toBe(0.5);
    expect(aggregateConfidence([twice, { sentenceId: 'b', confidence: 0.5 }])).toBe(0.75);
  });
});

describe('the labels beside the best one', () => {
  const rule = { nilRatio: 2, minimumProbability: 0, companionShare: 0.25 };

  it('are those with a fair share of its probability that beat NIL, most probable first', () => {
    expect(companionLabels([0.05, 0.4, 0.15, 0.3, 0.1], [1, 2, 3, 4], 1, rule)).toEqual([3, 2]);
    expect(companionLabels([0.05, 0.4, 0.15, 0.3, 0.1], [1, 2], 1, rule)).toEqual([2]);
  });

  it('are none beside NIL, and none where a profile wants one label a pair', () => {
    expect(companionLabels([0.6, 0.2, 0.2], [1, 2], 0, rule)).toEqual([]);
    expect(companionLabels([0.1, 0.5, 0.4], [1, 2], 1, { nilRatio: 1, minimumProbability: 0 })).toEqual([]);
  });
});
