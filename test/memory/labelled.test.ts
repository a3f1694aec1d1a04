import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataset } from '../../src/datasets/open.js';
import { splitSentences } from '../../src/extraction/sentences.js';
import type { RelationEncoder } from '../../src/inference/ports.js';
import { buildFromLabelledData, type LabelledBuild } from '../../src/memory/building/build-labelled.js';
import { LabelMapping } from '../../src/memory/building/label-mapping.js';
import { readPackage } from '../../src/memory/package.js';
import { exportEntries, importEntries } from '../../src/memory/versions/entry-exchange.js';
import { realEncoder, schema } from '../inference/real-models.js';
import { said } from './builders.js';
import { temporaryFolder } from './temporary.js';

const encoder = await realEncoder(1);

/** Clara Schumann was born in Leipzig and lived in Berlin. Her mother taught there. */
function document(number: number, relation = 'born-in') {
  return {
    doc_key: `d${number}`,
    sentences: [
      [
        'Clara',
        'Schumann',
        String(number),
        'was',
        'born',
        'in',
        'Leipzig',
        'and',
        'died',
        'in',
        'Frankfurt',
        '.',
      ],
      ['Robert', 'came', 'from', 'Zwickau', '.'],
    ],
    ner: [
      [
        [0, 2, 'Person'],
        [6, 6, 'City'],
        [10, 10, 'City'],
      ],
      [
        [12, 12, 'Person'],
        [15, 15, 'City'],
      ],
    ],
    relations: [[[0, 2, 6, 6, relation]], []],
  };
}

const MAPPING = LabelMapping.parse({
  labels: { 'born-in': 'P19', 'birthplace-of': { label: 'P19', inverse: true } },
  types: { Person: 'PER', City: 'LOC' },
});

