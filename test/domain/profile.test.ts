import { describe, expect, it } from 'vitest';
import { overrideProfile, parseProfile } from '../../src/domain/profile.js';

const use = { memory: 'general', alpha: 1, k: 16, lambda: 0.4, temperature: 0.2, kernel: 'rbf' };
const profile = {
  name: 'general',
  version: 1,
  model: 'relation-encoder@1.0.0',
  memories: [use],
  nilRatio: 1,
  minimumProbability: 0.1,
  calibration: { slope: 1, intercept: 0 },
};

describe('a scoring profile', () => {
  it('is taken as it stands', () => {
    expect(parseProfile(profile)).toEqual(profile);
    expect(parseProfile({ ...profile, memories: [] }).memories).toEqual([]);
  });

  it.each([
    [{ ...profile, name: 'General!' }, ['name']],
    [{ ...profile, version: 0 }, ['version']],
    [{ ...profile, nilRatio: 0 }, ['nilRatio']],
    [{ ...profile, minimumProbability: 2 }, ['minimumProbability']],
    [{ ...profile, calibration: { slope: 1 } }, ['calibration', 'intercept']],
    [{ ...profile, memories: [{ ...use, k: 0 }] }, ['memories', 0, 'k']],
    [{ ...profile, memories: [{ ...use, temperature: 0 }] }, ['memories', 0, 'temperature']],
    [{ ...profile, memories: [{ ...use, temperature: NaN }] }, ['memories', 0, 'temperature']],
    [{ ...profile, memories: [{ ...use, lambda: 1.1 }] }, ['memories', 0, 'lambda']],
    [{ ...profile, memories: [{ ...use, kernel: 'cosine' }] }, ['memories', 0, 'kernel']],
    [{ ...profile, memories: [{ ...use, alpha: 0.5 }] }, ['memories']],
    [
      {
        ...profile,
        memories: [
          { ...use, alpha: 0.5 },
          { ...use, alpha: 0.5 },
        ],
      },
      ['memories', 1, 'memory'],
    ],
    ['general', []],
  ])('that is off names the field: %j', (json, path) => {
    expect(() => parseProfile(json)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', path }));
  });

  it('is overridden in every memory alike, and stays untouched itself', () => {
    const parsed = parseProfile(profile);
    const changed = overrideProfile(parsed, { k: 4, lambda: 0, temperature: 2, kernel: 'rbf-variance' });
    expect(changed.memories).toEqual([
      { memory: 'general', alpha: 1, k: 4, lambda: 0, temperature: 2, kernel: 'rbf-variance' },
    ]);
    expect(parsed).toEqual(profile);
    expect(overrideProfile(parsed, {})).toEqual(profile);
  });

  it('takes other memories in equal shares, with the settings of the first where they are new', () => {
    const { memories } = overrideProfile(parseProfile(profile), { memories: ['general', 'own'] });
    expect(memories).toEqual([
      { ...use, alpha: 0.5 },
      { ...use, memory: 'own', alpha: 0.5 },
    ]);
    expect(overrideProfile(parseProfile(profile), { memories: [] }).memories).toEqual([]);
  });

  it.each([
    ['lambda', { lambda: 2 }],
    ['k', { k: 0 }],
    ['temperature', { temperature: 0 }],
  ])('refuses an override that is off, naming it, with memories or without: %s', (field, overrides) => {
    for (const memories of [[use], []])
      expect(() => overrideProfile(parseProfile({ ...profile, memories }), overrides)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', path: [field] }),
      );
  });
});
