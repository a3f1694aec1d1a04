import { judgedPairs } from '../datasets/pairs.js';
import type { AnnotatedPair, LabelledText } from '../datasets/ports.js';
import { joinArrays } from '../domain/arrays.js';
import { roundToFloat16 } from '../domain/float16.js';
import { softmax } from '../domain/mixture.js';
import type { Span } from '../domain/offsets.js';
import type { MarkedMention, PairsOfSentence, RelationEncoder } from '../inference/ports.js';

/*
 * Pairs of annotated mentions as an encoder sees them, without the extraction: what the research tables are made of,
 * where mentions are gold and labels are the data set's own.
 */

/** Encoded pairs of some texts, in the order of the texts, then of subject and object. */
export interface GoldPairs {
  readonly count: number;
  /** Index of the text of each pair, ascending. */
  readonly document: Int32Array;
  /** count x 2: subject and object as indices of the text's mentions. */
  readonly mentions: Int32Array;
  /** count x representationSize, row-major, values that float16 can hold, as at run time. */
  readonly representations: Float32Array;
  readonly representationSize: number;
  /** p_RE: count x encoderLabels. */
  readonly classifier: Float32Array;
  readonly encoderLabels: number;
}

export interface GoldPairOptions {
  /**
   * `judged`: every pair that annotators judged in a sentence; `related`: those with a relation alone, for a data set
   * without negatives.
   */
  readonly pairs?: 'judged' | 'related';
  /** Encoder's mention type for the data set's; absent: its own name, or the encoder's only type. */
  readonly mentionType?: (type: string) => string;
  /** Sentences of a text that does not come in sentences. */
  readonly split?: (text: string) => readonly Span[];
  /** Told how many of how many texts are encoded. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Texts that are encoded together between two reports of progress. */
const TEXTS_PER_STEP = 64;

/** Every judged pair of the texts. @throws NeighborKbError INVALID_MENTION for a type that the encoder does not know */
export async function encodeGoldPairs(
  encoder: RelationEncoder,
  texts: readonly LabelledText[],
  options: GoldPairOptions = {},
): Promise<GoldPairs> {
  const document: number[] = [];
  const mentions: number[] = [];
  const representations: Float32Array[] = [];
  const classifiers: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += TEXTS_PER_STEP) {
    const sentences = texts
      .slice(from, from + TEXTS_PER_STEP)
      .flatMap((text, index) => sentencesOf(text, from + index, encoder, options));
    const encoded = await encoder.encode(sentences.map(({ forEncoder }) => forEncoder));
    for (const [index, { text, pairs }] of sentences.entries()) {
      for (const { subject, object } of pairs) {
        document.push(text);
        mentions.push(subject, object);
      }
      const own = encoded[index];
      if (!own) continue;
      representations.push(roundToFloat16(own.representations));
      classifiers.push(classify(own.logits, encoder.labels.length));
    }
    options.onProgress?.(Math.min(texts.length, from + TEXTS_PER_STEP), texts.length);
  }
  return {
    count: document.length,
    document: Int32Array.from(document),
    mentions: Int32Array.from(mentions),
    representations: joinArrays(representations),
    representationSize: encoder.representationSize,
    classifier: joinArrays(classifiers),
    encoderLabels: encoder.labels.length,
  };
}

interface SentenceOfText {
  readonly text: number;
  /** As indices of the text's mentions, in the order of the encoder's pairs. */
  readonly pairs: readonly AnnotatedPair[];
  readonly forEncoder: PairsOfSentence;
}

function sentencesOf(
  text: LabelledText,
  index: number,
  encoder: RelationEncoder,
  { pairs: wanted = 'judged', mentionType, split }: GoldPairOptions,
): SentenceOfText[] {
  const [onlyType, ...others] = encoder.mentionTypes;
  const typeOf = mentionType ?? ((type) => (others.length === 0 && onlyType !== undefined ? onlyType : type));
  const spans = text.sentences ?? split?.(text.text) ?? [{ start: 0, end: text.text.length }];
  const bySentence = new Map<number, AnnotatedPair[]>();
  for (const pair of judgedPairs(text, spans)) {
    if (pair.sentence < 0 || (wanted === 'related' && pair.labels.length === 0)) continue;
    const own = bySentence.get(pair.sentence);
    if (own) own.push(pair);
    else bySentence.set(pair.sentence, [pair]);
  }
  return [...bySentence].map(([sentence, pairs]) => {
    const span = spans[sentence] as Span; // the pairs stand in it
    const used = [...new Set(pairs.flatMap(({ subject, object }) => [subject, object]))].sort(
      (a, b) => a - b,
    );
    const at = new Map(used.map((mention, position) => [mention, position]));
    return {
      text: index,
      pairs,
      forEncoder: {
        text: text.text.slice(span.start, span.end),
        mentions: used.map((mention): MarkedMention => {
          const { start, end, type } = text.mentions[mention] as LabelledText['mentions'][number];
          return { start: start - span.start, end: end - span.start, type: typeOf(type) };
        }),
        pairs: pairs.map(({ subject, object }) => ({
          subject: at.get(subject) as number,
          object: at.get(object) as number,
        })),
      },
    };
  });
}

function classify(logits: Float32Array, labels: number): Float32Array {
  const classifier = new Float32Array(logits.length);
  for (let offset = 0; offset < logits.length; offset += labels)
    classifier.set(softmax(logits, offset, labels), offset);
  return classifier;
}
