import { describe, expect, it } from 'vitest';
import { calibrate, confidenceOf } from '../../src/domain/confidence.js';
import { seededRandom } from '../../src/evaluation/bootstrap.js';
import { fitByLabel, type JudgedByLabel } from '../../src/evaluation/calibration-by-label.js';
import { expectedCalibrationError } from '../../src/evaluation/calibration-fit.js';

/** Outcomes of two labels: one as likely as it says, one much rarer; and a label that was seen twice. */
function outcomes(count: number, rare = 2): JudgedByLabel {
  const random = seededRandom(5);
  const rows = Array.from({ length: count }, (_, index) => {
    const label = index % 2 === 0 ? 'honest' : 'boastful';
    const p = 0.05 + 0.9 * random();
    const right = random() < (label === 'honest' ? p : p / 3);
    return { p, right, label };
  });
  for (let i = 0; i < rare; i++) rows.push({ p: 0.8, right: true, label: 'rare' });
  return {
    p: Float64Array.from(rows, ({ p }) => p),
    right: Uint8Array.from(rows, ({ right }) => Number(right)),
    labels: rows.map(({ label }) => label),
  };
}

describe('calibration by label', () => {
  it('tells labels apart whose probabilities mean different things', () => {
    const judged = outcomes(2000);
    const fit = fitByLabel(judged);
    const own = fit.calibrationByLabel;
    expect(calibrate(0.6, own['honest']!)).toBeGreaterThan(0.5);
    expect(calibrate(0.6, own['boastful']!)).toBeLessThan(0.3);
    const overall = expectedCalibrationError(judged, fit.calibration).error;
    const byLabel = expectedCalibrationError(judged, (p, index) =>
      confidenceOf(p, judged.labels[index]!, fit),
    ).error;
    expect(byLabel).toBeLessThanOrEqual(overall + 0.005);
  });

  it('leaves a label with hardly any outcomes near the overall calibration', () => {
    const fit = fitByLabel(outcomes(2000));
    const rare = calibrate(0.8, fit.calibrationByLabel['rare']!);
    expect(Math.abs(rare - calibrate(0.8, fit.calibration))).toBeLessThan(0.25);
  });

  it('never turns the order of a label round', () => {
    const judged = outcomes(60);
    const { calibrationByLabel } = fitByLabel({ ...judged, right: judged.right.map((one) => 1 - one) });
    for (const { slope } of Object.values(calibrationByLabel)) expect(slope).toBeGreaterThan(0);
  });

  it('falls back to the overall calibration for a label without its own, whatever its name', () => {
    const profile = { calibration: { slope: 1, intercept: 0 }, calibrationByLabel: {} };
    for (const label of ['P19', 'constructor', '__proto__'])
      expect(confidenceOf(0.7, label, profile)).toBeCloseTo(0.7, 9);
  });
});
