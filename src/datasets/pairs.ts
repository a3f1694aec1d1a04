import { type Span, spanContains } from '../domain/offsets.js';
import type { AnnotatedPair, LabelledText } from './ports.js';

/** A judged pair of mentions: the labels that hold for it, none for NIL. */
export interface JudgedPair extends AnnotatedPair {
  readonly labels: readonly string[];
  /** Index of the sentence that holds both, or -1: the relation reaches over sentences. */
  readonly sentence: number;
}

/**
 * The pairs that a text's annotators judged, and every pair with a relation beside them: ordered by sentence,
 * subject and object. Mentions on the same span make no pair.
 * @param sentences of the text, ascending; the data set's own unless given. Text without sentences counts as one.
 */
export function judgedPairs(
  text: LabelledText,
  sentences: readonly Span[] = text.sentences ?? [{ start: 0, end: text.text.length }],
): JudgedPair[] {
  const labels = labelsByPair(text);
  const sentenceOf = text.mentions.map((mention) => sentenceAround(mention, sentences));
  const pairs = text.judged === 'all-in-sentence' ? pairsInSentences(text, sentenceOf) : text.judged;
  const judged: JudgedPair[] = pairs.map((pair) => {
    const key = keyOf(pair);
    const own = labels.get(key) ?? [];
    labels.delete(key);
    return { ...pair, labels: own, sentence: commonSentence(pair, sentenceOf) };
  });
  for (const [key, own] of labels) {
    const [subject, object] = key.split(' ').map(Number) as [number, number];
    judged.push({ subject, object, labels: own, sentence: commonSentence({ subject, object }, sentenceOf) });
  }
  return judged;
}

/** Index of the sentence that holds the span, or -1. */
function sentenceAround(span: Span, sentences: readonly Span[]): number {
  let low = 0;
  let high = sentences.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sentences[middle] as Span).end < span.end) low = middle + 1;
    else high = middle;
  }
  const sentence = sentences[low];
  return sentence && spanContains(sentence, span) ? low : -1;
}

function labelsByPair({ relations }: LabelledText): Map<string, string[]> {
  const labels = new Map<string, string[]>();
  for (const relation of relations) {
    const key = keyOf(relation);
    const own = labels.get(key);
    if (own) own.push(relation.label);
    else labels.set(key, [relation.label]);
  }
  return labels;
}

function keyOf({ subject, object }: AnnotatedPair): string {
  return `${subject} ${object}`;
}

/** Index of the sentence of both mentions, or -1. */
function commonSentence({ subject, object }: AnnotatedPair, sentenceOf: readonly number[]): number {
  const sentence = sentenceOf[subject] ?? -1;
  return sentence === sentenceOf[object] ? sentence : -1;
}

function pairsInSentences({ mentions }: LabelledText, sentenceOf: readonly number[]): AnnotatedPair[] {
  const bySentence = new Map<number, number[]>();
  for (const [mention, sentence] of sentenceOf.entries()) {
    if (sentence < 0) continue;
    const own = bySentence.get(sentence);
    if (own) own.push(mention);
    else bySentence.set(sentence, [mention]);
  }
  const pairs: AnnotatedPair[] = [];
  for (const [, own] of [...bySentence].sort(([a], [b]) => a - b))
    for (const subject of own)
      for (const object of own) {
        const [one, other] = [mentions[subject], mentions[object]];
        if (!one || !other || (one.start === other.start && one.end === other.end)) continue;
        pairs.push({ subject, object });
      }
  return pairs;
}
