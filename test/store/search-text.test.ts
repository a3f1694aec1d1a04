import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldedText, highlightsOf, searchTerms, wordsOf } from '../../src/store/queries/search-text.js';

test('words are folded, and stand where they stand in the text', () => {
  const text = "Émile Zola’s C++ and 😀 the ﬁnal №7, Curie's";
  expect(foldedText(text)).toBe('emile zola c++ and the final 7 curie');
  expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    ...['Émile', 'Zola', 'C++', 'and', 'the', 'ﬁnal', '7', 'Curie'],
  ]);
});

test('every word of any text finds that text, at its own place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      for (const { folded, start, end } of wordsOf(text)) {
        const { terms } = searchTerms(text.slice(start, end));
        expect(terms).toContain(folded);
        expect(highlightsOf(text, { terms: [folded], prefix: false })).toContainEqual({ start, end });
        expect(folded).not.toMatch(/[\s"()*:^~\\-]/);
      }
    }),
  );
});

test('a sign that is written out as several words is each of them, and one place', () => {
  expect(foldedText('9½ Weeks')).toBe('91 2 weeks');
  expect(highlightsOf('See 9½ Weeks', searchTerms('9½'))).toEqual([{ start: 4, end: 6 }]);
});

test('a sigma is one letter wherever it stands', () => {
  expect(foldedText('ΟΔΟΣ οδός Σ')).toBe('οδοσ οδοσ σ');
});

test('only the last word of a search is one that may be only begun, if it has two characters', () => {
  expect(searchTerms('new york Ne')).toEqual({ terms: ['new', 'york', 'ne'], prefix: true });
  expect(searchTerms('vitamin c')).toEqual({ terms: ['vitamin', 'c'], prefix: false });
  expect(searchTerms('york new york')).toEqual({ terms: ['new', 'york'], prefix: true });
});
