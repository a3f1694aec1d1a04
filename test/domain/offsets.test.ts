import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetMap, spanContains, spansOverlap, spanText } from '../../src/domain/offsets.js';

/** Any string at all: lone surrogates, pairs, combining marks. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('a', '😀', '\ud83d', '\ude00', 'é', '\u0301', '\u200f', '𐍈'))
    .map((parts) => parts.join('')),
);

describe('offsets', () => {
  it('in code points are those of the iterator, for any string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const map = new OffsetMap(text);
        let utf16 = 0;
        let codePoints = 0;
        for (const character of text) {
          expect(map.toCodePoints(utf16)).toBe(codePoints);
          expect(map.toUtf16(codePoints)).toBe(utf16);
          utf16 += character.length;
          codePoints++;
        }
        expect(map.toCodePoints(text.length)).toBe(codePoints);
        expect(map.toUtf16(codePoints)).toBe(text.length);
      }),
    );
  });

  it('of spans come back from either unit, for any string', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, a, b) => {
        const map = new OffsetMap(text);
        const length = [...text].length;
        const [start, end] = [a % (length + 1), b % (length + 1)].sort((x, y) => x - y) as [number, number];
        const span = map.fromUnit({ start, end }, 'code-points');
        expect(map.span(span, 'code-points')).toEqual({ start, end });
        expect(spanText(text, span)).toBe([...text].slice(start, end).join(''));
        expect(map.span(span, 'utf16')).toEqual(span);
        expect(map.fromUnit(span, 'utf16')).toEqual(span);
      }),
    );
  });

  it('inside a surrogate pair count as its start, and past the end as the end', () => {
    const map = new OffsetMap('a😀b');
    expect(map.toCodePoints(2)).toBe(1);
    expect(map.toUtf16(99)).toBe(4);
  });
});

describe('spans', () => {
  it('that touch do not overlap', () => {
    expect(spansOverlap({ start: 0, end: 3 }, { start: 3, end: 5 })).toBe(false);
    expect(spansOverlap({ start: 0, end: 4 }, { start: 3, end: 5 })).toBe(true);
    expect(spansOverlap({ start: 0, end: 9 }, { start: 3, end: 5 })).toBe(true);
  });

  it('contain themselves and what lies inside', () => {
    expect(spanContains({ start: 1, end: 4 }, { start: 1, end: 4 })).toBe(true);
    expect(spanContains({ start: 1, end: 4 }, { start: 2, end: 5 })).toBe(false);
  });
});
