import { describe, expect, it } from 'vitest';
import { LabelSpace } from '../../src/domain/label-space.js';
import { chooseLabel } from '../../src/domain/labelling.js';

describe('labels that the encoder lacks', () => {
  const space = new LabelSpace(['NIL', 'P19'], ['P19', 'P26', 'P26', 'P20']);

  it('come behind its own, each once, in the order given', () => {
    expect(space.labels).toEqual(['NIL', 'P19', 'P26', 'P20']);
    expect(space.indexOf('P20')).toBe(3);
    expect(space.indexOf('P999')).toBe(-1);
  });

  it('have no probability of the classifier', () => {
    expect([...space.widen(Float32Array.of(0.5, 0.25, 1, 0))]).toEqual([0.5, 0.25, 0, 0, 1, 0, 0, 0]);
    const own = Float32Array.of(0.5, 0.25);
    expect(new LabelSpace(['NIL', 'P19']).widen(own)).toBe(own);
  });
});

describe('thresholds by label', () => {
  it('let a predicate win that clears its own where a more probable one does not', () => {
    const rule = { nilRatio: 1, nilRatios: [1, 3, 1], minimumProbability: 0 };
    expect(chooseLabel([0.3, 0.4, 0.31], [1, 2], rule)).toBe(2);
    expect(chooseLabel([0.1, 0.5, 0.4], [1, 2], rule)).toBe(1);
  });
});
