import type { Calibration } from '../domain/profile.js';
import { fitPlatt, type Judged, logLossOf } from './calibration-fit.js';

/** Predictions with their labels: the labels run beside `p` and `right`. */
export interface JudgedByLabel extends Judged {
  readonly labels: readonly string[];
}

export interface CalibrationFit {
  readonly calibration: Calibration;
  /** Labels that are judged, each drawn from the overall calibration as far as its outcomes carry it. */
  readonly calibrationByLabel: Readonly<Record<string, Calibration>>;
  /** Outcomes that the overall calibration weighs in each label's own. */
  readonly strength: number;
}

/** Strengths that cross-validation chooses from; the last leaves the labels practically alone. */
const STRENGTHS = [10, 20, 50, 100, 300, 1e6] as const;
const FOLDS = 5;

/**
 * Platt scaling of each label, shrunk to that of all labels: slope and intercept of a label make its outcomes likeliest
 * under a normal prior around the overall ones, as if `strength` outcomes had been seen there. With little support a
 * label keeps the overall calibration. The strength is the one with the lowest log loss over held-out fifths.
 */
export function fitByLabel(judged: JudgedByLabel): CalibrationFit {
  let best = { strength: STRENGTHS[STRENGTHS.length - 1] as number, loss: Infinity };
  for (const strength of STRENGTHS) {
    const loss = heldOutLoss(judged, strength);
    if (loss < best.loss) best = { strength, loss };
  }
  return fitWithStrength(judged, best.strength);
}

function fitWithStrength(judged: JudgedByLabel, strength: number): CalibrationFit {
  const calibration = fitPlatt(judged);
  const calibrationByLabel: Record<string, Calibration> = {};
  for (const label of [...new Set(judged.labels)].sort())
    calibrationByLabel[label] = fitPlatt(
      selected(judged, (index) => judged.labels[index] === label),
      { around: calibration, strength },
    );
  return { calibration, calibrationByLabel, strength };
}

function heldOutLoss(judged: JudgedByLabel, strength: number): number {
  let loss = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const fit = fitWithStrength(
      selected(judged, (index) => index % FOLDS !== fold),
      strength,
    );
    const rest = selected(judged, (index) => index % FOLDS === fold);
    for (const label of new Set(rest.labels))
      loss += logLossOf(
        selected(rest, (index) => rest.labels[index] === label),
        fit.calibrationByLabel[label] ?? fit.calibration,
      );
  }
  return loss;
}

function selected(judged: JudgedByLabel, keep: (index: number) => boolean): JudgedByLabel {
  const indices = judged.labels.flatMap((_, index) => (keep(index) ? [index] : []));
  return {
    p: Float64Array.from(indices, (index) => judged.p[index] as number),
    right: Uint8Array.from(indices, (index) => judged.right[index] as number),
    labels: indices.map((index) => judged.labels[index] as string),
  };
}
