import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../src/datasets/detect.js';
import { openDataset, parseDatasetReference } from '../../src/datasets/open.js';
import type { DatasetFormat } from '../../src/datasets/ports.js';
import { all, fileWith, folderWith, jsonLines } from './files.js';

const pure = (id: string) => ({ doc_key: id, sentences: [['One', '.']], ner: [[]], relations: [[]] });

const SAMPLES: readonly (readonly [DatasetFormat, string])[] = [
  ['pure', jsonLines(pure('a "h": {"x"}'))],
  ['opennre', jsonLines({ text: 'a b', relation: 'r', h: { pos: [0, 1] }, t: { pos: [2, 3] } })],
  ['tacred', JSON.stringify([{ id: 'x', relation: 'no_relation', token: ['a'], subj_start: 0 }], null, 2)],
  ['docred', JSON.stringify([{ title: 'x', vertexSet: [], sents: [['a']] }])],
  ['knowledgenet', jsonLines({ documentId: '1', text: 'x', properties: [], facts: [] })],
  ['knowledgenet', jsonLines({ documentId: '1', documentText: 'x', passages: [] })],
  ['conll04', "#doc 1\n0\tRain\tO\t['N']\t[0]\n"],
  ['kbp37', '0\t" <e1> A </e1> of <e2> B </e2> . "\norg:members(e1,e2)\n'],
  ['semeval', '1\t"The <e1>lid</e1> of a <e2>box</e2>."\nComponent-Whole(e1,e2)\n'],
];

describe('a data set whose format is not named', () => {
  it.each(SAMPLES)('is taken for %s when it looks like it: %s', async (format, content) => {
    expect(await detectFormat(await fileWith(content))).toBe(format);
    expect(await detectFormat(await fileWith(`\ufeff${content}`))).toBe(format);
  });

  it('is taken for what lies in the folder', async () => {
    expect(await detectFormat(await folderWith({ 'concept/1.con': '', 'txt/1.txt': '' }))).toBe('i2b2');
    expect(await detectFormat(await folderWith({ 'a/1.ann': '', 'a/1.txt': '' }))).toBe('brat');
  });

  it.each(['', 'Once upon a time.', '{"text": "no more"}', '[1, 2]'])('is refused: %j', async (content) => {
    await expect(openDataset('auto', await fileWith(content))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: ['format'],
    });
  });

  it('is refused when its files are of two formats', async () => {
    const folder = await folderWith({ a: jsonLines(pure('a')), b: SAMPLES[6]![1] });
    await expect(openDataset('auto', [join(folder, 'a'), join(folder, 'b')])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: ['paths', 1],
    });
  });
});

describe('a data set', () => {
  it('is all its files, one after the other, anew each time it is read', async () => {
    const folder = await folderWith({ a: jsonLines(pure('a')), b: jsonLines(pure('b'), pure('c')) });
    const paths = [join(folder, 'a'), join(folder, 'b')];
    let bytes = 0;
    const dataset = await openDataset('auto', paths, { onBytes: (read) => (bytes += read) });
    expect(dataset).toMatchObject({ format: 'pure', paths });
    for (let times = 1; times <= 2; times++) {
      expect((await all(dataset)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(bytes).toBe(times * 3 * jsonLines(pure('a')).length);
    }
  });

  it('that is not there, or is in no known format, is refused before anything is read', async () => {
    await expect(openDataset('pure', '/no/such/file')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      path: ['/no/such/file'],
    });
    await expect(openDataset('pure', [])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const path = await fileWith('x');
    await expect(openDataset('csv' as DatasetFormat, path)).rejects.toMatchObject({ path: ['format'] });
  });

  it('that is a folder where a file is expected is refused', async () => {
    const dataset = await openDataset('pure', await folderWith({}));
    await expect(all(dataset)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that is not UTF-8 is refused by line', async () => {
    const path = await fileWith(Uint8Array.of(0x23, 0x64, 0x6f, 0x63, 0x0a, 0xff, 0xfe));
    const dataset = await openDataset('conll04', path);
    await expect(all(dataset)).rejects.toMatchObject({ code: 'MALFORMED_TEXT', path: [path, 'line', 2] });
  });
});

describe('a reference to a data set', () => {
  it.each([
    ['pure:a.json', { format: 'pure', paths: ['a.json'] }],
    ['auto:a.json,b/c.json', { format: 'auto', paths: ['a.json', 'b/c.json'] }],
    ['a.json', { format: 'auto', paths: ['a.json'] }],
    ['C:\\data\\a.json', { format: 'auto', paths: ['C:\\data\\a.json'] }],
  ])('%s says format and files', (reference, expected) => {
    expect(parseDatasetReference(reference)).toEqual(expected);
  });

  it.each([
    ['xml:a.json', ['format']],
    ['pure:', ['paths']],
    ['', ['paths']],
  ])('%j is refused', (reference, path) => {
    expect(() => parseDatasetReference(reference)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', path }) as Error,
    );
  });
});
