import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageOfList } from '../../src/graphql/connections.js';
import { toUtf16Spans, viewSpan } from '../../src/graphql/spans.js';

/** Texts of any characters, those of two units among them. */
const anyText = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '🎓', '字', '\u200f', '👩🏽‍🚀') });

describe('spans', () => {
  test('in code points are what an array of characters says', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, a, b) => {
        const characters = [...text];
        const [start, end] = [a % (characters.length + 1), b % (characters.length + 1)].sort(
          (x, y) => x - y,
        ) as [number, number];
        const [utf16] = toUtf16Spans(text, [{ start, end }], 'code-points');
        expect(text.slice(utf16!.start, utf16!.end)).toBe(characters.slice(start, end).join(''));
        expect(viewSpan(text, utf16!, 'code-points')).toEqual({
          start,
          end,
          unit: 'code-points',
          text: characters.slice(start, end).join(''),
        });
      }),
    );
  });

  test('outside the text stay outside it, in either unit', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (text, beyond) => {
        for (const unit of ['utf16', 'code-points'] as const) {
          const length = unit === 'utf16' ? text.length : [...text].length;
          const [span] = toUtf16Spans(text, [{ start: -beyond, end: length + beyond }], unit);
          expect(span!.start).toBeLessThan(0);
          expect(span!.end).toBeGreaterThan(text.length);
        }
      }),
    );
  });
});

test('the pages of any list, put together, are the list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 7 }), async (items, first) => {
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const page = pageOfList(items, { first, ...(after !== undefined && { after }) }, (item) => item);
        expect(await page.totalCount()).toBe(items.length);
        seen.push(...page.items.map(({ node }) => node));
        after = page.items.at(-1)?.cursor;
        if (!page.hasNextPage) break;
      }
      expect(seen).toEqual(items);
    }),
  );
});
