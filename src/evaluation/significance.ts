import { type Interval, percentile, seededRandom } from './bootstrap.js';
import { addCounts, type Counts, f1Of, f1OfCounts, NO_COUNTS } from './f1.js';

/** What one way of scoring gains over another on the same documents. */
export interface Gain {
  /** Difference of micro F1, -1..1. */
  readonly gain: number;
  /** 95% interval of the difference. */
  readonly interval: Interval;
  /**
   * Two-sided p-value that there is no difference: how often documents drawn with replacement turn the sign of the
   * gain round (paired bootstrap; Efron and Tibshirani 1993, Berg-Kirkpatrick et al. 2012).
   */
  readonly pValue: number;
}

/**
 * Compares two scorings by the paired bootstrap: the same documents are drawn for both.
 * @param base counts of each document, as `FactScore.units`; `other` those of the same documents
 * @returns null for no documents
 */
export function compareScorings(
  base: readonly Counts[],
  other: readonly Counts[],
  resamples = 2000,
  seed = 17,
): Gain | null {
  if (base.length !== other.length)
    throw new RangeError(`${base.length} and ${other.length} documents cannot be paired`);
  if (base.length === 0) return null;
  const random = seededRandom(seed);
  const gains = new Float64Array(resamples);
  let below = 0;
  let above = 0;
  for (let resample = 0; resample < resamples; resample++) {
    const gain = gainOfResample(base, other, random);
    gains[resample] = gain;
    if (gain <= 0) below++;
    if (gain >= 0) above++;
  }
  gains.sort();
  return {
    gain: f1OfCounts(total(other)) - f1OfCounts(total(base)),
    interval: { low: percentile(gains, 0.025), high: percentile(gains, 0.975) },
    // One is added to each: a finite number of resamples proves no probability of 0.
    pValue: Math.min(1, (2 * (Math.min(below, above) + 1)) / (resamples + 1)),
  };
}

function gainOfResample(base: readonly Counts[], other: readonly Counts[], random: () => number): number {
  const sums = [0, 0, 0, 0, 0, 0] as [number, number, number, number, number, number];
  for (let draw = 0; draw < base.length; draw++) {
    const at = Math.floor(random() * base.length);
    const a = base[at] as Counts;
    const b = other[at] as Counts;
    sums[0] += a.found;
    sums[1] += a.missed;
    sums[2] += a.spurious;
    sums[3] += b.found;
    sums[4] += b.missed;
    sums[5] += b.spurious;
  }
  return f1Of(sums[3], sums[4], sums[5]) - f1Of(sums[0], sums[1], sums[2]);
}

function total(units: readonly Counts[]): Counts {
  return units.reduce(addCounts, NO_COUNTS);
}

/** Mean of some values with its spread. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; 0 for one value. */
  readonly sd: number;
  /** 95% interval of the mean by Student's t; null for one value. */
  readonly interval: Interval | null;
  readonly values: readonly number[];
}

/** Two-sided 97.5% quantiles of Student's t by degrees of freedom 1..10. */
const STUDENT_T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const;

/** @param values one a seed, 1 to 11 of them */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  if (count < 1 || count > STUDENT_T.length + 1) throw new RangeError(`${count} values, expected 1 to 11`);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, sd: 0, interval: null, values };
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const half = ((STUDENT_T[count - 2] as number) * sd) / Math.sqrt(count);
  return { mean, sd, interval: { low: mean - half, high: mean + half }, values };
}
