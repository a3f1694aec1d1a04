import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupByLength, runBounded } from '../../src/inference/scheduling.js';
import { TokenisedText } from '../../src/inference/tokenizer.js';
import { bestWindows, windowsOf } from '../../src/inference/windows.js';

const wordLengths = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 120 });

test('windows of any text hold whole words, fit, overlap and leave no word out', () => {
  fc.assert(
    fc.property(wordLengths, fc.integer({ min: 10, max: 50 }), (lengths, capacity) => {
      const text = textOf(lengths);
      const windows = windowsOf(text, capacity);
      let covered = -1;
      for (const [index, { first, last }] of windows.entries()) {
        expect(first).toBeLessThanOrEqual(covered + 1);
        expect(last).toBeGreaterThan(covered);
        expect(text.wordEnd(last) - text.wordStarts[first]!).toBeLessThanOrEqual(capacity);
        if (index > 0) expect(first).toBeGreaterThan(windows[index - 1]!.first);
        covered = last;
      }
      expect(covered).toBe(lengths.length - 1);
      const best = bestWindows(windows, lengths.length);
      for (const [word, window] of best.entries()) {
        expect(windows[window]!.first).toBeLessThanOrEqual(word);
        expect(windows[window]!.last).toBeGreaterThanOrEqual(word);
      }
    }),
  );
});

test('a text that fits is one window', () => {
  expect(windowsOf(textOf([3, 3, 4]), 10)).toEqual([{ first: 0, last: 2 }]);
  expect(windowsOf(textOf([]), 10)).toEqual([]);
});

test('groups hold every item once, within the budget unless one item is above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 })), (lengths) => {
      const groups = groupByLength(lengths, 200);
      expect(groups.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
      for (const group of groups)
        if (group.length > 1)
          expect(group.reduce((total, index) => total + lengths[index]!, 0)).toBeLessThanOrEqual(200);
    }),
  );
});

test('no more is under way than is allowed, and nothing begins after an error', async () => {
  let running = 0;
  let most = 0;
  await runBounded([...Array(20).keys()], 3, async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
  });
  expect(most).toBe(3);

  const begun: number[] = [];
  const run = runBounded([0, 1, 2, 3, 4, 5], 1, (item) => {
    begun.push(item);
    return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve();
  });
  await expect(run).rejects.toThrow('two');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begun).toEqual([0, 1, 2]);
});

/** A text of words with these numbers of pieces. */
function textOf(lengths: readonly number[]): TokenisedText {
  const starts: number[] = [];
  let pieces = 0;
  for (const length of lengths) {
    starts.push(pieces);
    pieces += length;
  }
  const offsets = Int32Array.from({ length: pieces }, (_, i) => i);
  return new TokenisedText(
    offsets,
    new Uint8Array(pieces),
    offsets,
    offsets.map((i) => i + 1),
    Int32Array.from(starts),
  );
}
