import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgedPairs } from '../../src/datasets/pairs.js';
import type { LabelledText } from '../../src/datasets/ports.js';
import { TOKEN_JOININGS } from '../../src/datasets/token-joining.js';
import { TokenText } from '../../src/datasets/token-text.js';

/** Two sentences of ten characters: mentions at 0, 4 and 8 of the first, at 0 of the second. */
const TEXT: LabelledText = {
  id: '1',
  origin: 'a:1',
  text: 'aa  bb  cc\ndd        ',
  sentences: [
    { start: 0, end: 10 },
    { start: 11, end: 21 },
  ],
  mentions: [0, 4, 8, 11].map((start) => ({ start, end: start + 2, type: 'X' })),
  relations: [
    { subject: 0, object: 1, label: 'r' },
    { subject: 0, object: 1, label: 's' },
    { subject: 0, object: 3, label: 'far' },
  ],
  judged: 'all-in-sentence',
};

const shown = (text: LabelledText, sentences?: LabelledText['sentences']) =>
  judgedPairs(text, sentences).map(
    ({ subject, object, labels, sentence }) => `${subject}>${object} ${labels.join('+')}@${sentence}`,
  );

describe('judged pairs', () => {
  it('are all ordered pairs of a sentence, and every related pair beside them', () => {
    expect(shown(TEXT)).toEqual([
      '0>1 r+s@0',
      '0>2 @0',
      '1>0 @0',
      '1>2 @0',
      '2>0 @0',
      '2>1 @0',
      '0>3 far@-1',
    ]);
  });

  it('are the listed ones where the data set lists them', () => {
    const judged = [
      { subject: 1, object: 2 },
      { subject: 0, object: 1 },
    ];
    expect(shown({ ...TEXT, judged })).toEqual(['1>2 @0', '0>1 r+s@0', '0>3 far@-1']);
  });

  it('follow the sentences that they are given; without any the text is one', () => {
    expect(shown({ ...TEXT, relations: [] }, [{ start: 0, end: 7 }])).toEqual(['0>1 @0', '1>0 @0']);
    expect(shown({ ...TEXT, sentences: undefined })).toHaveLength(12);
  });

  it('never join two mentions of one span', () => {
    const mentions = [0, 0].map((start) => ({ start, end: 2, type: 'X' }));
    expect(shown({ ...TEXT, mentions, relations: [] })).toEqual([]);
  });
});

describe('tokens that become a text', () => {
  const tokens = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' })), {
    maxLength: 5,
  });

  it('are found at their spans, whatever they are', () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom(...TOKEN_JOININGS), (sentences, joining) => {
        const text = new TokenText(sentences, joining);
        let position = 0;
        for (const [sentence, own] of sentences.entries())
          for (const [index, token] of own.entries()) {
            const span = text.spanOf(position, position++);
            expect(span).toEqual(text.spanInSentence(sentence, index, index));
            expect(typeof span === 'string' ? span : text.text.slice(span.start, span.end)).toBe(token);
          }
        expect(text.sentences).toHaveLength(sentences.filter(({ length }) => length > 0).length);
      }),
    );
  });

  it('span no two sentences, and nothing outside', () => {
    const text = new TokenText([['a', 'b'], [], ['c']]);
    expect(text.spanOf(0, 1)).toEqual({ start: 0, end: 3 });
    for (const [first, last] of [
      [1, 2],
      [2, 3],
      [1, 0],
      [-1, 0],
    ] as const)
      expect(text.spanOf(first, last)).toBeTypeOf('string');
    for (const [sentence, first, last] of [
      [0, 1, 2],
      [1, 0, 0],
      [3, 0, 0],
      [0, -1, 0],
    ] as const)
      expect(text.spanInSentence(sentence, first, last)).toBeTypeOf('string');
  });
});
