import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withGoldSpans } from '../../src/evaluation/given-mentions.js';
import { type Passage, readKnowledgeNet } from '../../src/evaluation/knowledgenet-reader.js';
import { readReDocRed } from '../../src/evaluation/redocred-reader.js';
import { joinTokens } from '../../src/evaluation/token-joining.js';
import { schema } from '../inference/real-models.js';

async function fileOf(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'neighborkb-evaluation-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'data');
  await writeFile(path, content);
  return path;
}

async function passages(...lines: unknown[]): Promise<Passage[]> {
  const path = await fileOf(lines.map((line) => JSON.stringify(line)).join('\n'));
  const read: Passage[] = [];
  for await (const passage of readKnowledgeNet(path, schema)) read.push(passage);
  return read;
}

describe('the KnowledgeNet reader', () => {
  it('turns code points into UTF-16 offsets and properties into predicates', async () => {
    const text = '🎻 Clara wed Robert.';
    const [passage] = await passages({
      documentId: '7',
      text,
      properties: ['SPOUSE', 'CHILD_OF'],
      facts: [{ subject: [2, 7], object: [12, 18], property: 'SPOUSE' }],
    });
    expect(passage?.annotated).toEqual(new Set(['P26', 'P22']));
    const [fact] = passage?.facts ?? [];
    expect(fact?.predicate).toBe('P26');
    expect(text.slice(fact?.subject.start, fact?.subject.end)).toBe('Clara');
    expect(text.slice(fact?.object.start, fact?.object.end)).toBe('Robert');
  });

  it('names the line of what it cannot read', async () => {
    const good = { documentId: '1', text: 'x', properties: [], facts: [] };
    await expect(passages(good, { ...good, text: 3 })).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: ['line', 2, 'text'],
    });
    await expect(passages({ ...good, properties: ['HEIGHT'] })).rejects.toThrow(
      'line 1: no predicate answers to HEIGHT',
    );
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

describe('the Re-DocRED reader', () => {
  const mention = (sentence: number, from: number, to: number, type: string) => ({
    sent_id: sentence,
    pos: [from, to],
    type,
  });

  it('keeps spans exact, exchanges inverses and leaves other properties out', async () => {
    const path = await fileOf(
      JSON.stringify([
        {
          title: 'one',
          sents: [
            ['Ada', "'s", 'father', 'was', 'Byron', '.'],
            ['(', 'Ada', ')', 'lived', 'in', 'London', '.'],
          ],
          vertexSet: [
            [mention(0, 0, 1, 'PER'), mention(1, 1, 2, 'PER')],
            [mention(0, 4, 5, 'PER')],
            [mention(1, 5, 6, 'LOC')],
          ],
          labels: [
            { r: 'P40', h: 1, t: 0 },
            { r: 'P22', h: 0, t: 1 },
            { r: 'P551', h: 0, t: 2 },
            { r: 'P9999', h: 0, t: 2 },
          ],
        },
      ]),
    );
    const [document] = await readReDocRed(path, schema, 'natural');
    expect(document?.text).toBe("Ada's father was Byron.\n\n(Ada) lived in London.");
    expect(document?.mentions.map(({ start, end }) => document.text.slice(start, end))).toEqual([
      'Ada',
      'Byron',
      'Ada',
      'London',
    ]);
    expect(document?.relations).toEqual([
      { subject: 0, predicate: 'P22', object: 1 },
      { subject: 0, predicate: 'P551', object: 2 },
    ]);
  });

  it('names the document of a mention outside its sentence', async () => {
    const bad = { title: 't', sents: [['One', '.']], vertexSet: [[mention(0, 0, 5, 'PER')]], labels: [] };
    await expect(readReDocRed(await fileOf(JSON.stringify([bad])), schema, 'spaced')).rejects.toMatchObject({
      code: 'INVALID_FILE',
      path: [0],
    });
    await expect(readReDocRed(await fileOf('{'), schema, 'spaced')).rejects.toMatchObject({
      code: 'INVALID_FILE',
    });
  });

  it.each([
    [['He', 'said', '"', 'no', '"', ',', 'then', 'left', '.'], 'He said "no", then left.'],
    [['the', 'Anglo', '-', 'Irish', 'poet'], 'the Anglo-Irish poet'],
    [['1890', '–', '1894'], '1890–1894'],
    [['12', 'May', '1890', '–', '3', 'June'], '12 May 1890–3 June'],
    [['4', 'May', '–', '6', 'June'], '4 May – 6 June'],
    [['$', '5', 'million', '(', 'about', '3', '%', ')'], '$5 million (about 3%)'],
  ])('joins tokens as people write: %j', (tokens, text) => {
    const joined = joinTokens(tokens, 'natural');
    expect(joined.text).toBe(text);
    expect(joined.spans.map(({ start, end }) => joined.text.slice(start, end))).toEqual(tokens);
  });
});
