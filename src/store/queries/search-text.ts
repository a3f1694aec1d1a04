import { NeighborKbError } from '../../domain/errors.js';
import type { Span } from '../../domain/offsets.js';
import { MAX_SEARCH_TERMS, MIN_PREFIX_LENGTH } from '../graph-queries.js';

/*
 * What a word is, for every store: letters and digits with their marks, and the signs of "C++" and "C#"; folded, so
 * that letter case and accents do not matter. Indexes hold folded words, queries are folded the same way.
 */

/** A word as it stands in a text. What stands for several words ("9½" is 9 1/2 written out) is each of them there. */
export interface Word extends Span {
  readonly folded: string;
}

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+[+#]*/gu)) {
    // The s of a genitive is no word.
    if (/^s$/i.test(word) && /['’]$/.test(text.slice(Math.max(0, index - 1), index))) continue;
    for (const folded of fold(word)) words.push({ folded, start: index, end: index + word.length });
  }
  return words;
}

/** The words of a text as an index takes them: folded, between single spaces. */
export function foldedText(text: string): string {
  return wordsOf(text)
    .map(({ folded }) => folded)
    .join(' ');
}

/** Parted where `normaliseName` parts names. */
function fold(word: string): string[] {
  return (
    word
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      // The sigma that ends a word is another letter: "ΟΔΟΣ" would not begin "ΟΔΟΣΤΡΩΜΑ".
      .replaceAll('ς', 'σ')
      .split(/[^\p{L}\p{N}+#]+/u)
      .filter((part) => part !== '')
  );
}

/** What is asked for: words that all have to be there, the last one perhaps only begun. */
export interface SearchTerms {
  /** Folded, each once. */
  readonly terms: readonly string[];
  /** Whether the last term may be the beginning of a word. */
  readonly prefix: boolean;
}

/** @throws NeighborKbError INVALID_ARGUMENT at `text` */
export function searchTerms(text: string): SearchTerms {
  const words = wordsOf(text).map(({ folded }) => folded);
  const last = words.at(-1);
  if (last === undefined) throw textError('expected at least one word of letters or digits');
  const terms = [...new Set(words.slice(0, -1))].filter((term) => term !== last).concat(last);
  if (terms.length > MAX_SEARCH_TERMS)
    throw textError(`expected at most ${MAX_SEARCH_TERMS} words, got ${terms.length}`);
  return { terms, prefix: [...last].length >= MIN_PREFIX_LENGTH };
}

/** Where the terms stand in a text, ascending. */
export function highlightsOf(text: string, { terms, prefix }: SearchTerms): Span[] {
  const exact = new Set(terms);
  const begun = prefix ? terms.at(-1) : undefined;
  const found = wordsOf(text).filter(
    ({ folded }) => exact.has(folded) || (begun !== undefined && folded.startsWith(begun)),
  );
  return found
    .filter(({ start }, place) => start !== found[place - 1]?.start)
    .map(({ start, end }) => ({ start, end }));
}

function textError(message: string): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', message, ['text']);
}
