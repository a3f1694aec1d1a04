import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileWith, folderWith, inWords, jsonLines, textsOf } from './files.js';

const FLAT = {
  documentId: '7',
  text: '🎻 Clara wed Robert.',
  properties: ['SPOUSE', 'CHILD_OF'],
  facts: [
    {
      subject: [2, 7],
      object: [12, 18],
      subjectUri: 'http://www.wikidata.org/entity/Q1',
      property: 'SPOUSE',
    },
    { subject: [12, 18], object: [2, 7], property: 'SPOUSE' },
  ],
};
const NESTED = {
  fold: 1,
  documentId: '9',
  documentText: 'Liv Moe\n\n🎻 Liv wed Per. They left.',
  passages: [
    {
      passageId: '9:9:23',
      passageStart: 9,
      passageEnd: 23,
      passageText: '🎻 Liv wed Per.',
      exhaustivelyAnnotatedProperties: [
        { propertyId: '12', propertyName: 'SPOUSE', propertyDescription: '' },
      ],
      facts: [
        {
          factId: '9:11:14:19:22:12',
          propertyId: '12',
          subjectStart: 11,
          subjectEnd: 14,
          objectStart: 19,
          objectEnd: 22,
          subjectUri: '',
          objectUri: 'Q2',
        },
      ],
    },
  ],
};

describe('the KnowledgeNet reader', () => {
  it('takes a passage a line, and says which properties were judged', async () => {
    const [text] = await textsOf('knowledgenet', await fileWith(jsonLines(FLAT)));
    expect(text).toMatchObject({ document: '7', judgedLabels: ['SPOUSE', 'CHILD_OF'] });
    expect(text!.sentences).toBeUndefined();
    expect(inWords(text!)).toEqual({
      mentions: ['Clara/ENTITY', 'Robert/ENTITY'],
      relations: ['Clara SPOUSE Robert', 'Robert SPOUSE Clara'],
    });
    expect(text!.mentions[0]!.entity).toBe('http://www.wikidata.org/entity/Q1');
  });

  it('takes spans by their names, too', async () => {
    const named = FLAT.facts.map(({ subject, object, ...fact }) => ({
      ...fact,
      subject: { start: subject[0], end: subject[1] },
      object: { start: object[0], end: object[1] },
    }));
    const [text] = await textsOf('knowledgenet', await fileWith(jsonLines({ ...FLAT, facts: named })));
    expect(inWords(text!).relations).toEqual(['Clara SPOUSE Robert', 'Robert SPOUSE Clara']);
  });

  it("takes the data set's own documents with passages", async () => {
    const [text] = await textsOf('knowledgenet', await fileWith(jsonLines(NESTED)));
    expect(text).toMatchObject({ id: '9:9:23', document: '9', judgedLabels: ['SPOUSE'] });
    expect(inWords(text!).relations).toEqual(['Liv SPOUSE Per']);
  });

  it.each([
    [{ ...FLAT, text: 3 }, ['text']],
    [{ ...FLAT, facts: [{ ...FLAT.facts[0], subject: 'Clara' }] }, ['facts', 0, 'subject']],
    [{ ...FLAT, facts: [{ subject: [2, 7], object: [12, 30], property: 'SPOUSE' }] }, ['facts', 0, 'object']],
    [
      { ...FLAT, facts: [{ subject: [7, 7], object: [12, 18], property: 'SPOUSE' }] },
      ['facts', 0, 'subject'],
    ],
    [
      { ...NESTED, passages: [{ ...NESTED.passages[0], exhaustivelyAnnotatedProperties: [] }] },
      ['passages', 0, 'facts', 0, 'propertyId'],
    ],
    [
      { ...NESTED, passages: [{ ...NESTED.passages[0], passageStart: 12 }] },
      ['passages', 0, 'facts', 0, 'subjectStart'],
    ],
  ])('names the field of %j', async (line, field) => {
    const path = await fileWith(jsonLines(line));
    await expect(textsOf('knowledgenet', path)).rejects.toMatchObject({ path: [path, 'line', 1, ...field] });
  });
});

