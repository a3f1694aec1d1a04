import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerptFor } from '../../src/inference/excerpts.js';

const capacity = 40;
const range = fc.record({ first: fc.nat(399), length: fc.integer({ min: 1, max: 60 }) });
const inText = ({ first, length }: { first: number; length: number }, text: number) => {
  const begin = first % text;
  return { first: begin, last: Math.min(text - 1, begin + length - 1) };
};

test('an excerpt never exceeds the capacity and lies inside of the text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), range, range, (length, a, b) => {
      const excerpt = excerptFor(length, capacity, inText(a, length), inText(b, length));
      expect(excerpt.length).toBeLessThanOrEqual(capacity);
      let end = -1;
      for (const { first, last } of excerpt.ranges) {
        expect(first).toBeGreaterThan(end);
        expect(last).toBeGreaterThanOrEqual(first);
        end = last;
      }
      expect(end).toBeLessThan(length);
    }),
  );
});

test('both mentions of a pair are in its excerpt, whole where they fit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), range, range, (length, a, b) => {
      const [subject, object] = [inText(a, length), inText(b, length)];
      const excerpt = excerptFor(length, capacity, subject, object);
      const fits =
        Math.max(subject.last, object.last) - Math.min(subject.first, object.first) < capacity ||
        length <= capacity;
      for (const mention of [subject, object]) {
        const placed = excerpt.place(mention);
        expect(placed.first).toBeGreaterThanOrEqual(0);
        expect(placed.last).toBeLessThan(excerpt.length);
        if (fits) expect(placed.last - placed.first).toBe(mention.last - mention.first);
      }
    }),
  );
});

test('a text that fits is read whole', () => {
  const excerpt = excerptFor(capacity, capacity, { first: 0, last: 1 }, { first: 38, last: 39 });
  expect(excerpt.ranges).toEqual([{ first: 0, last: capacity - 1 }]);
});

test('near pairs of a long text share an excerpt', () => {
  const keys = new Set(
    Array.from({ length: 300 }, (_, i) =>
      excerptFor(400, capacity, { first: i, last: i + 1 }, { first: i + 5, last: i + 6 }),
    ).map(({ key }) => key),
  );
  expect(keys.size).toBeLessThan(40);
});

test('mentions that are far apart have half an excerpt each', () => {
  const excerpt = excerptFor(400, capacity, { first: 10, last: 11 }, { first: 300, last: 301 });
  expect(excerpt.ranges).toHaveLength(2);
  expect(excerpt.length).toBe(capacity);
  expect(excerpt.place({ first: 300, last: 301 }).first).toBeGreaterThanOrEqual(capacity / 2);
});
