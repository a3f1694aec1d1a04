import type { CorpusText } from '../../datasets/ports.js';
import type { Span } from '../../domain/offsets.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';
import type { MarkedMention } from '../../inference/ports.js';
import type { SentenceExamples } from '../building/entry-builder.js';
import { shortOrigin } from '../building/inputs.js';
import { isSampled } from '../building/nil-sample.js';
import { examplesOf } from '../examples.js';
import type { LabelledSentence } from '../source.js';
import type { FactBase, KnownEntity } from './facts.js';
import type { NameMatch, NameMatcher } from './name-matcher.js';

/** What to do with a pair for which the facts say more than one thing. */
export const AMBIGUITY_CHOICES = ['drop', 'all'] as const;

/** Which pairs of a corpus become entries. */
export interface DistantChoice {
  readonly ambiguous: (typeof AMBIGUITY_CHOICES)[number];
  /** Share of the pairs of known entities without a fact that become NIL entries, in [0, 1]. */
  readonly nilShare: number;
  /** Most entries of one fact; absent: all. */
  readonly perFact?: number | undefined;
  /** Most entries of one label from one sentence, nearest mentions first. */
  readonly perText?: number | undefined;
  /** Type gates; null where the encoder's mention types are not the schema's. */
  readonly gate: PredicateSchema | null;
}

/** What was found in a corpus. */
export interface DistantCounts {
  texts: number;
  sentences: number;
  /** Names that were found, and those that more than one entity has. */
  names: number;
  ambiguousNames: number;
  /** Ordered pairs of names in one sentence. */
  pairs: number;
  /** Pairs with a fact, by label, before what the choice leaves out. */
  matches: Record<string, number>;
  /** Pairs for which the facts say more than one thing. */
  ambiguousPairs: number;
  /** Pairs past `perFact`. */
  beyondPerFact: number;
  /** Pairs without a fact that types permit, and those of them that were taken. */
  nilPairs: number;
  nilTaken: number;
  /** Facts that were found at least once. */
  factsFound: number;
}

export function noDistantCounts(): DistantCounts {
  return {
    texts: 0,
    sentences: 0,
    names: 0,
    ambiguousNames: 0,
    pairs: 0,
    matches: {},
    ambiguousPairs: 0,
    beyondPerFact: 0,
    nilPairs: 0,
    nilTaken: 0,
    factsFound: 0,
  };
}

/** A fact's candidates for a pair of names. */
interface Holding {
  readonly label: string;
  readonly subject: number;
  readonly object: number;
}

/** Labels sentences by facts: a pair of known names in one sentence is an example of what the facts say of it. */
export class DistantLabeller {
  private readonly entities: readonly KnownEntity[];
  private readonly perFact = new Map<string, number>();

  constructor(
    private readonly facts: FactBase,
    private readonly matcher: NameMatcher,
    private readonly choice: DistantChoice,
    /** Raised while texts are read. */
    readonly counts: DistantCounts,
  ) {
    this.entities = facts.entities();
  }

  /** The examples of one text; sentences without any are left out. */
  examplesOf({ text, origin }: CorpusText, sentences: readonly Span[]): SentenceExamples[] {
    this.counts.texts++;
    return sentences.flatMap((span) =>
      this.ofSentence(text.slice(span.start, span.end), shortOrigin(origin)),
    );
  }

  private ofSentence(text: string, origin: string): SentenceExamples[] {
    const { counts } = this;
    counts.sentences++;
    const names = this.matcher.find(text);
    counts.names += names.length;
    counts.ambiguousNames += names.filter(({ entities }) => entities.length > 1).length;
    if (names.length < 2) return [];
    const sentence = new Draft(text, origin, names);
    for (const [subject, one] of names.entries())
      for (const [object, other] of names.entries())
        if (subject !== object) this.judge(sentence, subject, one, object, other);
    return sentence.finish(this.choice.perText);
  }

