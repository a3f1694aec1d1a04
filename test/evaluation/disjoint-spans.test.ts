import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Span, spansOverlap } from '../../src/domain/offsets.js';
import { DisjointSpans } from '../../src/evaluation/disjoint-spans.js';

const spans = fc.array(
  fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 12 })).map(([start, length]): Span => {
    return { start, end: start + length };
  }),
);

it('of any spans, the longest stay and every other one overlaps one that stayed', () => {
  fc.assert(
    fc.property(spans, (all) => {
      const kept = DisjointSpans.longestOf(all).inOrder();
      for (const [index, span] of kept.entries()) {
        expect(all).toContain(span);
        if (index > 0) expect(kept[index - 1]!.end).toBeLessThanOrEqual(span.start);
      }
      for (const span of all) {
        if (kept.includes(span)) continue;
        const winner = kept.find((other) => spansOverlap(other, span));
        expect(winner).toBeDefined();
        const longest = Math.max(
          ...kept.filter((other) => spansOverlap(other, span)).map(({ start, end }) => end - start),
        );
        expect(longest).toBeGreaterThanOrEqual(span.end - span.start);
      }
    }),
  );
});

it('a span is added where it fits, and left out where it does not', () => {
  const disjoint = DisjointSpans.longestOf<Span>([
    { start: 4, end: 8 },
    { start: 12, end: 14 },
  ]);
  for (const span of [
    { start: 8, end: 12 },
    { start: 0, end: 5 },
    { start: 13, end: 20 },
    { start: 14, end: 15 },
  ])
    disjoint.add(span);
  expect(disjoint.inOrder()).toEqual([
    { start: 4, end: 8 },
    { start: 8, end: 12 },
    { start: 12, end: 14 },
    { start: 14, end: 15 },
  ]);
});
