import type { Calibration } from '../domain/profile.js';
import { calibrate } from '../domain/confidence.js';

/** Predictions with what became of them: p in [0, 1], 1 where it was right. */
export interface Judged {
  readonly p: Float64Array;
  readonly right: Uint8Array;
}

export const IDENTITY: Calibration = { slope: 1, intercept: 0 };

/** Where a calibration stays unless outcomes draw it away. */
export interface Prior {
  readonly around: Calibration;
  /** How many outcomes the prior weighs, > 0. */
  readonly strength: number;
}

/**
 * Platt scaling: slope and intercept of sigmoid(slope * logit(p) + intercept) that make the outcomes likeliest,
 * with Platt's smoothed targets, by Newton's method with backtracking (Lin, Lin and Weng 2007): the loss is convex,
 * and a step is halved until it lowers the loss. Without a prior few or one-sided outcomes leave p as it is.
 *
 * @param prior a normal one: its penalty has the curvature of `strength` outcomes of even odds
 */
export function fitPlatt({ p, right }: Judged, prior?: Prior): Calibration {
  const positives = right.reduce((sum, one) => sum + one, 0);
  const negatives = right.length - positives;
  if (!prior && (positives < 5 || negatives < 5)) return IDENTITY;
  const start = prior?.around ?? IDENTITY;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const problem: Problem = {
    logits: Float64Array.from(p, logit),
    // A prior keeps the fit finite on its own; Platt's smoothing would draw a small label to even odds besides.
    targets: Float64Array.from(right, (one) => (prior ? one : one === 1 ? high : low)),
    around: start,
    pull: prior ? prior.strength / 4 : 0,
  };
  let current = start;
  let loss = lossOf(problem, current);
  for (let iteration = 0; iteration < 100; iteration++) {
    const step = newtonStep(problem, current);
    let next = current;
    let nextLoss = Infinity;
    for (let size = 1; size > 1e-10 && !(nextLoss < loss); size /= 2) {
      next = {
        slope: current.slope - size * step.slope,
        intercept: current.intercept - size * step.intercept,
      };
      nextLoss = lossOf(problem, next);
    }
    if (!(nextLoss < loss)) break;
    const gain = loss - nextLoss;
    current = next;
    loss = nextLoss;
    if (gain < 1e-12 * p.length) break;
  }
  // A falling curve would turn the order of predictions round: such data teach nothing.
  return current.slope > 0 ? current : start;
}

/** Outcomes to fit, and the ridge that pulls to `around`. */
interface Problem {
  readonly logits: Float64Array;
  readonly targets: Float64Array;
  readonly around: Calibration;
  readonly pull: number;
}

function newtonStep(
  { logits, targets, around, pull }: Problem,
  { slope, intercept }: Calibration,
): Calibration {
  let gradientSlope = pull * (slope - around.slope);
  let gradientIntercept = pull * (intercept - around.intercept);
  // The ridge keeps the Hessian invertible where all logits are alike.
  let slopeSlope = pull + 1e-9;
  let slopeIntercept = 0;
  let interceptIntercept = pull + 1e-9;
  for (let i = 0; i < logits.length; i++) {
    const x = logits[i] as number;
    const q = 1 / (1 + Math.exp(-(slope * x + intercept)));
    const error = q - (targets[i] as number);
    const curvature = q * (1 - q);
    gradientSlope += error * x;
    gradientIntercept += error;
    slopeSlope += curvature * x * x;
    slopeIntercept += curvature * x;
    interceptIntercept += curvature;
  }
  const determinant = slopeSlope * interceptIntercept - slopeIntercept ** 2;
  return {
    slope: (interceptIntercept * gradientSlope - slopeIntercept * gradientIntercept) / determinant,
    intercept: (slopeSlope * gradientIntercept - slopeIntercept * gradientSlope) / determinant,
  };
}

function lossOf({ logits, targets, around, pull }: Problem, calibration: Calibration): number {
  const ridge =
    (pull / 2) * ((calibration.slope - around.slope) ** 2 + (calibration.intercept - around.intercept) ** 2);
  return ridge + logLoss(logits, targets, calibration);
}

/** Cross entropy of the outcomes under a calibration, summed. */
export function logLossOf({ p, right }: Judged, calibration: Calibration): number {
  return logLoss(Float64Array.from(p, logit), Float64Array.from(right), calibration);
}

/** Cross entropy of targets in [0, 1], summed; written so that exp() cannot overflow. */
function logLoss(logits: Float64Array, targets: Float64Array, { slope, intercept }: Calibration): number {
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const z = slope * (logits[i] as number) + intercept;
    loss += Math.max(z, 0) - z * (targets[i] as number) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return loss;
}

/** Part of a reliability plot: predictions whose confidence lies in one tenth. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanConfidence: number;
  readonly shareRight: number;
}

/**
 * Expected calibration error over ten bins of equal width, in [0, 1], with the bins.
 * @param calibration from p to confidence
 */
export function expectedCalibrationError(
  { p, right }: Judged,
  calibration: Calibration | ((p: number, index: number) => number),
): { readonly error: number; readonly bins: readonly ReliabilityBin[] } {
  const counts = new Float64Array(10);
  const confidences = new Float64Array(10);
  const rights = new Float64Array(10);
  for (let i = 0; i < p.length; i++) {
    const own = p[i] as number;
    const confidence = typeof calibration === 'function' ? calibration(own, i) : calibrate(own, calibration);
    const bin = Math.min(9, Math.floor(confidence * 10));
    counts[bin] = (counts[bin] as number) + 1;
    confidences[bin] = (confidences[bin] as number) + confidence;
    rights[bin] = (rights[bin] as number) + (right[i] as number);
  }
  let error = 0;
  const bins: ReliabilityBin[] = [];
  for (let bin = 0; bin < 10; bin++) {
    const count = counts[bin] as number;
    if (count === 0) continue;
    const meanConfidence = (confidences[bin] as number) / count;
    const shareRight = (rights[bin] as number) / count;
    error += (count / p.length) * Math.abs(meanConfidence - shareRight);
    bins.push({ from: bin / 10, to: (bin + 1) / 10, count, meanConfidence, shareRight });
  }
  return { error, bins };
}

const EPSILON = 1e-6;

function logit(p: number): number {
  const clamped = Math.min(1 - EPSILON, Math.max(EPSILON, p));
  return Math.log(clamped / (1 - clamped));
}
