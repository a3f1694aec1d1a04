import type { Span } from '../domain/offsets.js';
import { isSurrogatePair } from '../domain/offsets.js';
import { paragraphs } from './paragraphs.js';
import { joinsNext } from './sentence-joins.js';

/** Longest sentence, UTF-16 units: what is longer is cut, at white space where there is some. */
export const MAX_SENTENCE_LENGTH = 2_000;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * The sentences of a text: ascending, disjoint, without white space at their ends, together covering
 * everything that is visible. Paragraphs, headings and list items end a sentence; single line breaks inside a
 * paragraph do not.
 *
 * @param unbroken ascending, disjoint spans that no sentence boundary may cross (given mentions)
 * @returns spans in UTF-16 units of the text
 */
export function splitSentences(text: string, unbroken: readonly Span[] = []): Span[] {
  const sentences: Span[] = [];
  for (const paragraph of paragraphs(text))
    for (const sentence of sentencesOf(text, paragraph)) sentences.push(...cut(text, sentence));
  return unbroken.length === 0 ? sentences : mergeAcross(sentences, unbroken);
}

function sentencesOf(text: string, paragraph: Span): Span[] {
  // Line breaks count as ends of sentences for the segmenter; a space in their place keeps every offset.
  const flat = text.slice(paragraph.start, paragraph.end).replace(/[\r\n\v\f\u0085\u2028\u2029]/g, ' ');
  const sentences: Span[] = [];
  let start = 0;
  for (const end of boundaries(flat)) {
    if (end < flat.length && end - start < MAX_SENTENCE_LENGTH && joinsNext(flat, start, end)) continue;
    const sentence = trim(flat, { start, end });
    if (sentence.start < sentence.end)
      sentences.push({ start: paragraph.start + sentence.start, end: paragraph.start + sentence.end });
    start = end;
  }
  return sentences;
}

/** Characters given to the segmenter at once: its time grows with the square of the length. */
const WINDOW = 4 * MAX_SENTENCE_LENGTH;

/** Ends of what the Unicode rules call sentences, ascending, ending with the text's. */
function* boundaries(flat: string): Generator<number> {
  let start = 0;
  while (start < flat.length) {
    const window = flat.slice(start, start + WINDOW);
    const isLast = start + window.length === flat.length;
    let begin = 0;
    for (const { index } of segmenter.segment(window)) {
      if (index > 0) yield start + index;
      begin = index;
    }
    // What follows the window may belong to its last sentence: the next window begins with it.
    start = isLast || begin === 0 ? start + window.length : start + begin;
    if (isLast || begin === 0) yield start;
  }
}

/** Cuts a sentence that is too long into pieces of at most MAX_SENTENCE_LENGTH. */
function cut(text: string, sentence: Span): Span[] {
  const pieces: Span[] = [];
  let { start } = sentence;
  while (sentence.end - start > MAX_SENTENCE_LENGTH) {
    const end = cutPoint(text, start, start + MAX_SENTENCE_LENGTH);
    const piece = trim(text, { start, end });
    if (piece.start < piece.end) pieces.push(piece);
    start = end;
  }
  const last = trim(text, { start, end: sentence.end });
  if (last.start < last.end) pieces.push(last);
  return pieces;
}

/** Last good place to cut in the second half of [start, limit): after a semicolon or comma, else white space. */
function cutPoint(text: string, start: number, limit: number): number {
  const from = start + (MAX_SENTENCE_LENGTH >> 1);
  const half = text.slice(from, limit);
  for (const separator of [/[;:]\s/g, /,\s/g, /\s/g]) {
    const last = [...half.matchAll(separator)].at(-1);
    if (last) return from + last.index + last[0].length;
  }
  return isSurrogatePair(text, limit - 1) ? limit - 1 : limit;
}

/** Widens sentences to the unbroken spans that they touch and joins those that one span reaches over. */
function mergeAcross(sentences: readonly Span[], unbroken: readonly Span[]): Span[] {
  const merged: Span[] = [];
  let next = 0;
  for (const sentence of sentences) {
    let { start, end } = sentence;
    while (next < unbroken.length && (unbroken[next] as Span).end <= sentence.start) next++;
    for (let i = next; i < unbroken.length && (unbroken[i] as Span).start < sentence.end; i++) {
      start = Math.min(start, (unbroken[i] as Span).start);
      end = Math.max(end, (unbroken[i] as Span).end);
    }
    const before = merged.at(-1);
    if (before && start < before.end)
      merged[merged.length - 1] = { start: before.start, end: Math.max(before.end, end) };
    else merged.push({ start, end });
  }
  return merged;
}

function trim(text: string, { start, end }: Span): Span {
  while (start < end && isSpace(text, start)) start++;
  while (end > start && isSpace(text, end - 1)) end--;
  return { start, end };
}

function isSpace(text: string, index: number): boolean {
  return /\s/.test(text.charAt(index));
}
