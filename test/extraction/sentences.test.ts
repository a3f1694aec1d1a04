import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTime } from './cpu-time.js';
import { MAX_SENTENCE_LENGTH, splitSentences } from '../../src/extraction/sentences.js';

const split = (text: string): string[] =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it.each([
    ['Dr. Ida Noddack was born in Wesel. She studied in Berlin.', 2],
    ['The U.S. Senate met. Senators voted.', 2],
    ['He moved to the U.S. He stayed for years.', 2],
    ['Acme Widgets Inc. was sold to Globex Corp. in 1989.', 1],
    ['He left Acme Widgets Inc. The board was surprised.', 2],
    ['She lives near St. Louis with J. R. R. Keller and Mr. Poe.', 1],
    ['Chanel No. 5 sells well. Symphony No. 9 is longer.', 2],
    ['Born on Jan. 5, 1920, he died on Sept. 3. It rained.', 2],
    ['George W. Harmon ran. Then he lost.', 2],
    ['"Stop!" she cried. "Why?" he asked.', 2],
    ['He got his Ph.D. from Uppsala University. Later he taught.', 2],
    ['Anna Weiss (b. 1950) and Karl Weiss (d. 1999) were siblings.', 1],
    ['He arrived at 5 p.m. on Monday. It was late.', 2],
    ['He fell ill. Mary came.', 2],
    ['It was vitamin C. The doctor knew.', 2],
    ['Prices rose 3.5 percent. Wages did not.', 2],
    ['The case Hart v. Stone was heard. It failed.', 2],
    ['Wait... what happened? Nothing!', 2],
    ['The firm (founded by A. Lund. Later sold) is gone. So it goes.', 2],
    ['Visit example.org. The site is old.', 2],
  ])('%s', (text, count) => {
    expect(split(text)).toHaveLength(count);
  });

  it('end with a paragraph, even without punctuation', () => {
    expect(split('Anna Weiss\n\nShe was born in Graz.\r\n\r\nShe died there.')).toEqual([
      'Anna Weiss',
      'She was born in Graz.',
      'She died there.',
    ]);
  });

  it('go on over wrapped lines', () => {
    const text =
      'The observatory was founded by the Danish\nastronomer Tycho on the island of\nHven. It is gone.';
    expect(split(text)).toEqual([
      'The observatory was founded by the Danish\nastronomer Tycho on the island of\nHven.',
      'It is gone.',
    ]);
  });

  it('end with headings and list items', () => {
    const text =
      'Early life\nAnna Weiss was born in Graz in 1901 as a daughter of a baker.\n- Graz\n- Vienna\nTowns:\n1. Linz\n2. Wels';
    expect(split(text)).toEqual([
      'Early life',
      'Anna Weiss was born in Graz in 1901 as a daughter of a baker.',
      '- Graz',
      '- Vienna',
      'Towns:',
      '1. Linz',
      '2. Wels',
    ]);
  });

  it('keep exact offsets beside right-to-left marks, zero-width characters and emoji', () => {
    const text = '\u200fשלום\u200e lives in Haifa. 😀\u200b She left.';
    expect(split(text).join(' ')).toBe(text);
  });

  it('are cut where they are too long, never inside a surrogate pair', () => {
    const text = '😀'.repeat(MAX_SENTENCE_LENGTH * 2 + 1);
    const pieces = split(text);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(MAX_SENTENCE_LENGTH);
      expect(piece.codePointAt(0)).toBe(0x1f600);
    }
  });

  it('are joined where a given mention crosses their boundary, and widened to one that begins in white space', () => {
    const text = 'He read Who? What? Where? in one night. He slept.';
    const title = { start: 7, end: 25 };
    expect(splitSentences(text, [title]).map(({ start, end }) => text.slice(start, end))).toEqual([
      'He read Who? What? Where? in one night.',
      'He slept.',
    ]);
    expect(splitSentences('One. Two', [{ start: 4, end: 8 }])).toEqual([
      { start: 0, end: 4 },
      { start: 4, end: 8 },
    ]);
  });

  it('are ascending, disjoint, trimmed and cover everything visible, for any text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        '. ',
        '\n',
        '\n\n',
        '! ',
        'Dr. ',
        'U.S. ',
        '(',
        ') ',
        '\r\n',
        ' ',
        'He said. ',
        '- ',
        '1. ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        let end = 0;
        for (const sentence of splitSentences(text)) {
          expect(sentence.start).toBeGreaterThanOrEqual(end);
          expect(text.slice(end, sentence.start).trim()).toBe('');
          const content = text.slice(sentence.start, sentence.end);
          expect(content).not.toBe('');
          expect(content.trim()).toBe(content);
          end = sentence.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
    );
  });

  it(
    'of a text of a million characters are found in seconds, whatever its shape',
    { timeout: 120_000 },
    () => {
      const shapes = ['(a. B', '= ', 'No. ', '\n', '=', 'word ', '. "', 'x', '1) \n', 'Mr. Q\n'];
      for (const shape of shapes) {
        const text = shape.repeat(Math.floor(1_000_000 / shape.length));
        expect(
          cpuTime(() => splitSentences(text)),
          JSON.stringify(shape),
        ).toBeLessThan(5_000);
      }
    },
  );
});