describe('the reader of marked sentences', () => {
  it('reads KBP37 with its directions', async () => {
    const path = await fileWith(
      `0\t" <e1> Nordlys </e1> was founded by <e2> Ada Lind </e2> . "\norg:founded_by(e1,e2)\n\n\n` +
        `1\t" <e1> Ada Lind </e1> founded <e2> Nordlys </e2> . "\norg:founded_by(e2,e1) \n\n\n` +
        `2\t" <e1> Oslo </e1> and <e2> Nordlys </e2> . "\nno_relation\n\n\n`,
    );
    const texts = await textsOf('kbp37', path);
    expect(texts.map(({ text }) => text)).toEqual([
      'Nordlys was founded by Ada Lind .',
      'Ada Lind founded Nordlys .',
      'Oslo and Nordlys .',
    ]);
    expect(texts.map((text) => inWords(text).relations)).toEqual([
      ['Nordlys org:founded_by Ada Lind'],
      ['Nordlys org:founded_by Ada Lind'],
      [],
    ]);
    expect(texts.map(({ judged }) => judged)).toEqual([
      [{ subject: 0, object: 1 }],
      [{ subject: 1, object: 0 }],
      [
        { subject: 0, object: 1 },
        { subject: 1, object: 0 },
      ],
    ]);
    expect(texts[1]!.origin).toBe(`${path}:5`);
  });

  it('reads SemEval with comments and without answers', async () => {
    const path = await fileWith(
      '1\t"The <e1>string section</e1> of the <e2>orchestra</e2> slept."\r\nComponent-Whole(e1,e2)\r\nComment: parts\r\n\r\n' +
        '2\t"A <e1>cat</e1> saw a <e2>kettle</e2>."\r\nOther\r\nComment:\r\n\r\n' +
        '3\t"A <e1>cat</e1> in a <e2>box</e2>."\r\n',
    );
    const [part, other, unanswered] = await textsOf('semeval', path);
    expect(part!.text).toBe('The string section of the orchestra slept.');
    expect(inWords(part!).relations).toEqual(['string section Component-Whole orchestra']);
    expect(other).toMatchObject({ relations: [] });
    expect(other!.judged).toHaveLength(2);
    expect(unanswered).toMatchObject({ id: '3', relations: [], judged: [] });
  });

  it('leaves out a sentence that marks nothing, and says so', async () => {
    const skipped: string[] = [];
    const path = await fileWith(
      '0\t" In <e1> </e1> and <e2> Oslo </e2> . "\nno_relation\n\n1\t" <e1> A </e1> <e2> B </e2> "\nno_relation\n',
    );
    const texts = await textsOf('kbp37', path, {
      onSkipped: ({ line }, reason) => skipped.push(`${line}: ${reason}`),
    });
    expect(texts.map(({ id }) => id)).toEqual(['1']);
    expect(skipped).toEqual(['1: a mention without text']);
  });

  it.each([
    ['0\t"<e1>A</e1> and B"\nOther\n', 1, ['e2']],
    ['0\t"<e1>A</e1> and <e2>B</e2>"\nCause-Effect\n', 2, ['relation']],
    ['Other\n', 1, []],
  ])('names line and part of %j', async (content, line, field) => {
    const path = await fileWith(content);
    await expect(textsOf('semeval', path)).rejects.toMatchObject({ path: [path, 'line', line, ...field] });
  });
});

const RECORD = {
  'txt/record-1.txt': 'HISTORY :\nThe  patient took aspirin for fever .\nNo rash .\n',
  'concept/record-1.con':
    'c="aspirin" 2:3 2:3||t="treatment"\nc="fever" 2:5 2:5||t="problem"\nc="rash" 3:1 3:1||t="problem"\n',
  'rel/record-1.rel': 'c="aspirin" 2:3 2:3||r="TrAP"||c="fever" 2:5 2:5\n',
};

const without = (file: string) =>
  Object.fromEntries(Object.entries(RECORD).filter(([name]) => name !== file));

