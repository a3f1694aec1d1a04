import type { LabelledText } from '../../datasets/ports.js';
import { spansOverlap, type Span } from '../../domain/offsets.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type { MarkedMention } from '../../inference/ports.js';
import { mappedMentions } from './labelled-examples.js';
import type { LabelMapping } from './label-mapping.js';
import type { MentionFinder } from './text-tools.js';

/** A text whose mentions have the encoder's types. */
export interface TypedText {
  /** With the found mentions behind its own, where annotators judged every pair. */
  readonly text: LabelledText;
  readonly mentions: readonly MarkedMention[];
  readonly sentences: readonly Span[];
}

export interface TypingRules {
  readonly mapping: LabelMapping;
  readonly schema: PredicateSchema;
  readonly encoderTypes: ReadonlySet<string>;
  /** Absent: every mapped type is the encoder's. */
  readonly findMentions?: MentionFinder | undefined;
}

/**
 * Gives mentions types of the encoder. A data set's own type stays where the encoder has it; any other span takes the
 * type of the found mention with its boundaries, else of one that it touches, else what the predicate of its first
 * relation asks for. Found mentions that touch no annotated one join texts in which every pair was judged: pairs that
 * annotators saw and left without a relation.
 */
export async function typedTexts(
  texts: readonly { readonly text: LabelledText; readonly sentences: readonly Span[] }[],
  rules: TypingRules,
): Promise<TypedText[]> {
  const mapped = texts.map(({ text }) => mappedMentions(text.mentions, rules.mapping));
  const untyped = texts.flatMap((_, index) =>
    mapped[index]?.every(({ type }) => rules.encoderTypes.has(type)) === true ? [] : [index],
  );
  const found = new Map<number, readonly MarkedMention[]>();
  if (rules.findMentions && untyped.length > 0) {
    const asked = untyped.map((index) => texts[index] as (typeof texts)[number]);
    const answers = await rules.findMentions(
      asked.map(({ text: { text }, sentences }) => ({ text, sentences })),
    );
    for (const [position, index] of untyped.entries()) found.set(index, answers[position] ?? []);
  }
  return texts.map(({ text, sentences }, index) => {
    const own = mapped[index] as MarkedMention[];
    const detected = found.get(index);
    return detected ? withFound(text, own, detected, sentences, rules) : { text, mentions: own, sentences };
  });
}

function withFound(
  text: LabelledText,
  own: readonly MarkedMention[],
  found: readonly MarkedMention[],
  sentences: readonly Span[],
  rules: TypingRules,
): TypedText {
  const lookUp = new DisjointSpans(found);
  const touched = new Set<MarkedMention>();
  const wanted = typesOfRelations(text, rules);
  const mentions = own.map((mention, index): MarkedMention => {
    const touching = lookUp.overlapping(mention);
    for (const one of touching) touched.add(one);
    if (rules.encoderTypes.has(mention.type)) return mention;
    const same = touching.find(({ start, end }) => start === mention.start && end === mention.end);
    const type =
      same?.type ?? touching.find((one) => one.type !== 'PRON')?.type ?? wanted.get(index) ?? 'MISC';
    return { start: mention.start, end: mention.end, type };
  });
  if (text.judged !== 'all-in-sentence') return { text, mentions, sentences };
  const others = found.filter((mention) => !touched.has(mention));
  return {
    text: { ...text, mentions: [...text.mentions, ...others] },
    mentions: [...mentions, ...others],
    sentences,
  };
}

/** What the predicate of each mention's first relation says of its type. */
function typesOfRelations(
  { relations }: LabelledText,
  { mapping, schema }: TypingRules,
): Map<number, string> {
  const types = new Map<number, string>();
  for (const { subject, object, label: name } of relations) {
    const { label, inverse } = mapping.label(name);
    const predicate = label === null ? undefined : schema.get(label);
    if (!predicate) continue;
    const [one, other] = inverse ? [object, subject] : [subject, object];
    for (const [mention, allowed] of [
      [one, predicate.subjectTypes],
      [other, predicate.objectTypes],
    ] as const)
      if (!types.has(mention) && allowed[0] !== undefined) types.set(mention, allowed[0]);
  }
  return types;
}

/** Ascending, disjoint spans that are asked which of them overlap another. */
class DisjointSpans {
  constructor(private readonly spans: readonly MarkedMention[]) {}

  overlapping(span: Span): MarkedMention[] {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.spans[middle] as MarkedMention).end <= span.start) low = middle + 1;
      else high = middle;
    }
    const found: MarkedMention[] = [];
    for (let i = low; i < this.spans.length; i++) {
      const candidate = this.spans[i] as MarkedMention;
      if (!spansOverlap(candidate, span)) break;
      found.push(candidate);
    }
    return found;
  }
}
