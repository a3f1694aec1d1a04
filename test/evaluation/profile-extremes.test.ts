import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScoringProfile } from '../../src/domain/profile.js';
import type { Prediction } from '../../src/domain/model.js';
import { RealParts } from '../extraction/real-parts.js';

let parts: RealParts;
beforeAll(async () => {
  parts = await RealParts.open();
});
afterAll(() => parts.close());

const TEXT =
  'Otto Hahn was born in Frankfurt and worked with Lise Meitner. He studied at the University of Marburg.';

/** One label a pair, so that profiles can be compared pair by pair. */
async function predictions(use: Partial<ScoringProfile['memories'][number]>): Promise<readonly Prediction[]> {
  const base = { memory: 'tiny', alpha: 1, k: 4, lambda: 0.3, temperature: 0.2, kernel: 'rbf' } as const;
  const profile = parts.profile({ memories: [{ ...base, ...use }] });
  const [outcome] = await parts.pipeline().extract([{ externalId: 'a', text: TEXT }], profile);
  if (!outcome?.ok) throw new Error('the text was refused');
  expect(outcome.extracted.predictions.length).toBeGreaterThan(2);
  return outcome.extracted.predictions;
}

it('λ 0 is the classifier alone, whatever the neighbours say', async () => {
  const alone = parts.profile({ memories: [] });
  const [outcome] = await parts.pipeline().extract([{ externalId: 'a', text: TEXT }], alone);
  const expected = outcome?.ok ? outcome.extracted.predictions : [];
  const found = await predictions({ lambda: 0 });
  expect(found.map(({ label, p }) => [label, p])).toEqual(expected.map(({ label, p }) => [label, p]));
  for (const { p, pRe } of found) expect(p).toBe(pRe);
});

it('λ 1 is the neighbours alone', async () => {
  for (const { p, pKnn } of await predictions({ lambda: 1 })) expect(p).toBe(pKnn);
});

it('k above the size of the memory lets every entry vote', async () => {
  const found = await predictions({ k: 1024, lambda: 1, temperature: 100 });
  const named = found.filter(({ neighbours }) => neighbours.length > 0);
  expect(named.length).toBeGreaterThan(0);
  for (const { neighbours } of named) {
    expect(neighbours).toHaveLength(parts.memory.size);
    expect(neighbours.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
  }
});
