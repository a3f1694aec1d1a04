import { createHash } from 'node:crypto';
import { type Span, spanText } from '../domain/offsets.js';
import { type Distribution, Lengths } from './lengths.js';
import { judgedPairs } from './pairs.js';
import type { AnnotatedPair, LabelledText } from './ports.js';

/** A part of a data set: train, dev, test. */
export interface Split {
  readonly name: string;
  readonly texts: AsyncIterable<LabelledText>;
}

export interface Count {
  readonly key: string;
  readonly count: number;
}

export interface SplitDescription {
  readonly name: string;
  readonly texts: number;
  readonly sentences: number;
  /** UTF-16 units of a text. */
  readonly characters: Distribution;
  /** Runs of letters, digits or single other signs in a sentence. */
  readonly wordsInSentence: Distribution;
  readonly mentions: { readonly total: number; readonly byType: readonly Count[] };
  /** Absent where no text has a predicted layer. */
  readonly predictedMentions?: { readonly total: number; readonly byType: readonly Count[] };
  readonly relations: { readonly total: number; readonly byLabel: readonly Count[] };
  readonly pairs: PairCounts;
}

export interface PairCounts {
  /** Ordered pairs of mentions in one sentence that annotators judged. */
  readonly judged: number;
  /** Of these, pairs without relation. */
  readonly nil: number;
  /** nil / judged; null where nothing was judged. */
  readonly nilShare: number | null;
  /** Of these, pairs with several relations. */
  readonly severalLabels: number;
  /** Pairs with a relation whose mentions stand in different sentences; not among `judged`. */
  readonly acrossSentences: number;
}

/** What two splits share: things of either split that the other has, each counted once. */
export interface Overlap {
  readonly one: string;
  readonly other: string;
  readonly texts: number;
  readonly sentences: number;
  /** Ordered couples of the words of subject and object, of related pairs. */
  readonly entityPairs: number;
  /** The same with the label. */
  readonly facts: number;
}

export interface DatasetDescription {
  readonly splits: readonly SplitDescription[];
  /** Of each two splits, in order. */
  readonly overlaps: readonly Overlap[];
}

/**
 * Counts what a data set holds, text by text. Memory grows with the number of different texts and entity pairs alone.
 * @param splitSentences for texts whose sentences the data set does not say
 */
export async function describeDataset(
  splits: readonly Split[],
  splitSentences: (text: string) => readonly Span[],
): Promise<DatasetDescription> {
  const described: { readonly counter: SplitCounter; readonly name: string }[] = [];
  for (const { name, texts } of splits) {
    const counter = new SplitCounter();
    for await (const text of texts) counter.add(text, text.sentences ?? splitSentences(text.text));
    described.push({ counter, name });
  }
  return {
    splits: described.map(({ counter, name }) => ({ name, ...counter.description() })),
    overlaps: described.flatMap(({ counter, name }, index) =>
      described
        .slice(index + 1)
        .map((other) => ({ one: name, other: other.name, ...counter.overlap(other.counter) })),
    ),
  };
}

class SplitCounter {
  private texts = 0;
  private sentences = 0;
  private readonly characters = new Lengths();
  private readonly words = new Lengths();
  private readonly types = new Tally();
  private readonly predictedTypes = new Tally();
  private hasPredicted = false;
  private readonly labels = new Tally();
  private readonly pairs = { judged: 0, nil: 0, severalLabels: 0, acrossSentences: 0 };
  private readonly seen = {
    texts: new Set<string>(),
    sentences: new Set<string>(),
    entityPairs: new Set<string>(),
    facts: new Set<string>(),
  };

  add(text: LabelledText, sentences: readonly Span[]): void {
    this.texts++;
    this.sentences += sentences.length;
    this.characters.add(text.text.length);
    this.seen.texts.add(fingerprint(text.text));
    for (const span of sentences) {
      const sentence = spanText(text.text, span);
      this.words.add(sentence.match(WORDS)?.length ?? 0);
      this.seen.sentences.add(fingerprint(sentence));
    }
    for (const { type } of text.mentions) this.types.add(type);
    this.hasPredicted ||= text.predictedMentions !== undefined;
    for (const { type } of text.predictedMentions ?? []) this.predictedTypes.add(type);
    for (const relation of text.relations) this.addRelation(text, relation, relation.label);
    this.addPairs(text, sentences);
  }

  description(): Omit<SplitDescription, 'name'> {
    const { judged, nil } = this.pairs;
    return {
      texts: this.texts,
      sentences: this.sentences,
      characters: this.characters.distribution(),
      wordsInSentence: this.words.distribution(),
      mentions: { total: this.types.total, byType: this.types.counts() },
      ...(this.hasPredicted
        ? { predictedMentions: { total: this.predictedTypes.total, byType: this.predictedTypes.counts() } }
        : {}),
      relations: { total: this.labels.total, byLabel: this.labels.counts() },
      pairs: { ...this.pairs, nilShare: judged === 0 ? null : nil / judged },
    };
  }

  overlap(other: SplitCounter): Omit<Overlap, 'one' | 'other'> {
    const { texts, sentences, entityPairs, facts } = this.seen;
    return {
      texts: shared(texts, other.seen.texts),
      sentences: shared(sentences, other.seen.sentences),
      entityPairs: shared(entityPairs, other.seen.entityPairs),
      facts: shared(facts, other.seen.facts),
    };
  }

  private addRelation({ text, mentions }: LabelledText, pair: AnnotatedPair, label: string): void {
    this.labels.add(label);
    const words = [pair.subject, pair.object].map((index) => {
      const mention = mentions[index];
      return mention ? plain(spanText(text, mention)) : '';
    });
    const key = words.join('\t');
    this.seen.entityPairs.add(key);
    this.seen.facts.add(`${key}\t${label}`);
  }

  private addPairs(text: LabelledText, sentences: readonly Span[]): void {
    for (const { labels, sentence } of judgedPairs(text, sentences)) {
      if (sentence < 0) {
        this.pairs.acrossSentences++;
        continue;
      }
      this.pairs.judged++;
      if (labels.length === 0) this.pairs.nil++;
      if (labels.length > 1) this.pairs.severalLabels++;
    }
  }
}

class Tally {
  total = 0;
  private readonly byKey = new Map<string, number>();

  add(key: string): void {
    this.total++;
    this.byKey.set(key, (this.byKey.get(key) ?? 0) + 1);
  }

  /** Most frequent first, then by name. */
  counts(): Count[] {
    return [...this.byKey]
      .map(([key, count]) => ({ key, count }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  }
}

const WORDS = /[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu;

/** Texts that differ in spaces and letter case alone count as one. */
function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
}

function fingerprint(text: string): string {
  return createHash('sha1').update(plain(text)).digest('base64');
}

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let count = 0;
  for (const key of small) if (large.has(key)) count++;
  return count;
}
