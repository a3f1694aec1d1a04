import { describe, expect, it } from 'vitest';
import { openCorpus } from '../../src/datasets/corpus.js';
import type { CorpusFormat } from '../../src/datasets/ports.js';
import { all, fileWith, folderWith, jsonLines } from './files.js';

const HEADER =
  '"ROW_ID","SUBJECT_ID","HADM_ID","CHARTDATE","CHARTTIME","STORETIME","CATEGORY","DESCRIPTION","CGID","ISERROR","TEXT"';
const note = (row: number, isError: string, text: string) =>
  `${row},22532,167853,"2151-08-04",,,"Discharge summary","Report",,${isError},"${text}"`;

describe('MIMIC-III notes', () => {
  it('are read with their line, over line breaks and doubled quotes', async () => {
    const path = await fileWith(
      [HEADER, note(174, '', 'Admitted for\n""chest pain"",\nthen well.'), note(175, '', 'Slept.'), ''].join(
        '\n',
      ),
    );
    expect(await all(await openCorpus('mimic', path))).toEqual([
      { id: '174', origin: `${path}:2`, text: 'Admitted for\n"chest pain",\nthen well.' },
      { id: '175', origin: `${path}:5`, text: 'Slept.' },
    ]);
  });

  it('that are marked as errors or hold nothing are left out', async () => {
    const skipped: string[] = [];
    const path = await fileWith(
      [HEADER, note(1, '1', 'Wrong chart.'), note(2, '', ' '), note(3, '', 'Fine.')].join('\r\n'),
    );
    const corpus = await openCorpus('mimic', path, { onSkipped: (_, reason) => skipped.push(reason) });
    expect((await all(corpus)).map(({ id }) => id)).toEqual(['3']);
    expect(skipped).toEqual(['marked as an error', 'without text']);
  });

  it.each([
    [`${HEADER}\n1,2,3\n`, 2],
    [`${HEADER}\n${note(1, '', 'Fine.')}\n2,"open`, 3],
    [`"ROW_ID","CATEGORY"\n1,"x"\n`, 2],
  ])('name file and line of %j', async (content, line) => {
    const path = await fileWith(content);
    const corpus = await openCorpus('mimic', path);
    await expect(all(corpus)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: expect.arrayContaining([path, 'line', line]) as unknown[],
    });
  });

  it('may be given up before their end', async () => {
    const path = await fileWith(
      [HEADER, ...Array.from({ length: 5_000 }, (_, row) => note(row, '', 'Slept well. '.repeat(20)))].join(
        '\n',
      ),
    );
    for await (const { id } of await openCorpus('mimic', path)) if (id === '3') break;
    expect(await all(await openCorpus('mimic', path))).toHaveLength(5_000);
  });
});

describe('a corpus', () => {
  it('of text is a file, or all .txt files of a folder', async () => {
    const folder = await folderWith({ 'b.txt': 'Two.', 'a/1.txt': 'One.', 'empty.txt': '\n', 'x.pdf': 'no' });
    expect((await all(await openCorpus('text', folder))).map(({ text }) => text)).toEqual(['One.', 'Two.']);
    expect(await all(await openCorpus('text', `${folder}/b.txt`))).toMatchObject([{ text: 'Two.' }]);
  });

  it('of JSON lines has its ids, or places in their stead', async () => {
    const path = await fileWith(
      jsonLines(
        { externalId: 'x', text: 'One.' },
        { id: 7, text: 'Two.' },
        { text: ' ' },
        { text: 'Three.' },
      ),
    );
    expect((await all(await openCorpus('jsonl', path))).map(({ id }) => id)).toEqual(['x', '7', `${path}:4`]);
    const bad = await fileWith(jsonLines({ text: 7 }));
    await expect(all(await openCorpus('jsonl', bad))).rejects.toMatchObject({
      path: [bad, 'line', 1, 'text'],
    });
  });

  it('that is not there, or of no known format, is refused', async () => {
    await expect(openCorpus('text', '/no/such/file')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(openCorpus('pdf' as CorpusFormat, 'x')).rejects.toMatchObject({ path: ['format'] });
  });
});