describe('the i2b2 reader', () => {
  it('brings the files of a record together from folders by kind', async () => {
    const folder = await folderWith({ ...RECORD, 'txt/record-2.txt': 'Not annotated .\n' });
    const texts = await textsOf('i2b2', folder);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatchObject({
      id: 'record-1',
      text: RECORD['txt/record-1.txt'],
      judged: 'all-in-sentence',
    });
    expect(inWords(texts[0]!)).toEqual({
      mentions: ['aspirin/treatment', 'fever/problem', 'rash/problem'],
      relations: ['aspirin TrAP fever'],
    });
    expect(texts[0]!.sentences!.map(({ start, end }) => texts[0]!.text.slice(start, end))).toEqual([
      'HISTORY :',
      'The  patient took aspirin for fever .',
      'No rash .',
    ]);
  });

  it('judges nothing without relations', async () => {
    expect(await textsOf('i2b2', await folderWith(without('rel/record-1.rel')))).toMatchObject([
      { relations: [], judged: [] },
    ]);
  });

  it.each([
    ['concept/record-1.con', 'c="aspirin" 2:3 2:9||t="treatment"', ['c']],
    ['concept/record-1.con', 'c="aspirin" 2:3||t="treatment"', []],
    ['concept/record-1.con', 'c="aspirin" 2:3 2:1||t="treatment"', ['c']],
    ['rel/record-1.rel', 'c="aspirin" 2:3 2:3||r="TrAP"||c="pain" 2:6 2:6', ['c']],
    ['rel/record-1.rel', 'c="aspirin" 2:3 2:3||r="TrAP"', []],
  ])('names file and line of %s with %s', async (file, line, field) => {
    const folder = await folderWith({ ...RECORD, [file]: `\n${line}\n` });
    await expect(textsOf('i2b2', folder)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [join(folder, file), 'line', 2, ...field],
    });
  });

  it('refuses concepts without their text, and two records of one name', async () => {
    await expect(textsOf('i2b2', await folderWith(without('txt/record-1.txt')))).rejects.toThrow(
      'no record-1.txt',
    );
    const twice = await folderWith({ ...RECORD, 'old/record-1.con': '' });
    await expect(textsOf('i2b2', twice)).rejects.toThrow('has the same name');
  });
});

const TEXT = '🎻 Clara Wieck wed Robert. She played.\n';
const ANNOTATIONS = [
  'T1\tPerson 2 13\tClara Wieck',
  'T2\tPerson 18 24\tRobert',
  'T3\tPerson 26 29\tShe',
  'T4\tMarriage 14 17\twed',
  'T5\tNote 2 7;18 24\tClara Robert',
  'E1\tMarriage:T4 Who:T1 Whom:T2',
  'R1\tSpouse Arg1:T1 Arg2:T2\t',
  'R2\tPartOf Arg1:T2 Arg2:E1',
  '*\tEquiv T1 T3',
  'N1\tReference T1 Wikidata:Q2\tClara Schumann',
  'A1\tNegation E1',
  '#1\tAnnotatorNotes T1\tsure',
].join('\n');

describe('the brat reader', () => {
  it('reads mentions, relations, events as their trigger, equivalences and normalisations', async () => {
    const folder = await folderWith({ 'a/1.txt': TEXT, 'a/1.ann': ANNOTATIONS, 'README.txt': 'about' });
    const [text, ...others] = await textsOf('brat', folder);
    expect(others).toEqual([]);
    expect(inWords(text!)).toEqual({
      mentions: [
        'Clara Wieck/Person',
        'Clara Wieck wed Robert/Note',
        'wed/Marriage',
        'Robert/Person',
        'She/Person',
      ],
      relations: ['Clara Wieck Spouse Robert', 'Robert PartOf wed'],
    });
    expect(text!.mentions.map(({ entity }) => entity)).toEqual([
      'Wikidata:Q2',
      undefined,
      undefined,
      undefined,
      'Wikidata:Q2',
    ]);
  });

  it('takes one file for its document', async () => {
    const folder = await folderWith({ '1.txt': TEXT, '1.ann': ANNOTATIONS, '2.txt': 'x', '2.ann': '' });
    for (const name of ['1.ann', '1.txt'])
      expect((await textsOf('brat', join(folder, name))).map(({ id }) => id)).toEqual(['1']);
  });

  it.each([
    ['T1\tPerson 2 99\tClara', ['T1']],
    ['T1\tPerson two 9\tClara', ['T1']],
    ['R1\tSpouse Arg1:T1 Arg2:T9', ['T9']],
    ['R1\tSpouse Arg1:T1', ['R1']],
    ['Clara is a person', []],
  ])('names line and annotation of %s', async (line, field) => {
    const folder = await folderWith({ '1.txt': TEXT, '1.ann': `T1\tPerson 2 7\tClara\n${line}\n` });
    await expect(textsOf('brat', folder)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [join(folder, '1.ann'), 'line', 2, ...field],
    });
  });
});