async function labelledBuild(
  documents: readonly object[],
  changes: Partial<LabelledBuild> = {},
): Promise<LabelledBuild> {
  const folder = await temporaryFolder();
  const file = join(folder, 'data.jsonl');
  await writeFile(file, documents.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return {
    memoriesDir: join(folder, 'memories'),
    name: 'toy',
    description: 'toy',
    license: 'MIT',
    normalised: true,
    keyType: 'float16',
    encoder,
    schema,
    sources: [await openDataset('pure', file)],
    mapping: MAPPING,
    nilShare: 1,
    labels: 'known',
    splitSentences,
    ...changes,
  };
}

test('relations become entries under their mapped labels, other permitted pairs NIL', async () => {
  const build = await labelledBuild([document(1)]);
  const { manifest, counts } = await buildFromLabelledData(build);
  const { entries } = await readPackage(join(build.memoriesDir, 'toy@1.0.0'));
  const facts = entries.map(said);
  expect(facts).toContainEqual(['Clara Schumann 1', 'P19', 'Leipzig']);
  expect(facts).toContainEqual(['Clara Schumann 1', 'NIL', 'Frankfurt']);
  expect(facts).toContainEqual(['Robert', 'NIL', 'Zwickau']);
  expect(counts).toMatchObject({ texts: 1, sentences: 2, relations: 1 });
  expect(manifest).toMatchObject({
    modelHash: encoder.modelHash,
    sources: ['data.jsonl'],
    license: 'MIT',
    built: { by: 'labelled-data', inputs: [{ path: 'data.jsonl' }] },
  });
});

test('an inverse label exchanges subject and object', async () => {
  const inverse = { ...document(1), relations: [[[6, 6, 0, 2, 'birthplace-of']], []] };
  const build = await labelledBuild([inverse], { nilShare: 0 });
  await buildFromLabelledData(build);
  const { entries } = await readPackage(join(build.memoriesDir, 'toy@1.0.0'));
  expect(entries.map(({ label, subject }) => [label, subject.type])).toEqual([['P19', 'PER']]);
});

test('a smaller share of NIL is part of a larger one', async () => {
  const documents = Array.from({ length: 12 }, (_, number) => document(number));
  const nilIds = async (nilShare: number): Promise<string[]> => {
    const build = await labelledBuild(documents, { nilShare });
    await buildFromLabelledData(build);
    const { entries } = await readPackage(join(build.memoriesDir, 'toy@1.0.0'));
    return entries.filter(({ label }) => label === 'NIL').map(({ id }) => id);
  };
  const [all, some, none] = [await nilIds(1), await nilIds(0.5), await nilIds(0)];
  expect(none).toEqual([]);
  expect(some.length).toBeGreaterThan(0);
  expect(some.length).toBeLessThan(all.length);
  expect(all).toEqual(expect.arrayContaining(some));
});

/** Keys that follow from the words alone, and a count of the sentences: checkpoints do not care who makes keys. */
function countingEncoder(onEncode: () => void = () => undefined) {
  const counts = { sentences: 0 };
  const counting: RelationEncoder = {
    model: encoder.model,
    modelHash: encoder.modelHash,
    labels: encoder.labels,
    mentionTypes: encoder.mentionTypes,
    representationSize: 2,
    encode: async (sentences) => {
      counts.sentences += sentences.length;
      onEncode();
      return sentences.map(({ text, pairs }) => ({
        representations: Float32Array.from(pairs.flatMap(({ subject }) => [text.length, subject])),
        logits: new Float32Array(pairs.length * encoder.labels.length),
      }));
    },
    close: async () => undefined,
  };
  return { counting, counts };
}

test('a build that was stopped goes on where it was and gives the same bytes', async () => {
  const documents = Array.from({ length: 400 }, (_, number) => document(number));
  const whole = await labelledBuild(documents, { encoder: countingEncoder().counting });
  await buildFromLabelledData(whole);

  const stop = new AbortController();
  const { counting, counts } = countingEncoder(() => {
    stop.abort();
  });
  const build = await labelledBuild(documents, { encoder: counting, signal: stop.signal });
  await expect(buildFromLabelledData(build)).rejects.toThrow();
  expect(await readdir(build.memoriesDir)).toEqual(['.building-toy']);
  expect(counts.sentences).toBeLessThan(401);
  await buildFromLabelledData({ ...build, signal: new AbortController().signal });
  // Each was encoded once: the first sentences, which differ, and the one that all documents share.
  expect(counts.sentences).toBe(401);
  for (const file of ['entries.jsonl', 'keys.bin'])
    expect(await readFile(join(build.memoriesDir, 'toy@1.0.0', file))).toEqual(
      await readFile(join(whole.memoriesDir, 'toy@1.0.0', file)),
    );
});

test.each<[string, object, Partial<LabelledBuild>, object]>([
  ['a label that nothing knows', document(1, 'rents'), {}, { path: ['mapping', 'labels', 'rents'] }],
  [
    'a type that nothing knows',
    document(1),
    { mapping: LabelMapping.parse({ labels: { '*': 'P19' } }) },
    { path: ['mapping', 'types', 'Person'] },
  ],
  ['data without a pair', { ...document(1), ner: [[], []], relations: [[], []] }, {}, { path: ['sources'] }],
])('%s is refused, and nothing is written', async (_, data, changes, error) => {
  const build = await labelledBuild([data], changes);
  await expect(buildFromLabelledData(build)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', ...error });
  expect(await readdir(build.memoriesDir).catch(() => [])).toEqual([]);
});

test('a memory for research may hold any label and says so', async () => {
  const build = await labelledBuild([document(1, 'rents')], { labels: 'any' });
  const { manifest } = await buildFromLabelledData(build);
  expect(manifest).toMatchObject({ labels: 'any', countsByLabel: { rents: 1 } });
});

test('what was exported is imported again, entry by entry', async () => {
  const build = await labelledBuild([document(1)]);
  await buildFromLabelledData(build);
  const file = join(build.memoriesDir, 'toy.jsonl');
  await exportEntries(build.memoriesDir, 'toy', file);
  const manifest = await importEntries({ ...build, name: 'again', file });
  const [one, other] = [
    await readPackage(join(build.memoriesDir, 'toy@1.0.0')),
    await readPackage(join(build.memoriesDir, 'again@1.0.0')),
  ];
  expect(other.entries).toEqual(one.entries);
  expect(manifest.built?.by).toBe('import');
});

test.each([
  [
    {
      text: 'x',
      subject: { start: 0, end: 1, type: 'PER' },
      object: { start: 0, end: 1, type: 'LOC' },
      label: 'P19',
    },
    ['object'],
  ],
  [
    {
      text: 'x y',
      subject: { start: 0, end: 9, type: 'PER' },
      object: { start: 2, end: 3, type: 'LOC' },
      label: 'P19',
    },
    ['subject'],
  ],
  [
    {
      text: 'x y',
      subject: { start: 0, end: 1, type: 'DOG' },
      object: { start: 2, end: 3, type: 'LOC' },
      label: 'P19',
    },
    ['subject', 'type'],
  ],
  [
    {
      text: 'x y',
      subject: { start: 0, end: 1, type: 'PER' },
      object: { start: 2, end: 3, type: 'LOC' },
      label: 'P0',
    },
    ['label'],
  ],
])('an imported line that is off is named: %#', async (line, field) => {
  const build = await labelledBuild([document(1)]);
  const file = join(await temporaryFolder(), 'entries.jsonl');
  await writeFile(file, `${JSON.stringify(line)}\n`);
  await expect(importEntries({ ...build, file })).rejects.toMatchObject({
    code: 'INVALID_FILE',
    path: [file, 1, ...field],
  });
  expect(await readdir(build.memoriesDir).catch(() => [])).toEqual([]);
});
