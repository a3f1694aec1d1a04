import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsWord } from '../../src/domain/words.js';
import { WordPieceTokenizer, type TokenisedText } from '../../src/inference/tokenizer.js';
import { temporaryFolder } from '../memory/temporary.js';
import { MODELS } from './real-models.js';

const tokenizer = WordPieceTokenizer.load(`${MODELS}relation-encoder/tokenizer.json`);

test.each<[string, string, string[]]>([
  ['punctuation', "Ada's café, (1843).", ['Ada', "'", 's', 'café', ',', '(', '1843', ')', '.']],
  ['characters of two units', '😀 𝔘ber 𠀀x', ['😀', '𝔘ber', '𠀀', 'x']],
  ['ideographs', '東京 tower', ['東', '京', 'tower']],
  ['accents on their own', 'e\u0301te\u0301 now', ['e\u0301te\u0301', 'now']],
  ['invisible characters inside words', 'zero\u200bwidth so\u00adft', ['zero\u200bwidth', 'so\u00adft']],
  ['right-to-left marks', '\u200fשלום\u200f world', ['שלום', 'world']],
  ['controls and NUL', 'a\u0000b \u0007c', ['a\u0000b', 'c']],
])('words with %s keep their exact place', async (_, text, words) => {
  const tokenised = await tokenise(text);
  expect(wordsOf(text, tokenised)).toEqual(words);
});

test.each(['', '   \n\t', '\u200b\u200f\u00ad', '\ufffd'])('%j holds no word', async (text) => {
  expect((await tokenise(text)).length).toBe(0);
  expect(holdsWord(text)).toBe(false);
});

test('a lone surrogate is no word and moves no offset', async () => {
  const text = 'before \ud83d after';
  expect(wordsOf(text, await tokenise(text))).toEqual(['before', 'after']);
});

test('words lie in order inside of any text, and every piece belongs to one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const tokenised = await tokenise(text);
      let end = 0;
      for (let word = 0; word < tokenised.wordCount; word++) {
        const span = tokenised.wordSpan(word);
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        end = span.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
      if (holdsWord(text)) expect(tokenised.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test('a span covers the pieces that overlap it, whatever the span', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({
        unit: fc.constantFrom('a', 'B', '7', ' ', '.', 'é', '\u0301', '東', '😀', '\u200b'),
        maxLength: 30,
      }),
      fc.nat(35),
      fc.nat(35),
      async (text, start, length) => {
        const tokenised = await tokenise(text);
        const span = { start, end: start + length };
        const covered = tokenised.piecesOf(span);
        const words = Array.from({ length: tokenised.wordCount }, (_, word) => word).filter((word) => {
          const { start: from, end: to } = tokenised.wordSpan(word);
          return to > span.start && from < span.end;
        });
        if (covered === null) return;
        expect(covered.first).toBeGreaterThanOrEqual(tokenised.wordStarts[words[0]!]!);
        expect(covered.last).toBeLessThan(tokenised.wordEnd(words.at(-1)!));
      },
    ),
  );
});

test('a mention inside of a word covers the pieces that it touches', async () => {
  const text = 'Unquestionablyness wins';
  const tokenised = await tokenise(text);
  expect(tokenised.piecesOf({ start: 0, end: 18 })).toEqual({ first: 0, last: tokenised.wordEnd(0) - 1 });
  expect(tokenised.piecesOf({ start: 17, end: 18 })).toEqual({
    first: tokenised.wordEnd(0) - 1,
    last: tokenised.wordEnd(0) - 1,
  });
  expect(tokenised.piecesOf({ start: 18, end: 19 })).toBeNull();
});

test('texts come back in their order, however many there are', async () => {
  const texts = Array.from({ length: 300 }, (_, i) => `number ${i}`);
  const tokenised = await tokenizer.tokenise(texts);
  for (const [i, one] of tokenised.entries()) expect(wordsOf(texts[i]!, one)).toEqual(['number', String(i)]);
});

test('a file that is no tokenizer is a corrupt model', async () => {
  const path = join(await temporaryFolder(), 'tokenizer.json');
  await writeFile(path, '{}');
  expect(() => WordPieceTokenizer.load(path)).toThrow(
    expect.objectContaining({ code: 'MODEL_CORRUPT', path: ['tokenizer.json'] }),
  );
});

async function tokenise(text: string): Promise<TokenisedText> {
  return (await tokenizer.tokenise([text]))[0]!;
}

function wordsOf(text: string, tokenised: TokenisedText): string[] {
  return Array.from({ length: tokenised.wordCount }, (_, word) => {
    const { start, end } = tokenised.wordSpan(word);
    return text.slice(start, end);
  });
}
