import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pureSample, SAMPLE_FACTS, SAMPLE_MAPPING_INPUT } from '../evaluation/pure-sample.js';
import { RealApplication } from './real-application.js';

let api: RealApplication;
beforeAll(async () => {
  api = await RealApplication.open();
  await api.give('sample.json', pureSample());
  const data = { from: [{ format: 'pure', files: ['sample.json'] }], mapping: SAMPLE_MAPPING_INPUT };
  const built = await api.finish('buildMemory', { name: 'sample', nilShare: 0.5, ...data });
  expect(built).toMatchObject({ state: 'COMPLETED', error: null });
});
afterAll(() => api.close());

const DATA = { format: 'pure', files: ['sample.json'], mentions: 'gold', mapping: SAMPLE_MAPPING_INPUT };
const USE = { k: 4, lambda: 0.5, temperature: 0.2, kernel: 'RBF' };
const MIXTURE = {
  name: 'mixture',
  memories: [
    { ...USE, memory: 'tiny', alpha: 0.25, nilVote: null },
    { ...USE, memory: 'sample', alpha: 0.75, lambda: 1, kernel: 'RBF_VARIANCE', nilVote: 0.5 },
  ],
};

function create(input: object) {
  return api
    .ask(
      `mutation ($input: CreateProfileInput!) {
        createProfile(input: $input) {
          ... on ScoringProfile {
            name version model nilRatio minimumProbability companionShare
            calibration { slope intercept } calibrationByLabel { label slope } nilRatioByLabel { label nilRatio }
            memories { memory alpha k lambda temperature kernel nilVote }
          }
          ... on Problem { code path }
        }
      }`,
      { input },
    )
    .then(({ data, errors }) => {
      expect(errors).toEqual([]);
      return data.createProfile as unknown;
    });
}

