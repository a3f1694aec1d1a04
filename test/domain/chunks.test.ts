import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inChunks } from '../../src/domain/chunks.js';

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

test('any stream comes whole and in order, in chunks that are not empty and end at the first limit', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20)),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 30 }),
      async (items, count, size) => {
        const chunks: number[][] = [];
        for await (const chunk of inChunks(each(items), { count, size }, (item) => item)) chunks.push(chunk);
        expect(chunks.flat()).toEqual(items);
        const total = (chunk: readonly number[]) => chunk.reduce((sum, item) => sum + item, 0);
        for (const [place, chunk] of chunks.entries()) {
          expect(chunk.length).toBeGreaterThan(0);
          expect(chunk.length).toBeLessThanOrEqual(count);
          expect(total(chunk.slice(0, -1))).toBeLessThan(size);
          if (place < chunks.length - 1) expect(chunk.length === count || total(chunk) >= size).toBe(true);
        }
      },
    ),
  ));
