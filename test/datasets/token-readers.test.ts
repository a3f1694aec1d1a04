import { describe, expect, it } from 'vitest';
import { fileWith, inWords, jsonLines, textsOf } from './files.js';

const PURE = {
  doc_key: 'abstract-1',
  sentences: [
    ['We', 'train', 'a', 'tagger', 'on', 'news', '.'],
    ['It', 'beats', 'rules', '.'],
  ],
  ner: [
    [
      [2, 3, 'Method'],
      [5, 5, 'Material'],
    ],
    [
      [7, 7, 'Generic'],
      [9, 9, 'Method'],
    ],
  ],
  predicted_ner: [[[3, 3, 'Method', 7.1, 0.99]], []],
  relations: [[[5, 5, 2, 3, 'USED-FOR']], [[7, 7, 9, 9, 'COMPARE']]],
  clusters: [
    [
      [2, 3],
      [7, 7],
    ],
  ],
};

describe('the PURE reader', () => {
  it('gives sentences, mentions with their cluster, relations and the predicted layer', async () => {
    const [text] = await textsOf('pure', await fileWith(jsonLines(PURE)));
    expect(text).toMatchObject({
      id: 'abstract-1',
      text: 'We train a tagger on news .\n\nIt beats rules .',
      judged: 'all-in-sentence',
    });
    expect(text!.sentences!.map(({ start, end }) => text!.text.slice(start, end))).toEqual([
      'We train a tagger on news .',
      'It beats rules .',
    ]);
    expect(inWords(text!)).toEqual({
      mentions: ['a tagger/Method', 'news/Material', 'It/Generic', 'rules/Method'],
      relations: ['news USED-FOR a tagger', 'It COMPARE rules'],
    });
    expect(text!.mentions.map(({ entity }) => entity)).toEqual(['0', undefined, '0', undefined]);
    expect(text!.predictedMentions).toEqual([{ start: 11, end: 17, type: 'Method' }]);
  });

  it('joins tokens as people write when asked to', async () => {
    const [text] = await textsOf('pure', await fileWith(jsonLines(PURE)), { tokens: 'natural' });
    expect(text!.text).toBe('We train a tagger on news.\n\nIt beats rules.');
    expect(inWords(text!).mentions).toContain('rules/Method');
  });

  it.each([
    [{ ner: [[], [[7, 'x', 'Generic']]] }, ['ner', 1, 0, 1]],
    [{ ner: [[[6, 7, 'Generic']], []] }, ['ner', 0, 0]],
    [{ ner: [[], [[10, 11, 'Generic']]] }, ['ner', 1, 0]],
    [{ ner: [[]] }, ['ner']],
    [{ sentences: 'x' }, ['sentences']],
    [{ sentences: [[], []] }, ['sentences']],
    [{ relations: [[[0, 0, 2, 3, 'USED-FOR']], []] }, ['relations', 0, 0]],
    [{ predicted_ner: [[[99, 99, 'Method']], []] }, ['predicted_ner', 0, 0]],
  ])('names file, line and field of %j', async (change, field) => {
    const path = await fileWith(jsonLines(PURE, { ...PURE, ...change }));
    await expect(textsOf('pure', path)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [path, 'line', 2, ...field],
      message: expect.stringMatching(`^${path}:2: ${field.join('.')}: `) as string,
    });
  });

  it('names the line that is not JSON', async () => {
    const path = await fileWith(`${jsonLines(PURE)}{"sentences":`);
    await expect(textsOf('pure', path)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [path, 'line', 2],
    });
  });
});

const OPENNRE = {
  token: ['The', 'Elbe', 'flows', 'through', 'Dresden', '.'],
  h: { name: 'elbe', id: 'Q1644', pos: [1, 2], type: 'LOC' },
  t: { name: 'dresden', id: '', pos: [4, 5] },
  relation: 'flows through',
};

