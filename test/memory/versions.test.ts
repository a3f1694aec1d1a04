import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyFile } from '../../src/memory/key-file.js';
import { readPackage } from '../../src/memory/package.js';
import { compareVersions, nextVersion, parseReference } from '../../src/memory/reference.js';
import { listMemories, listVersions, locateMemory } from '../../src/memory/shelf.js';
import {
  applyDecisions,
  compactMemory,
  dropEntries,
  mergeMemories,
} from '../../src/memory/versions/changes.js';
import { compareMemories } from '../../src/memory/versions/compare.js';
import { schema } from '../inference/real-models.js';
import { entry } from './builders.js';
import { shelve } from './shelf-builders.js';
import { temporaryFolder } from './temporary.js';

const numbers = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99));

test('every change gives a version after the one before it', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('incompatible', 'content', 'repair'), (parts, change) => {
      const before = parts.join('.');
      expect(compareVersions(nextVersion(before, change as 'repair'), before)).toBeGreaterThan(0);
    }),
  );
  expect(nextVersion(null, 'repair')).toBe('1.0.0');
  expect(nextVersion('1.4.2', 'incompatible')).toBe('2.0.0');
  expect(nextVersion('1.4.2', 'content')).toBe('1.5.0');
});

test.each(['../general', 'general@../x', 'general@1.0', 'a@1.0.0@2.0.0', 'General', '', 'a/b', 'general@'])(
  '%j names no memory',
  (reference) => {
    expect(() => parseReference(reference)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  },
);

test('a name means the newest version, name@version that one', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0)]);
  await shelve(memories, 'toy@1.2.0', [entry(0), entry(1)]);
  await shelve(memories, 'toy@1.10.0', [entry(0), entry(1), entry(2)]);
  await mkdir(join(memories, '.building-toy'));
  expect(await listMemories(memories)).toEqual(['toy']);
  expect((await listVersions(memories, 'toy')).map(({ manifest }) => manifest.version)).toEqual([
    '1.0.0',
    '1.2.0',
    '1.10.0',
  ]);
  expect(await locateMemory(memories, 'toy')).toBe(join(memories, 'toy@1.10.0'));
  expect(await locateMemory(memories, 'toy@1.2.0')).toBe(join(memories, 'toy@1.2.0'));
  expect(await locateMemory(memories, 'toy@1.0.0')).toBe(join(memories, 'toy'));
});

test('decisions make a new version and leave the old one as it is; keys stay with their entries', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0), entry(1), entry(2), entry(3)]);
  const before = await readFile(join(memories, 'toy', 'entries.jsonl'));
  const result = await applyDecisions(
    { memoriesDir: memories },
    'toy',
    new Map([
      [entry(1).id, { action: 'drop' }],
      [entry(2).id, { action: 'relabel', label: 'P20' }],
    ]),
    schema,
  );
  expect(result).toMatchObject({
    kept: 2,
    relabelled: 1,
    dropped: 1,
    manifest: { version: '1.0.1', entries: 3 },
  });
  const { manifest, entries } = await readPackage(join(memories, 'toy@1.0.1'));
  expect(entries).toEqual(
    [entry(0), entry(2, 'P20'), entry(3)].map((one, i) => ({ ...one, origin: entries[i]!.origin })),
  );
  expect(manifest.built).toMatchObject({ by: 'derivation', inputs: [{ path: 'toy@1.0.0' }] });
  const keys = await KeyFile.open(join(memories, 'toy@1.0.1'), manifest);
  expect([...(await keys.rows(1, 2))]).toEqual([2, 1, 0, 0]);
  await keys.close();
  expect(await readFile(join(memories, 'toy', 'entries.jsonl'))).toEqual(before);
});

test.each([
  ['an entry that is not there', new Map([['mem_none', { action: 'drop' } as const]]), 'NOT_FOUND'],
  [
    'a label that nothing knows',
    new Map([[entry(0).id, { action: 'relabel', label: 'X1' } as const]]),
    'INVALID_ARGUMENT',
  ],
  ['every entry dropped', new Map([[entry(0).id, { action: 'drop' } as const]]), 'INVALID_ARGUMENT'],
])('%s is refused, and nothing is left behind', async (_, decisions, code) => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0)]);
  await expect(applyDecisions({ memoriesDir: memories }, 'toy', decisions, schema)).rejects.toMatchObject({
    code,
  });
  expect(await readdir(memories)).toEqual(['toy']);
});

test('a version that is there is never written again', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0), entry(1)]);
  await shelve(memories, 'toy@1.0.1', [entry(0)]);
  const dropping = dropEntries(
    { memoriesDir: memories, version: '1.0.1' },
    'toy@1.0.0',
    ({ id }) => id === entry(1).id,
    {},
  );
  await expect(dropping).rejects.toMatchObject({ code: 'CONFLICT', path: ['version'] });
});

test('merged memories hold each example once', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'one', [entry(0), entry(1)]);
  await shelve(memories, 'other', [entry(1), entry(2)]);
  const merged = await mergeMemories({ memoriesDir: memories }, 'both', ['one', 'other']);
  expect(merged).toMatchObject({ kept: 3, repeated: 1, manifest: { version: '1.0.0', entries: 3 } });
});

test('a package that was cut short is no parent', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0), entry(1)]);
  await truncate(join(memories, 'toy', 'keys.bin'), 16);
  await expect(compactMemory({ memoriesDir: memories }, 'toy')).rejects.toMatchObject({
    code: 'MEMORY_CORRUPT',
  });
});

test('memories whose distances mean different things are not merged', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'one', [entry(0)]);
  await shelve(memories, 'other', [entry(1)]);
  const path = join(memories, 'other', 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...manifest, modelHash: 'b'.repeat(64) }));
  await expect(mergeMemories({ memoriesDir: memories }, 'both', ['one', 'other'])).rejects.toMatchObject({
    code: 'MEMORY_MODEL_MISMATCH',
    path: ['memories', 1, 'modelHash'],
  });
});

test('a comparison names what was added, removed and relabelled', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0), entry(1), entry(2)]);
  await shelve(memories, 'toy@1.1.0', [entry(0), entry(1, 'P20'), entry(3)]);
  const { shared, added, removed, relabelled } = await compareMemories(memories, 'toy@1.0.0', 'toy@1.1.0');
  expect(shared).toBe(1);
  expect(added.map(({ id }) => id)).toEqual([entry(3).id]);
  expect(removed.map(({ id }) => id)).toEqual([entry(2).id]);
  expect(relabelled.map(({ before, after }) => [before.label, after.label])).toEqual([['P19', 'P20']]);
});
