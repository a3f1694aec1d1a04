import type { TokenisedText } from './tokenizer.js';

/** A stretch of words first..last (inclusive) of a text that one pass of a model reads. */
export interface WordWindow {
  readonly first: number;
  readonly last: number;
}

/** Share of a window that the next one reads again. */
const OVERLAP = 0.25;

/**
 * Windows of whole words that cover a text, in order; one if the text fits. Each but the first begins inside the
 * one before, so that every word has context on both sides in one of them.
 *
 * @param capacity most pieces of a window; at least as many as the longest word has
 */
export function windowsOf(text: TokenisedText, capacity: number): WordWindow[] {
  const windows: WordWindow[] = [];
  let first = 0;
  while (first < text.wordCount) {
    let last = first;
    while (
      last + 1 < text.wordCount &&
      text.wordEnd(last + 1) - (text.wordStarts[first] as number) <= capacity
    )
      last++;
    windows.push({ first, last });
    if (last === text.wordCount - 1) break;
    const keep = text.wordEnd(last) - capacity * OVERLAP;
    let next = last;
    while (next > first + 1 && (text.wordStarts[next - 1] as number) >= keep) next--;
    // Where the next word is long, less can be read again.
    while (text.wordEnd(last + 1) - (text.wordStarts[next] as number) > capacity) next++;
    first = next;
  }
  return windows;
}

/**
 * For each word the window that shows most of what is around it: the one in which it is farthest from the cut
 * edges; ties go to the earlier window.
 */
export function bestWindows(windows: readonly WordWindow[], wordCount: number): Int32Array {
  const best = new Int32Array(wordCount);
  const margin = new Int32Array(wordCount).fill(-1);
  for (const [index, { first, last }] of windows.entries())
    for (let word = first; word <= last; word++) {
      const distance = Math.min(
        first === 0 ? wordCount : word - first,
        last === wordCount - 1 ? wordCount : last - word,
      );
      if (distance <= (margin[word] as number)) continue;
      margin[word] = distance;
      best[word] = index;
    }
  return best;
}
