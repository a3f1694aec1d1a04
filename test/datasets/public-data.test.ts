import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeDataset } from '../../src/datasets/describe.js';
import { openDataset } from '../../src/datasets/open.js';
import { splitSentences } from '../../src/extraction/sentences.js';
import { inWords, publicData, textsOf } from './files.js';

/** Texts, mentions, relations, labels, judged pairs, NIL pairs, relations across sentences of each file. */
const FILES = [
  ['pure', 'scierc/train.json', [350, 5598, 3215, 7, 16872, 13657, 0]],
  ['pure', 'scierc/dev.json', [50, 811, 455, 7, 2488, 2033, 0]],
  ['pure', 'scierc/test.json', [100, 1685, 974, 7, 5062, 4088, 0]],
  ['pure', 'wiki80/dev.json', [5070, 10140, 5070, 80, 10140, 5070, 0]],
  ['opennre', 'wiki80/train_10pct.txt', [3486, 6972, 3486, 80, 3486, 0, 0]],
  ['docred', 'redocred/dev.json', [250, 6478, 9737, 94, 25296, 21330, 3623]],
  ['knowledgenet', 'knowledgenet/dev.jsonl', [1440, 3091, 2709, 15, 8778, 6097, 3]],
  ['conll04', 'conll04/train.txt', [910, 3393, 1273, 5, 12360, 11087, 0]],
  ['kbp37', 'kbp37/dev.txt', [1714, 3428, 1506, 18, 1922, 416, 0]],
] as const;

describe('a public data set', () => {
  for (const [format, file, figures] of FILES) {
    const { path, absent } = publicData(file);
    it.skipIf(absent)(`is recognised and read whole: ${file}`, async () => {
      const texts = await openDataset('auto', path);
      expect(texts.format).toBe(format);
      const { splits } = await describeDataset([{ name: file, texts }], splitSentences);
      const { texts: count, mentions, relations, pairs } = splits[0]!;
      const labels = relations.byLabel.length;
      const { judged, nil, acrossSentences } = pairs;
      expect([count, mentions.total, relations.total, labels, judged, nil, acrossSentences]).toEqual(figures);
    });
  }

  const knowledgeNet = publicData('knowledgenet/dev.jsonl');
  it.skipIf(knowledgeNet.absent)('has the words that its annotators marked', async () => {
    const lines = (await readFile(knowledgeNet.path, 'utf8')).trim().split('\n');
    const texts = await textsOf('knowledgenet', knowledgeNet.path);
    for (const [index, text] of texts.entries()) {
      const { facts } = JSON.parse(lines[index]!) as {
        facts: { subjectText: string; property: string; objectText: string }[];
      };
      const marked = facts.map((fact) => `${fact.subjectText} ${fact.property} ${fact.objectText}`);
      expect(new Set(inWords(text).relations)).toEqual(new Set(marked));
    }
  });

  const redocred = publicData('redocred/dev.json');
  it.skipIf(redocred.absent)(
    'keeps every relation between entities, in one sentence or over several',
    async () => {
      const documents = JSON.parse(await readFile(redocred.path, 'utf8')) as {
        labels: { r: string; h: number; t: number }[];
      }[];
      const texts = await textsOf('docred', redocred.path);
      for (const [index, { mentions, relations }] of texts.entries()) {
        const facts = relations.map(({ subject, label, object }) =>
          [mentions[subject]!.entity, label, mentions[object]!.entity].join(' '),
        );
        const gold = documents[index]!.labels.map(({ r, h, t }) => `${h} ${r} ${t}`);
        expect(new Set(facts)).toEqual(new Set(gold));
      }
    },
  );
});
