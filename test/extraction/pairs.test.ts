import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTime } from './cpu-time.js';
import { pairsOf } from '../../src/extraction/pairs.js';

const spans = (count: number): { start: number; end: number }[] =>
  Array.from({ length: count }, (_, i) => ({ start: 2 * i, end: 2 * i + 1 }));

describe('pairs', () => {
  it('are all that the gates let through, by subject then object', () => {
    const pairs = pairsOf(spans(3), (subject, object) => !(subject === 2 && object === 0));
    expect(pairs.map(({ subject, object }) => `${subject}>${object}`)).toEqual([
      '0>1',
      '0>2',
      '1>0',
      '1>2',
      '2>1',
    ]);
  });

  it('never join a mention with itself or with one that it overlaps', () => {
    const mentions = [
      { start: 0, end: 5 },
      { start: 3, end: 8 },
      { start: 9, end: 10 },
    ];
    const pairs = pairsOf(mentions, () => true).map(({ subject, object }) => `${subject}>${object}`);
    expect(pairs).toEqual(['0>2', '1>2', '2>0', '2>1']);
  });

  it('above the cap are those of the mentions that stand closest', () => {
    const pairs = pairsOf(spans(5), () => true, 8);
    expect(pairs).toHaveLength(8);
    for (const { subject, object } of pairs) expect(Math.abs(subject - object)).toBe(1);
  });

  it('are never more than the cap, all permitted, none twice, for any sentence', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 200 }), fc.nat(7), (count, cap, modulus) => {
        const permitted = (subject: number, object: number): boolean =>
          (subject * 31 + object) % 7 !== modulus;
        const pairs = pairsOf(spans(count), permitted, cap);
        expect(pairs.length).toBeLessThanOrEqual(cap);
        expect(new Set(pairs.map(({ subject, object }) => `${subject}>${object}`)).size).toBe(pairs.length);
        for (const { subject, object } of pairs) expect(permitted(subject, object)).toBe(true);
      }),
    );
  });

  it('of ten thousand mentions are found in a moment, even where no gate lets one through', () => {
    for (const permitted of [(): boolean => true, (): boolean => false]) {
      const mentions = spans(10_000);
      expect(pairsOf(mentions, permitted).length).toBeLessThanOrEqual(1_000);
      expect(cpuTime(() => pairsOf(mentions, permitted))).toBeLessThan(500);
    }
  });

  it('of one mention or none are none', () => {
    expect(pairsOf([], () => true)).toEqual([]);
    expect(pairsOf(spans(1), () => true)).toEqual([]);
  });
});
