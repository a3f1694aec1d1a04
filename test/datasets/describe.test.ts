import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDataset } from '../../src/datasets/describe.js';
import { Lengths } from '../../src/datasets/lengths.js';
import { openDataset } from '../../src/datasets/open.js';
import { fileWith, folderWith, jsonLines } from './files.js';
import { runInMemory } from '../cli/memory-io.js';

const line = (id: string, tokens: string[], relations: unknown[] = []) => ({
  doc_key: id,
  sentences: [tokens],
  ner: [[[0, 0, 'PER'], ...(tokens.length > 3 ? [[2, 2, 'LOC']] : [])]],
  relations: [relations],
});
const TRAIN = jsonLines(
  line('1', ['Ada', 'left', 'Oslo', '.'], [[0, 0, 2, 2, 'LIVED-IN']]),
  line('2', ['Liv', 'saw', 'Rome', '.']),
  line('3', ['Liv', 'slept', '.']),
);
const DEV = jsonLines(
  line('1', ['ada', 'left', 'Oslo', '.'], [[0, 0, 2, 2, 'SAW']]),
  line('2', ['Ada', 'left', 'Oslo', 'again', '.'], [[0, 0, 2, 2, 'LIVED-IN']]),
);

describe('the description of a data set', () => {
  it('counts labels, NIL pairs, types and what splits share', async () => {
    const folder = await folderWith({ train: TRAIN, dev: DEV });
    const splits = await Promise.all(
      ['train', 'dev'].map(async (name) => ({ name, texts: await openDataset('pure', join(folder, name)) })),
    );
    const { splits: described, overlaps } = await describeDataset(splits, () => []);
    expect(described[0]).toMatchObject({
      name: 'train',
      texts: 3,
      sentences: 3,
      mentions: {
        total: 5,
        byType: [
          { key: 'PER', count: 3 },
          { key: 'LOC', count: 2 },
        ],
      },
      relations: { total: 1, byLabel: [{ key: 'LIVED-IN', count: 1 }] },
      pairs: { judged: 4, nil: 3, nilShare: 0.75, severalLabels: 0, acrossSentences: 0 },
      wordsInSentence: { minimum: 3, median: 4, maximum: 4 },
    });
    expect(overlaps).toEqual([
      { one: 'train', other: 'dev', texts: 1, sentences: 1, entityPairs: 1, facts: 1 },
    ]);
  });

  it('splits texts whose sentences the data set does not say', async () => {
    const passage = { documentId: '1', text: 'A b. C d.', properties: [], facts: [] };
    const texts = await openDataset('knowledgenet', await fileWith(jsonLines(passage)));
    const { splits } = await describeDataset([{ name: 'x', texts }], () => [
      { start: 0, end: 4 },
      { start: 5, end: 9 },
    ]);
    expect(splits[0]).toMatchObject({
      sentences: 2,
      wordsInSentence: { mean: 3 },
      pairs: { nilShare: null },
    });
  });
});

describe('the spread of lengths', () => {
  it('has the percentiles of the sorted lengths, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), (values) => {
        const lengths = new Lengths();
        for (const value of values) lengths.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        const spread = lengths.distribution();
        expect(spread.minimum).toBe(sorted[0]);
        expect(spread.maximum).toBe(sorted.at(-1));
        expect(spread.median).toBe(sorted[Math.ceil(values.length / 2) - 1]);
        expect(spread.percentile95).toBe(sorted[Math.ceil(0.95 * values.length) - 1]);
      }),
    );
  });
});

describe('neighborkb dataset describe', () => {
  it('prints tables, or JSON, and how far it is on standard error', async () => {
    const folder = await folderWith({ train: TRAIN, dev: DEV });
    const files = [join(folder, 'train'), join(folder, 'dev')];
    const { code, stdout } = await runInMemory(['dataset', 'describe', 'pure', ...files]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/NIL share +75\.0% +50\.0%/);
    expect(stdout).toMatch(/LIVED-IN +1 +1\b/);
    const json = await runInMemory(['dataset', 'describe', 'auto', ...files, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ splits: [{ texts: 3 }, { texts: 2 }] });
  });

  it('ends with 3 and names the place of what it cannot read, with 2 for an unknown format', async () => {
    const path = await fileWith(`${TRAIN}{"sentences": 7}\n`);
    const bad = await runInMemory(['dataset', 'describe', 'pure', path]);
    expect(bad).toMatchObject({ code: 3, stdout: '' });
    expect(bad.stderr).toContain(`${path}:4: sentences: `);
    expect((await runInMemory(['dataset', 'describe', 'xml', path])).code).toBe(2);
    expect((await runInMemory(['dataset', 'describe', 'pure', '/no/such/file'])).code).toBe(3);
  });

  it('names texts that a reader leaves out', async () => {
    const path = await fileWith('0\t" In <e1> </e1> and <e2> Oslo </e2> . "\nno_relation\n\n');
    const { code, stderr } = await runInMemory(['dataset', 'describe', 'kbp37', path]);
    expect(code).toBe(0);
    expect(stderr).toContain(`${path}:1: left out, a mention without text`);
  });
});
