import type { Calibration, ScoringProfile } from './profile.js';

/** Probabilities are kept this far from 0 and 1 so that their logit is finite. */
const EPSILON = 1e-6;

/** Calibrated confidence of one prediction: Platt scaling of p, in (0, 1). */
export function calibrate(p: number, { slope, intercept }: Calibration): number {
  const clamped = Math.min(1 - EPSILON, Math.max(EPSILON, p));
  const logit = Math.log(clamped / (1 - clamped));
  return 1 / (1 + Math.exp(-(slope * logit + intercept)));
}

/** Calibrated confidence that a predicate holds, by the profile's calibration of that predicate if it has one. */
export function confidenceOf(
  p: number,
  label: string,
  profile: Pick<ScoringProfile, 'calibration' | 'calibrationByLabel'>,
): number {
  const own = profile.calibrationByLabel;
  // A label is a client's word: only what the profile itself lists counts.
  return calibrate(p, own && Object.hasOwn(own, label) ? (own[label] as Calibration) : profile.calibration);
}

/**
 * Confidence of a triple from the evidence that supports it: 1 - Π (1 - c), the probability that at least
 * one of independent pieces is right. Several pieces in one sentence are not independent: the best counts.
 *
 * @param evidence confidence of each piece with the sentence it stands in
 * @returns 0 for no evidence
 */
export function aggregateConfidence(
  evidence: Iterable<{ readonly sentenceId: string; readonly confidence: number }>,
): number {
  const bestBySentence = new Map<string, number>();
  for (const { sentenceId, confidence } of evidence)
    bestBySentence.set(sentenceId, Math.max(bestBySentence.get(sentenceId) ?? 0, confidence));
  // Sorted, so that the floating-point product does not depend on the order of ingestion.
  const factors = [...bestBySentence.values()].map((confidence) => 1 - confidence).sort((a, b) => a - b);
  return factors.length === 0 ? 0 : 1 - factors.reduce((product, factor) => product * factor, 1);
}
