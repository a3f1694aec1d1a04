import { expect, test } from 'vitest';
import { MODELS, realDetector } from './real-models.js';
import { OnnxMentionDetector } from '../../src/inference/onnx-mention-detector.js';

const detector = await realDetector(2);

const SENTENCES = [
  'Marie Curie was born in Warsaw in 1867 and worked at the University of Paris.',
  'The Nile flows through Egypt.',
  'Nobody came.',
  'In 2004 Mark Zuckerberg founded Facebook with his roommates at Harvard College.',
];

async function found(text: string): Promise<string[]> {
  const [mentions] = await detector.detect([text]);
  return mentions!.map(({ start, end, type }) => `${text.slice(start, end)}|${type}`);
}

test('mentions come with their types and exact offsets', async () => {
  expect(await found(SENTENCES[0]!)).toEqual([
    'Marie Curie|PER',
    'Warsaw|LOC',
    '1867|TIME',
    'University of Paris|ORG',
  ]);
});

test('offsets are exact behind characters of two units, accents and invisible characters', async () => {
  expect(await found('😀😀 In 1867 Marie Curie was born in Warsaw.')).toEqual([
    '1867|TIME',
    'Marie Curie|PER',
    'Warsaw|LOC',
  ]);
  expect(await found('The painter Rene\u0301 Magritte lived in \u200fBrussels\u200f.')).toEqual([
    'Rene\u0301 Magritte|PER',
    'Brussels|LOC',
  ]);
});

test.each(['', '   ', '\u200b', '\ud800'])('%j holds no mention', async (text) => {
  expect(await found(text)).toEqual([]);
});

test('a sentence has the same mentions and scores alone, among others and in any order', async () => {
  const together = await detector.detect(SENTENCES);
  const reversed = (await detector.detect([...SENTENCES].reverse())).reverse();
  expect(reversed).toEqual(together);
  for (const [i, sentence] of SENTENCES.entries())
    expect(await detector.detect([sentence])).toEqual([together[i]]);
});

test('scores are probabilities, mentions in order and apart', async () => {
  for (const mentions of await detector.detect(SENTENCES)) {
    let end = 0;
    for (const mention of mentions) {
      expect(mention.score).toBeGreaterThan(0);
      expect(mention.score).toBeLessThanOrEqual(1);
      expect(mention.start).toBeGreaterThanOrEqual(end);
      end = mention.end;
    }
  }
});

test('a sentence that is longer than the model reads is read to its end', async () => {
  const text = `${'Guests arrived by train and left by boat, '.repeat(60)}and Marie Curie went home to Warsaw.`;
  expect(await found(text)).toEqual(expect.arrayContaining(['Marie Curie|PER', 'Warsaw|LOC']));
});

test('the event loop goes on while mentions are sought', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await detector.detect(Array.from({ length: 60 }, () => SENTENCES[0]!));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test('the card says which words are pronouns', () => {
  expect(detector.model).toMatch(/^mention-detector@\d+\.\d+\.\d+/);
  expect(detector.pronouns.has('she')).toBe(true);
});

test('after closing nothing is detected', async () => {
  const other = await OnnxMentionDetector.open(`${MODELS}mention-detector`, { workers: 1 });
  await other.close();
  await expect(other.detect(['Ann met Bob.'])).rejects.toMatchObject({ code: 'INTERNAL' });
});