describe('the OpenNRE reader', () => {
  it('judges the one pair of a line', async () => {
    const path = await fileWith(jsonLines(OPENNRE, { ...OPENNRE, relation: 'NA' }));
    const [holds, none] = await textsOf('opennre', path);
    expect(inWords(holds!)).toEqual({
      mentions: ['Elbe/LOC', 'Dresden/ENTITY'],
      relations: ['Elbe flows through Dresden'],
    });
    expect(holds!.mentions.map(({ entity }) => entity)).toEqual(['Q1644', undefined]);
    expect(holds).toMatchObject({ id: `${path}:1`, judged: [{ subject: 0, object: 1 }] });
    expect(none).toMatchObject({ relations: [], judged: [{ subject: 0, object: 1 }] });
  });

  it('counts code points where the sentence is text', async () => {
    const line = {
      text: '🌊 The Elbe flows through Dresden.',
      h: { pos: [6, 10] },
      t: { pos: [25, 32] },
      relation: 'flows through',
    };
    const [text] = await textsOf('opennre', await fileWith(jsonLines(line)));
    expect(inWords(text!).relations).toEqual(['Elbe flows through Dresden']);
  });

  it.each([
    [{ h: { ...OPENNRE.h, pos: [1, 1] } }, ['h', 'pos']],
    [{ t: { ...OPENNRE.t, pos: [4, 9] } }, ['t', 'pos']],
    [{ t: {} }, ['t', 'pos']],
    [{ token: undefined }, ['token']],
    [{ relation: 7 }, ['relation']],
  ])('names the field of %j', async (change, field) => {
    const path = await fileWith(jsonLines({ ...OPENNRE, ...change }));
    await expect(textsOf('opennre', path)).rejects.toMatchObject({ path: [path, 'line', 1, ...field] });
  });
});

const TACRED = {
  id: '61b3a5e8c9',
  docid: 'news-7',
  relation: 'org:founded_by',
  token: ['Ada', 'Lind', 'founded', 'Nordlys', 'in', 'Oslo', '.'],
  subj_start: 3,
  subj_end: 3,
  obj_start: 0,
  obj_end: 1,
  subj_type: 'ORGANIZATION',
  obj_type: 'PERSON',
  stanford_pos: ['NNP', 'NNP', 'VBD', 'NNP', 'IN', 'NNP', '.'],
};

describe('the TACRED reader', () => {
  it('streams the array, and keeps pairs without relation', async () => {
    const path = await fileWith(JSON.stringify([TACRED, { ...TACRED, id: 'b', relation: 'no_relation' }]));
    const [holds, none] = await textsOf('tacred', path);
    expect(holds).toMatchObject({ id: '61b3a5e8c9', document: 'news-7', origin: `${path}:1` });
    expect(inWords(holds!)).toEqual({
      mentions: ['Nordlys/ORGANIZATION', 'Ada Lind/PERSON'],
      relations: ['Nordlys org:founded_by Ada Lind'],
    });
    expect(none).toMatchObject({ id: 'b', relations: [], judged: [{ subject: 0, object: 1 }] });
  });

  it('names the line on which an example begins, and the field', async () => {
    const path = await fileWith(JSON.stringify([TACRED, { ...TACRED, subj_end: 12 }], null, 1));
    const first = await textsOf('tacred', await fileWith(JSON.stringify([TACRED], null, 1)));
    expect(first[0]!.origin).toMatch(/:2$/);
    await expect(textsOf('tacred', path)).rejects.toMatchObject({
      path: [path, 'line', 2 + JSON.stringify(TACRED, null, 1).split('\n').length, 'subj_start'],
    });
  });

  it.each([
    ['{}', 1, 0],
    ['[{"id": "a",}]', 1, 0],
    ['', 1, 0],
    [`[\n${JSON.stringify(TACRED)},\n${JSON.stringify(TACRED).slice(0, 40)}`, 3, 1],
    [`[\n${JSON.stringify(TACRED)}`, 2, 1],
  ])('names where %j stops to be JSON', async (content, line, element) => {
    const path = await fileWith(content);
    await expect(textsOf('tacred', path)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [path, 'line', line, element],
    });
  });
});

const DOCRED = {
  title: 'Oda Berg',
  sents: [
    ['Oda', 'Berg', 'was', 'born', 'in', 'Bergen', '.'],
    ['Berg', 'sang', 'in', 'Norway', '.'],
  ],
  vertexSet: [
    [
      { pos: [0, 2], sent_id: 0, type: 'PER', name: 'Oda Berg' },
      { pos: [0, 1], sent_id: 1, type: 'PER', name: 'Berg' },
    ],
    [{ pos: [5, 6], sent_id: 0, type: 'LOC', name: 'Bergen' }],
    [{ pos: [3, 4], sent_id: 1, type: 'LOC', name: 'Norway' }],
  ],
  labels: [
    { r: 'P19', h: 0, t: 1, evidence: [0] },
    { r: 'P17', h: 1, t: 2, evidence: [] },
    { r: 'P27', h: 0, t: 2, evidence: [1] },
  ],
};

