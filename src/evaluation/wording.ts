import type { LabelledText } from '../datasets/ports.js';
import { groupBy } from '../domain/arrays.js';
import type { Span } from '../domain/offsets.js';
import type { LabelledRow } from './gold-memory.js';
import type { GoldPairs } from './gold-pairs.js';
import type { GoldFact } from './passages.js';

/*
 * Whether a text says a relation in words that are usual for it ("was born in") or leaves it to the reader ("a native
 * of"). The usual words are counted, not chosen: those that stand near a relation's examples more often than
 * near others.
 */

/** Words on either side of a pair that belong to its wording, with all between its mentions. */
const WORDS_AROUND = 4;
/** Texts in which a relation's examples must have a word: one text's own terms are nobody's usual words. */
const LEAST_TEXTS = 3;
/** How many times as often a word must come with the relation as with all others. */
const LEAST_LIFT = 1.5;
/** Usual words of a relation, those that tell most. */
const MOST_WORDS = 20;

/** Words that are usual for each relation, those that tell most first. */
export type UsualWords = ReadonlyMap<string, readonly string[]>;

/**
 * Counts the words of labelled pairs. A word is usual for a label whose examples have it in three texts, and half
 * as often again as those of the other labels, NIL among these; the twenty with the highest log-likelihood ratio
 * (Dunning 1993) are kept.
 *
 * @param rows of the pairs, each with its label
 */
export function usualWords(
  texts: readonly Pick<LabelledText, 'text' | 'mentions'>[],
  pairs: Pick<GoldPairs, 'document' | 'mentions'>,
  rows: readonly LabelledRow[],
): UsualWords {
  const { examples, withWord } = countWords(texts, pairs, rows);
  const all = sum(examples.values());
  const found: TellingWord[] = [];
  for (const [word, ofWord] of withWord) {
    const everywhere = sum([...ofWord.values()].map((count) => count.examples));
    for (const [label, { examples: here, texts: inTexts }] of ofWord) {
      const own = examples.get(label) ?? 0;
      const [elsewhere, others] = [everywhere - here, all - own];
      if (inTexts < LEAST_TEXTS || here * others < LEAST_LIFT * elsewhere * own) continue;
      const tells = logLikelihoodRatio(here, own, elsewhere, others);
      found.push({ label, word, tells });
    }
  }
  const byLabel = groupBy(found, ({ label }) => label);
  return new Map([...byLabel].map(([label, words]) => [label, mostTelling(words)]));
}

interface TellingWord {
  readonly label: string;
  readonly word: string;
  readonly tells: number;
}

function mostTelling(words: readonly TellingWord[]): string[] {
  return [...words]
    .sort((a, b) => b.tells - a.tells || (a.word < b.word ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(({ word }) => word);
}

/** Examples of each label, and those that have a word near them. */
interface WordCounts {
  readonly examples: ReadonlyMap<string, number>;
  readonly withWord: ReadonlyMap<string, ReadonlyMap<string, WordCount>>;
}

function countWords(
  texts: readonly Pick<LabelledText, 'text' | 'mentions'>[],
  pairs: Pick<GoldPairs, 'document' | 'mentions'>,
  rows: readonly LabelledRow[],
): WordCounts {
  const examples = new Map<string, number>();
  const withWord = new Map<string, Map<string, WordCount>>();
  for (const { row, label } of rows) {
    const index = pairs.document[row] as number;
    const text = texts[index];
    const [subject, object] = [0, 1].map((role) => text?.mentions[pairs.mentions[2 * row + role] as number]);
    if (!text || !subject || !object) continue;
    examples.set(label, (examples.get(label) ?? 0) + 1);
    for (const word of wordsNear(text.text, subject, object)) {
      const ofWord = withWord.get(word) ?? new Map<string, WordCount>();
      withWord.set(word, ofWord.set(label, counted(ofWord.get(label), index)));
    }
  }
  return { examples, withWord };
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** Examples of a label that have a word, and the texts that these come from. */
interface WordCount {
  readonly examples: number;
  readonly texts: number;
  /** Rows come text by text. */
  readonly lastText: number;
}

function counted(before: WordCount | undefined, text: number): WordCount {
  const { examples, texts, lastText } = before ?? { examples: 0, texts: 0, lastText: -1 };
  return { examples: examples + 1, texts: texts + (text === lastText ? 0 : 1), lastText: text };
}

/** Whether any word that is usual for the fact's relation stands near it. */
export function isExplicit(
  text: string,
  { subject, object, predicate }: GoldFact,
  usual: UsualWords,
): boolean {
  const near = wordsNear(text, subject, object);
  return (usual.get(predicate) ?? []).some((word) => near.has(word));
}

/** Lower-cased words between two mentions and a few around them; none of the mentions' own. */
function wordsNear(text: string, a: Span, b: Span): ReadonlySet<string> {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  const end = Math.max(first.end, second.end);
  const words = (part: string): string[] => part.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set([
    ...words(text.slice(0, first.start)).slice(-WORDS_AROUND),
    ...words(text.slice(first.end, second.start)),
    ...words(text.slice(end)).slice(0, WORDS_AROUND),
  ]);
}

/** Twice the log-likelihood by which two shares explain the counts better than one does. */
function logLikelihoodRatio(here: number, own: number, elsewhere: number, others: number): number {
  const shared = (here + elsewhere) / (own + others);
  return (
    2 *
    (fit(here, own, here / own) +
      fit(elsewhere, others, others === 0 ? 0 : elsewhere / others) -
      fit(here, own, shared) -
      fit(elsewhere, others, shared))
  );
}

/** Log-likelihood of `hits` in `trials` at a share; 0 · log 0 is 0. */
function fit(hits: number, trials: number, share: number): number {
  const term = (count: number, p: number): number => (count === 0 ? 0 : count * Math.log(p));
  return term(hits, share) + term(trials - hits, 1 - share);
}
