import { describe, expect, it } from 'vitest';
import { readAnnotatedDocuments } from '../../src/evaluation/annotated-documents.js';
import { withGoldSpans } from '../../src/evaluation/given-mentions.js';
import { readKnowledgeNetPassages } from '../../src/evaluation/judged-passages.js';
import type { Passage } from '../../src/evaluation/passages.js';
import { fileWith, jsonLines, publicData } from '../datasets/files.js';
import { schema } from '../inference/real-models.js';

describe('KnowledgeNet passages', () => {
  const read = async (...lines: unknown[]): Promise<Passage[]> =>
    readKnowledgeNetPassages(await fileWith(jsonLines(...lines)), schema);

  it('hold facts over the predicates that answer to their properties', async () => {
    const text = '🎻 Clara wed Robert.';
    const [passage] = await read({
      documentId: '7',
      text,
      properties: ['SPOUSE', 'CHILD_OF'],
      facts: [{ subject: [2, 7], object: [12, 18], property: 'SPOUSE' }],
    });
    expect(passage).toMatchObject({ group: '7', annotated: new Set(['P26', 'P22']) });
    const [fact] = passage?.facts ?? [];
    expect(fact?.predicate).toBe('P26');
    expect(text.slice(fact?.subject.start, fact?.subject.end)).toBe('Clara');
    expect(text.slice(fact?.object.start, fact?.object.end)).toBe('Robert');
  });

  it('with a property that no predicate answers to are refused, and the line is named', async () => {
    const good = { documentId: '1', text: 'x', properties: [], facts: [] };
    await expect(read(good, { ...good, properties: ['HEIGHT'] })).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/:2: no predicate answers to HEIGHT$/) as string,
    });
  });

  it('without any passage are refused, and the file is named', async () => {
    await expect(read()).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('holds no text, expected KnowledgeNet passages') as string,
    });
  });

  const { path, absent } = publicData('knowledgenet/dev.jsonl');
  it.skipIf(absent)('of the public file: every fact, of every document', async () => {
    const passages = await readKnowledgeNetPassages(path, schema);
    const facts = passages.flatMap((passage) => passage.facts);
    const perPredicate = new Map<string, number>();
    for (const { predicate } of facts) perPredicate.set(predicate, (perPredicate.get(predicate) ?? 0) + 1);
    expect(passages).toHaveLength(1440);
    expect(new Set(passages.map(({ group }) => group)).size).toBe(1007);
    expect(facts).toHaveLength(2709);
    expect(Object.fromEntries(perPredicate)).toEqual({
      P102: 116,
      P108: 367,
      P112: 130,
      P159: 163,
      P169: 102,
      P19: 261,
      P22: 193,
      P26: 308,
      P27: 137,
      P551: 236,
      P569: 155,
      P570: 128,
      P571: 130,
      P69: 184,
      P749: 99,
    });
  });
});

describe('gold spans as given mentions', () => {
  it('take the place of the detected mentions that they touch, and their types where they have none', () => {
    const text = 'He and Clara Wieck moved to Leipzig in May.';
    const passage: Passage = {
      id: '1',
      group: '1',
      text,
      annotated: new Set(['P26']),
      facts: [{ subject: { start: 0, end: 2 }, object: { start: 7, end: 12 }, predicate: 'P26' }],
    };
    const detected = [
      { start: 7, end: 18, type: 'PER' as const },
      { start: 28, end: 35, type: 'LOC' as const },
    ];
    expect(withGoldSpans(passage, detected, new Set(['he']), schema)).toEqual([
      { start: 0, end: 2, type: 'PRON' },
      { start: 7, end: 12, type: 'PER' },
      { start: 28, end: 35, type: 'LOC' },
    ]);
  });
});

describe('annotated documents', () => {
  const mention = (sentence: number, from: number, to: number, type: string) => ({
    sent_id: sentence,
    pos: [from, to],
    type,
  });

  it('relate entities over the predicates of the schema, inverses exchanged, others left out', async () => {
    const document = {
      title: 'one',
      sents: [
        ['Ada', "'s", 'father', 'was', 'Byron', '.'],
        ['(', 'Ada', ')', 'lived', 'in', 'London', '.'],
      ],
      vertexSet: [
        [mention(0, 0, 1, 'PER'), mention(1, 1, 2, 'PER')],
        [mention(0, 4, 5, 'PER')],
        [mention(1, 5, 6, 'LOC')],
        // Another entity on the span of the first one's second mention: the first keeps it.
        [mention(1, 1, 2, 'ORG')],
      ],
      labels: [
        { r: 'P40', h: 1, t: 0 },
        { r: 'P22', h: 0, t: 1 },
        { r: 'P551', h: 0, t: 2 },
        { r: 'P9999', h: 0, t: 2 },
      ],
    };
    const path = await fileWith(JSON.stringify([document]));
    const [read] = await readAnnotatedDocuments(path, schema, 'natural');
    expect(read?.text).toBe("Ada's father was Byron.\n\n(Ada) lived in London.");
    expect(
      read?.mentions.map(({ start, end, ...rest }) => ({ words: read.text.slice(start, end), ...rest })),
    ).toEqual([
      { words: 'Ada', type: 'PER', entity: '0', sentence: 0 },
      { words: 'Byron', type: 'PER', entity: '1', sentence: 0 },
      { words: 'Ada', type: 'PER', entity: '0', sentence: 1 },
      { words: 'London', type: 'LOC', entity: '2', sentence: 1 },
    ]);
    expect(read?.relations).toEqual([
      { subject: '0', predicate: 'P22', object: '1' },
      { subject: '0', predicate: 'P551', object: '2' },
    ]);
  });

  it('with a type that is no type of the product are refused, and the document is named', async () => {
    const bad = { title: 't', sents: [['One', '.']], vertexSet: [[mention(0, 0, 1, 'BIRD')]], labels: [] };
    const path = await fileWith(JSON.stringify([bad]));
    await expect(readAnnotatedDocuments(path, schema, 'spaced')).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [`${path}:1`, 'mentions', 0, 'type'],
    });
  });

  const { path, absent } = publicData('redocred/dev.json');
  it.skipIf(absent)('of the public file: every mention and every relation that the schema has', async () => {
    const documents = await readAnnotatedDocuments(path, schema, 'natural');
    const count = (of: (document: (typeof documents)[number]) => number): number =>
      documents.reduce((sum, document) => sum + of(document), 0);
    expect([
      documents.length,
      count(({ mentions }) => mentions.length),
      count(({ mentions }) => new Set(mentions.map(({ entity }) => entity)).size),
      count(({ relations }) => relations.length),
    ]).toEqual([250, 6478, 4826, 6936]);
  });
});
