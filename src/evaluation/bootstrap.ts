import { type Counts, f1Of } from './f1.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Same seed, same numbers, on any machine (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * 95% interval of micro F1 by the percentile bootstrap: units (documents, whose passages depend on one another)
 * are drawn with replacement.
 *
 * @param units counts of each unit
 * @returns null for no units
 */
export function bootstrapF1(units: readonly Counts[], resamples = 1000, seed = 17): Interval | null {
  if (units.length === 0) return null;
  const random = seededRandom(seed);
  const scores = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let found = 0;
    let missed = 0;
    let spurious = 0;
    for (let draw = 0; draw < units.length; draw++) {
      const unit = units[Math.floor(random() * units.length)] as Counts;
      found += unit.found;
      missed += unit.missed;
      spurious += unit.spurious;
    }
    scores[resample] = f1Of(found, missed, spurious);
  }
  scores.sort();
  return { low: percentile(scores, 0.025), high: percentile(scores, 0.975) };
}

/** Value below which a share of the values lies. */
export function percentile(ascending: Float64Array, share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] as number;
}
