import { describe, expect, it } from 'vitest';
import { calibrate } from '../../src/domain/confidence.js';
import { bootstrapF1, seededRandom } from '../../src/evaluation/bootstrap.js';
import { expectedCalibrationError, fitPlatt, IDENTITY } from '../../src/evaluation/calibration-fit.js';
import { f1Of } from '../../src/evaluation/f1.js';

describe('the bootstrap', () => {
  const units = Array.from({ length: 200 }, (_, index) => ({
    found: index % 4 === 0 ? 0 : 1,
    missed: index % 4 === 0 ? 1 : 0,
    spurious: index % 5 === 0 ? 1 : 0,
  }));

  it('encloses the score, closely for many units, and gives the same interval again', () => {
    const interval = bootstrapF1(units);
    const score = f1Of(150, 50, 40);
    expect(interval?.low).toBeLessThan(score);
    expect(interval?.high).toBeGreaterThan(score);
    expect((interval?.high ?? 1) - (interval?.low ?? 0)).toBeLessThan(0.12);
    expect(bootstrapF1(units)).toEqual(interval);
  });

  it('has nothing to say of no units', () => {
    expect(bootstrapF1([])).toBeNull();
  });
});

describe('calibration', () => {
  /** Outcomes whose true probability is sigmoid(2 logit(p) - 1). */
  function outcomes(count: number): { p: Float64Array; right: Uint8Array } {
    const random = seededRandom(7);
    const p = Float64Array.from({ length: count }, () => 0.02 + 0.96 * random());
    const right = Uint8Array.from(p, (one) => {
      const logit = 2 * Math.log(one / (1 - one)) - 1;
      return random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    });
    return { p, right };
  }

  it('finds the curve that outcomes were drawn from', () => {
    const { slope, intercept } = fitPlatt(outcomes(40_000));
    expect(slope).toBeCloseTo(2, 1);
    expect(intercept).toBeCloseTo(-1, 1);
  });

  it('settles where predictions begin at a threshold and nearly all of them are sure', () => {
    const random = seededRandom(11);
    // Half of them at .99 and above, right nine times in ten; the rest spread from .3, right six times in ten.
    const p = Float64Array.from({ length: 2_500 }, (_, index) =>
      index % 2 === 0 ? 0.99 + 0.0099 * random() : 0.3 + 0.65 * random(),
    );
    const right = Uint8Array.from(p, (one) => (random() < (one > 0.98 ? 0.9 : 0.6) ? 1 : 0));
    const fitted = fitPlatt({ p, right });
    expect(expectedCalibrationError({ p, right }, fitted).error).toBeLessThan(0.04);
    // No neighbour is likelier: the place is the minimum.
    const likelihood = (slope: number, intercept: number): number =>
      p.reduce((sum, one, index) => {
        const q = calibrate(one, { slope, intercept });
        return sum + Math.log(right[index] === 1 ? q : 1 - q);
      }, 0);
    const best = likelihood(fitted.slope, fitted.intercept);
    for (const [slope, intercept] of [
      [0.05, 0],
      [-0.05, 0],
      [0, 0.05],
      [0, -0.05],
    ] as const)
      expect(likelihood(fitted.slope + slope, fitted.intercept + intercept)).toBeLessThan(best);
  });

  it('lowers the calibration error', () => {
    const judged = outcomes(5_000);
    const before = expectedCalibrationError(judged, IDENTITY).error;
    const after = expectedCalibrationError(judged, fitPlatt(judged));
    expect(before).toBeGreaterThan(0.1);
    expect(after.error).toBeLessThan(0.03);
    expect(after.bins.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  });

  it.each([
    ['no outcomes', []],
    ['right ones alone', Array<number>(50).fill(1)],
    ['wrong ones alone', Array<number>(50).fill(0)],
  ])('leaves probabilities as they are for %s', (_, right) => {
    const p = Float64Array.from(right, (__, index) => (index + 1) / 52);
    expect(fitPlatt({ p, right: Uint8Array.from(right) })).toEqual(IDENTITY);
  });
});