  private judge(sentence: Draft, subject: number, one: NameMatch, object: number, other: NameMatch): void {
    const { counts, choice } = this;
    // The same thing named twice is no pair.
    if (one.entities.some((entity) => other.entities.includes(entity))) return;
    counts.pairs++;
    const holding = this.holdingBetween(one, other);
    const labels = [...new Set(holding.map(({ label }) => label))];
    for (const label of labels) counts.matches[label] = (counts.matches[label] ?? 0) + 1;
    if (labels.length > 1) {
      counts.ambiguousPairs++;
      if (choice.ambiguous === 'drop') return;
    }
    for (const fact of holding)
      if (this.hasRoom(fact)) sentence.relate(subject, fact, object, this.entities);
      else counts.beyondPerFact++;
    if (holding.length === 0) this.judgeNil(sentence, subject, one, object, other);
  }

  /** One fact a label: where a name is ambiguous the first entity that makes it true. */
  private holdingBetween(one: NameMatch, other: NameMatch): Holding[] {
    const found = new Map<string, Holding>();
    for (const subject of one.entities)
      for (const object of other.entities)
        for (const label of this.facts.between(subject, object))
          if (!found.has(label) && this.permits(subject, object, label))
            found.set(label, { label, subject, object });
    return [...found.values()];
  }

  private permits(subject: number, object: number, label?: string): boolean {
    const { gate } = this.choice;
    const [one, other] = [this.entities[subject], this.entities[object]];
    if (!gate || !one || !other || (label !== undefined && !gate.has(label))) return true;
    const permitted = gate.permitted(one.type, other.type);
    return label === undefined ? permitted.size > 0 : permitted.has(label);
  }

  private hasRoom({ label, subject, object }: Holding): boolean {
    const key = `${subject} ${label} ${object}`;
    const taken = this.perFact.get(key) ?? 0;
    if (taken === 0) this.counts.factsFound++;
    this.perFact.set(key, taken + 1);
    return taken < (this.choice.perFact ?? Infinity);
  }

  private judgeNil(sentence: Draft, subject: number, one: NameMatch, object: number, other: NameMatch): void {
    const [first, second] = [one.entities[0], other.entities[0]];
    if (first === undefined || second === undefined || !this.permits(first, second)) return;
    this.counts.nilPairs++;
    if (!isSampled(sentence.text, one, other, this.choice.nilShare)) return;
    this.counts.nilTaken++;
    sentence.relate(subject, { label: NIL, subject: first, object: second }, object, this.entities);
  }
}

/** A sentence while its pairs are judged. */
class Draft {
  private readonly mentions: MarkedMention[] = [];
  private readonly positions = new Map<string, number>();
  private readonly facts: LabelledSentence['facts'][number][] = [];
  private readonly nil: LabelledSentence['nil'][number][] = [];

  constructor(
    readonly text: string,
    private readonly origin: string,
    private readonly names: readonly NameMatch[],
  ) {}

  relate(one: number, fact: Holding, other: number, entities: readonly KnownEntity[]): void {
    const subject = this.mention(one, entities[fact.subject]?.type ?? '');
    const object = this.mention(other, entities[fact.object]?.type ?? '');
    if (fact.label === NIL) this.nil.push({ subject, object });
    else this.facts.push({ subject, predicate: fact.label, object });
  }

  finish(perText: number | undefined): SentenceExamples[] {
    const { text, origin, mentions, facts, nil } = this;
    if (facts.length + nil.length === 0) return [];
    const sentence = { text, origin, mentions, facts, nil };
    return [{ sentence, examples: examplesOf(sentence, { nil: 'listed', perText }) }];
  }

  /** A name has a type for each entity that it may stand for. */
  private mention(name: number, type: string): number {
    const key = `${name} ${type}`;
    const known = this.positions.get(key);
    if (known !== undefined) return known;
    const { start, end } = this.names[name] as NameMatch;
    this.positions.set(key, this.mentions.length);
    return this.mentions.push({ start, end, type }) - 1;
  }
}