describe('a scoring profile', () => {
  it('is made of a mixture of memories, read again, and compared with another version', async () => {
    const made = await create(MIXTURE);
    expect(made).toEqual({
      ...{ name: 'mixture', version: 1, model: expect.stringContaining('relation-encoder@') as string },
      ...{ nilRatio: 1, minimumProbability: 0, companionShare: null, memories: MIXTURE.memories },
      ...{ calibration: { slope: 1, intercept: 0 }, calibrationByLabel: [], nilRatioByLabel: [] },
    });
    const second = await create({
      ...MIXTURE,
      ...{ companionShare: 0.2, calibration: { slope: 2, intercept: -1 } },
      nilRatioByLabel: [{ label: 'P19', nilRatio: 3 }],
      calibrationByLabel: [{ label: 'P19', slope: 0.5, intercept: 0 }],
    });
    expect(second).toMatchObject({ version: 2, calibrationByLabel: [{ label: 'P19', slope: 0.5 }] });
    const { data } = await api.ask(`{
      profile(name: "mixture") { version }
      profiles { name version }
      compareProfiles(before: "mixture@1", after: "mixture") { field before after }
    }`);
    expect(data.profile).toEqual({ version: 2 });
    expect(data.profiles).toContainEqual({ name: 'mixture', version: 1 });
    expect(data.compareProfiles).toContainEqual({ field: 'calibration.slope', before: '1', after: '2' });
    expect(data.compareProfiles).toContainEqual({ field: 'nilRatioByLabel.P19', before: null, after: '3' });
  });

  const [first, second] = MIXTURE.memories;
  it.each([
    ['shares that do not sum to 1', { memories: [{ ...first, alpha: 0.5 }, second] }, ['memories']],
    ['T of 0', { memories: [{ ...first, temperature: 0 }, second] }, ['memories', '0', 'temperature']],
    ['k of 0', { memories: [first, { ...second, k: 0 }] }, ['memories', '1', 'k']],
    ['λ above 1', { memories: [first, { ...second, lambda: 1.1 }] }, ['memories', '1', 'lambda']],
    [
      'votes of NIL that count nothing',
      { memories: [first, { ...second, nilVote: 0 }] },
      ['memories', '1', 'nilVote'],
    ],
    ['one memory twice', { memories: [first, { ...first, alpha: 0.75 }] }, ['memories', '1', 'memory']],
    [
      'a memory that is not there',
      { memories: [{ ...first, memory: 'none', alpha: 1 }] },
      ['memories', '0', 'memory'],
    ],
    ['a name that leads elsewhere', { name: '../mixture' }, ['name']],
  ])('with %s is refused by its field', async (_, changes, path) => {
    const refused = await create({ ...MIXTURE, name: 'refused', ...changes });
    expect(refused).toEqual({ code: 'INVALID_ARGUMENT', path: ['input', ...path] });
    const { data } = await api.ask('{ profile(name: "refused") { version } }');
    expect(data.profile).toBeNull();
  });

  it.each([
    ['before: "none", after: "tiny"', 'before'],
    ['before: "tiny", after: "tiny@7"', 'after'],
    ['before: "tiny", after: "no name"', 'after'],
  ])('that is not there is named where it is compared: %s', async (args, argument) => {
    const { errors } = await api.ask(`{ compareProfiles(${args}) { field } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_ARGUMENT', path: [argument] } }]);
  });

  it('of a memory that is not there names it without a folder of the server', async () => {
    const input = { ...MIXTURE, memories: [{ ...first, memory: 'none', alpha: 1 }] };
    const { data } = await api.ask(
      'mutation ($input: CreateProfileInput!) { createProfile(input: $input) { ... on Problem { message } } }',
      { input },
    );
    expect(data.createProfile).toEqual({
      message: `scoring profile: ${path.join('none', 'manifest.json')} is missing`,
    });
  });

  it('for another encoder than that of its memories is refused', async () => {
    const refused = await create({ ...MIXTURE, name: 'refused', model: 'other-encoder@1.0.0' });
    expect(refused).toEqual({ code: 'MEMORY_MODEL_MISMATCH', path: ['input', 'memories', '0', 'memory'] });
  });
});

describe('tuning and evaluating as jobs', () => {
  it('go by the mapping that is given, and leave reports in the exchange folder', async () => {
    const tuned = await api.finish(
      'tuneProfile',
      { ...DATA, name: 'ours', memories: ['tiny', 'sample'], search: 'greedy', report: 'tuned.html' },
      '... on ProfileTuned { profile tunedOn f1 }',
    );
    expect(tuned).toMatchObject({
      state: 'COMPLETED',
      result: { profile: 'ours@1', tunedOn: 'sample.json' },
    });
    expect(await api.take('tuned.html')).toContain('Profile ours@1');
    const evaluated = await api.finish(
      'evaluateProfile',
      { ...DATA, profile: 'mixture@1', report: 'scores.html' },
      '... on ProfileEvaluated { profile systems { system f1 gain } }',
    );
    const { systems } = evaluated.result as { systems: { system: string; f1: number }[] };
    expect(systems.map(({ system }) => system)).toContain('with memory sample alone');
    // The memory holds the very pairs that are asked for: it does no worse than an encoder that knows them already.
    const { f1 } = systems.find(({ system }) => system.includes('sample'))!;
    expect(f1).toBeGreaterThan(0.9);
    expect(f1).toBeGreaterThanOrEqual(systems[0]!.f1);
    expect(await api.take('scores.html')).toContain(`${SAMPLE_FACTS} facts`);
  });

  it.each([
    ['tuneProfile', { ...DATA, name: 'refused', search: 'random' }, ['input', 'search']],
    ['tuneProfile', { ...DATA, name: 'Not a name' }, ['input', 'name']],
    ['evaluateProfile', { ...DATA, profile: 'tiny', mentions: 'guessed' }, ['input', 'mentions']],
    ['evaluateProfile', { ...DATA, profile: 'tiny', files: [] }, ['input', 'files']],
  ])('%s with %j is refused before it is a job', async (mutation, input, path) => {
    expect(await api.submit(mutation, input)).toEqual({ code: 'INVALID_ARGUMENT', path });
  });

  it('names a memory that is not there by its place in the list', async () => {
    const input = { ...DATA, name: 'refused', memories: ['tiny', 'none'] };
    expect(await api.finish('tuneProfile', input)).toMatchObject({
      error: { code: 'MEMORY_MISSING', path: ['memories', '1'] },
    });
  });

  it('names the profile whose memory is gone', async () => {
    const { profiles, profile } = api.application.services;
    const [used] = profile.memories;
    await profiles.create({ ...profile, name: 'left', memories: [{ ...used!, memory: 'gone', alpha: 1 }] });
    expect(await api.finish('evaluateProfile', { ...DATA, profile: 'left' })).toMatchObject({
      error: { code: 'MEMORY_MISSING', path: ['profile'] },
    });
  });

  it.each([
    ['tuneProfile', { ...DATA, name: 'refused', memories: ['none'] }, 'MEMORY_MISSING'],
    ['tuneProfile', { ...DATA, name: 'refused', memories: ['tiny'], mapping: null }, 'INVALID_ARGUMENT'],
    [
      'tuneProfile',
      { ...DATA, name: 'refused', memories: ['tiny'], files: ['../secret'] },
      'INVALID_ARGUMENT',
    ],
    ['evaluateProfile', { ...DATA, profile: 'none' }, 'INVALID_ARGUMENT'],
    ['evaluateProfile', { ...DATA, profile: 'tiny', files: ['none.json'] }, 'NOT_FOUND'],
  ])('%s with %j fails with %s and makes no profile', async (mutation, input, code) => {
    expect(await api.finish(mutation, input)).toMatchObject({ state: 'FAILED', error: { code } });
    const { data } = await api.ask('{ profile(name: "refused") { version } }');
    expect(data.profile).toBeNull();
  });
});
