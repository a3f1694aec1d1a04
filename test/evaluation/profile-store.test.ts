import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScoringProfile } from '../../src/domain/profile.js';
import { compareProfiles, parseReference, ProfileStore } from '../../src/evaluation/profile-store.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neighborkb-profiles-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const PROFILE: Omit<ScoringProfile, 'version'> = {
  name: 'mine',
  model: 'relation-encoder@1.0.0',
  memories: [{ memory: 'general', alpha: 1, k: 8, lambda: 0.5, temperature: 0.1, kernel: 'rbf' }],
  nilRatio: 1,
  minimumProbability: 0,
  calibration: { slope: 1, intercept: 0 },
};

function store(): ProfileStore {
  return new ProfileStore('models/profiles', join(folder, 'own'));
}

describe('the profile store', () => {
  it('finds what ships with the product before anything was made', async () => {
    const profiles = await store().list();
    expect(profiles.map(({ profile, origin }) => [profile.name, origin])).toContainEqual([
      'general',
      'shipped',
    ]);
    expect((await store().get('general')).name).toBe('general');
  });

  it('keeps every version that is made, and gives the newest by name alone', async () => {
    await store().create(PROFILE);
    const second = await store().create({ ...PROFILE, nilRatio: 2 });
    expect(second.version).toBe(2);
    expect((await store().get('mine')).nilRatio).toBe(2);
    expect((await store().get('mine@1')).nilRatio).toBe(1);
    expect(await readdir(join(folder, 'own'))).toEqual(['mine@1.json', 'mine@2.json']);
  });

  it('counts on from the version that ships under the same name', async () => {
    const shipped = await store().get('general');
    const own = await store().create({ ...PROFILE, name: 'general' });
    expect(own.version).toBe(shipped.version + 1);
    expect(await store().get(`general@${shipped.version}`)).toEqual(shipped);
  });

  it.each([
    [{ memories: [{ ...PROFILE.memories[0], alpha: 0.4 }] }, ['memories']],
    [{ memories: [{ ...PROFILE.memories[0], temperature: 0 }] }, ['memories', 0, 'temperature']],
    [{ memories: [{ ...PROFILE.memories[0], k: 0 }] }, ['memories', 0, 'k']],
    [{ nilRatioByLabel: { P19: 0 } }, ['nilRatioByLabel', 'P19']],
    [{ name: '../escape' }, ['name']],
  ])('refuses %j by the field and writes nothing', async (changes, path) => {
    await expect(store().create({ ...PROFILE, ...changes } as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['no-such', 'general@99', '../general', 'general@x', ''])(
    'has no profile %j',
    async (reference) => {
      await expect(store().get(reference)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        path: ['profile'],
      });
    },
  );

  it('names the file that is not JSON', async () => {
    await store().create(PROFILE);
    await writeFile(join(folder, 'own', 'mine@1.json'), '{');
    await expect(store().get('mine')).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });
});

describe('a reference', () => {
  it('is a name with or without a version', () => {
    expect(parseReference('general')).toEqual({ name: 'general', version: null });
    expect(parseReference('general@12')).toEqual({ name: 'general', version: 12 });
  });
});

describe('comparing profiles', () => {
  it('lists the fields that differ, those that one of them lacks too', () => {
    const one = { ...PROFILE, version: 1 };
    const other = {
      ...one,
      version: 2,
      nilRatio: 3,
      calibrationByLabel: { P19: { slope: 2, intercept: 0 } },
    };
    expect(compareProfiles(one, other)).toEqual([
      { field: 'calibrationByLabel.P19.intercept', before: null, after: '0' },
      { field: 'calibrationByLabel.P19.slope', before: null, after: '2' },
      { field: 'nilRatio', before: '1', after: '3' },
      { field: 'version', before: '1', after: '2' },
    ]);
    expect(compareProfiles(one, one)).toEqual([]);
  });
});