describe('the DocRED reader', () => {
  it('relates mentions that meet in a sentence, and the first ones of entities that never do', async () => {
    const [text] = await textsOf('docred', await fileWith(JSON.stringify([DOCRED])));
    expect(inWords(text!)).toEqual({
      mentions: ['Oda Berg/PER', 'Bergen/LOC', 'Berg/PER', 'Norway/LOC'],
      relations: ['Oda Berg P19 Bergen', 'Bergen P17 Norway', 'Berg P27 Norway'],
    });
    expect(text!.mentions.map(({ entity }) => entity)).toEqual(['0', '1', '0', '2']);
  });

  it('judges nothing where the labels are kept back', async () => {
    const [text] = await textsOf(
      'docred',
      await fileWith(JSON.stringify([{ ...DOCRED, labels: undefined }])),
    );
    expect(text).toMatchObject({ relations: [], judged: [] });
  });

  it.each([
    [{ labels: [{ r: 'P17', h: 0, t: 3 }] }, ['labels', 0, 't']],
    [{ labels: [{ h: 0, t: 1 }] }, ['labels', 0, 'r']],
    [{ vertexSet: [[{ pos: [0, 8], sent_id: 0, type: 'PER' }]] }, ['vertexSet', 0, 0, 'pos']],
    [{ vertexSet: [[{ pos: [0, 1], sent_id: 2, type: 'PER' }]] }, ['vertexSet', 0, 0, 'pos']],
    [{ vertexSet: [[]] }, ['vertexSet', 0]],
  ])('names the field of %j', async (change, field) => {
    const path = await fileWith(JSON.stringify([{ ...DOCRED, ...change }]));
    await expect(textsOf('docred', path)).rejects.toMatchObject({ path: [path, 'line', 1, ...field] });
  });
});

const CONLL04 = `#doc 17
0\tMayor\tO\t['N']\t[0]
1\tLiv\tB-Peop\t['N']\t[1]
2\tMoe\tI-Peop\t['Live_In', 'Work_For']\t[4, 7]
3\tof\tO\t['N']\t[3]
4\tOslo\tB-Loc\t['N']\t[4]
5\tleft\tO\t['N']\t[5]
6\tCity\tB-Org\t['N']\t[6]
7\tHall\tI-Org\t['N']\t[7]
#doc 18
0\tRain\tO\t['N']\t[0]
`;

describe('the CoNLL04 reader', () => {
  it('relates mentions by their last tokens', async () => {
    const path = await fileWith(CONLL04);
    const [text, other] = await textsOf('conll04', path);
    expect(text).toMatchObject({
      id: '17',
      origin: `${path}:1`,
      text: 'Mayor Liv Moe of Oslo left City Hall',
    });
    expect(inWords(text!)).toEqual({
      mentions: ['Liv Moe/Peop', 'Oslo/Loc', 'City Hall/Org'],
      relations: ['Liv Moe Live_In Oslo', 'Liv Moe Work_For City Hall'],
    });
    expect(other).toMatchObject({ id: '18', mentions: [], judged: 'all-in-sentence' });
  });

  it('tells mentions apart that follow one another', async () => {
    const rows = ['B-Loc', 'B-Loc', 'I-Loc', 'B-Org', 'I-Loc'];
    const content = `#doc 1\n${rows.map((tag, i) => `${i}\tw${i}\t${tag}\t['N']\t[${i}]\n`).join('')}`;
    const [text] = await textsOf('conll04', await fileWith(content));
    expect(inWords(text!).mentions).toEqual(['w0/Loc', 'w1 w2/Loc', 'w3/Org', 'w4/Loc']);
  });

  it.each([
    [`0\tRain\tO\t['N']\t[0]`, 1, []],
    [`#doc 1\n0\tRain\tO\t['N']`, 2, []],
    [`#doc 1\n1\tRain\tO\t['N']\t[0]`, 2, ['index']],
    [`#doc 1\n0\tRain\tLoc\t['N']\t[0]`, 2, ['tag']],
    [`#doc 1\n0\tOslo\tB-Loc\t[N]\t[0]`, 2, ['relations']],
    [`#doc 1\n0\tOslo\tB-Loc\t['Kill', 'N']\t[0]`, 2, ['heads']],
    [`#doc 1\n0\tOslo\tB-Loc\t['Kill']\t[1]\n1\tRain\tO\t['N']\t[1]`, 2, ['heads']],
    [`#doc 1\n0\tRain\tO\t['Kill']\t[0]`, 2, ['relations']],
    [`#doc 1\n#doc 2\n0\tRain\tO\t['N']\t[0]`, 1, []],
  ])('names line and column of %j', async (content, line, column) => {
    const path = await fileWith(content);
    await expect(textsOf('conll04', path)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [path, 'line', line, ...column],
    });
  });
});
