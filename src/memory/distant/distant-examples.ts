import type { CorpusText } from '../../datasets/ports.js';
import type { Span } from '../../domain/offsets.js';
import { NIL } from '../../domain/predicates.js';
import type { SentenceExamples } from '../building/entry-builder.js';
import { isSampled } from '../building/nil-sample.js';
import { SentenceDraft } from '../building/sentence-draft.js';
import { permits, type TypeGates } from '../building/type-gates.js';
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
  readonly gate: TypeGates;
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
    return sentences.flatMap(({ start, end }) => this.ofSentence(text.slice(start, end), origin));
  }

  private ofSentence(text: string, origin: string): SentenceExamples[] {
    const { counts } = this;
    counts.sentences++;
    const names = this.matcher.find(text);
    counts.names += names.length;
    counts.ambiguousNames += names.filter(({ entities }) => entities.length > 1).length;
    if (names.length < 2) return [];
    const draft = new SentenceDraft(text, origin);
    for (const one of names) for (const other of names) if (one !== other) this.judge(draft, one, other);
    return draft.finish(this.choice.perText);
  }

  private judge(draft: SentenceDraft, one: NameMatch, other: NameMatch): void {
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
      if (this.hasRoom(fact)) this.relate(draft, one, fact, other);
      else counts.beyondPerFact++;
    if (holding.length === 0) this.judgeNil(draft, one, other);
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
    return permits(this.choice.gate, this.entities[subject], this.entities[object], label);
  }

  private hasRoom({ label, subject, object }: Holding): boolean {
    const key = `${subject} ${label} ${object}`;
    const taken = this.perFact.get(key) ?? 0;
    if (taken === 0) this.counts.factsFound++;
    this.perFact.set(key, taken + 1);
    return taken < (this.choice.perFact ?? Infinity);
  }

  private judgeNil(draft: SentenceDraft, one: NameMatch, other: NameMatch): void {
    const [first, second] = [one.entities[0], other.entities[0]];
    if (first === undefined || second === undefined || !this.permits(first, second)) return;
    this.counts.nilPairs++;
    if (!isSampled(draft.text, one, other, this.choice.nilShare)) return;
    this.counts.nilTaken++;
    this.relate(draft, one, { label: NIL, subject: first, object: second }, other);
  }

  private relate(draft: SentenceDraft, one: NameMatch, fact: Holding, other: NameMatch): void {
    // A name has a type for each entity that it may stand for.
    const mention = ({ start, end }: NameMatch, entity: number) => {
      const type = this.entities[entity]?.type ?? '';
      return draft.mention(`${start}-${end} ${type}`, { start, end, type });
    };
    draft.relate(mention(one, fact.subject), fact.label, mention(other, fact.object));
  }
}
