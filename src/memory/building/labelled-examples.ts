import { judgedPairs } from '../../datasets/pairs.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from '../../datasets/ports.js';
import { spansOverlap, type Span } from '../../domain/offsets.js';
import { NIL } from '../../domain/predicates.js';
import type { MarkedMention } from '../../inference/ports.js';
import { pairKey } from '../examples.js';
import type { SentenceExamples } from './entry-builder.js';
import type { LabelMapping } from './label-mapping.js';
import { isSampled } from './nil-sample.js';
import { SentenceDraft } from './sentence-draft.js';
import { permits, type TypeGates } from './type-gates.js';

/** Which pairs of labelled data become entries. */
export interface LabelledChoice {
  readonly mapping: LabelMapping;
  /** Share of the pairs without a relation that become NIL entries, in [0, 1]. */
  readonly nilShare: number;
  /** Most entries of one label from one sentence, nearest mentions first. */
  readonly perText?: number | undefined;
  readonly gate: TypeGates;
}

/** What became of the relations and pairs of labelled data. */
export interface LabelledCounts {
  texts: number;
  sentences: number;
  /** Relations as the data set has them. */
  relations: number;
  /** Relations whose mentions share no sentence. */
  acrossSentences: number;
  /** Relations that the type gates would never let the extractor see. */
  outsideGates: number;
  /** Relations that the mapping leaves out, or calls NIL. */
  leftOut: number;
  /** Pairs without a relation, and those of them that were taken. */
  nilPairs: number;
  nilTaken: number;
}

export function noCounts(): LabelledCounts {
  return {
    texts: 0,
    sentences: 0,
    relations: 0,
    acrossSentences: 0,
    outsideGates: 0,
    leftOut: 0,
    nilPairs: 0,
    nilTaken: 0,
  };
}

/**
 * The examples of one text, sentence by sentence; sentences without any are left out.
 * @param sentences of the text; relations that reach over their ends are counted and left out
 * @param mentions the text's, with the encoder's types, in the text's order of mentions
 * @param counts are raised
 */
export function examplesOfText(
  text: LabelledText,
  sentences: readonly Span[],
  mentions: readonly MarkedMention[],
  choice: LabelledChoice,
  counts: LabelledCounts,
): SentenceExamples[] {
  counts.texts++;
  counts.sentences += sentences.length;
  const mapped = mappedRelations(text.relations, choice, counts);
  const pairs = judgedPairs({ ...text, relations: mapped.relations }, sentences);
  const drafts = sentences.map(
    ({ start, end }) => new SentenceDraft(text.text.slice(start, end), text.origin),
  );
  const isNil = nilTest(text, choice, mentions);
  for (const { subject, object, labels, sentence } of pairs) {
    const [draft, span] = [drafts[sentence], sentences[sentence]];
    if (!draft || !span) {
      counts.acrossSentences += labels.length;
      continue;
    }
    // Judged pairs name mentions of the text.
    const place = (mention: number) =>
      draft.mention(mention, within(span, mentions[mention] as MarkedMention));
    const [one, other] = [place(subject), place(object)];
    for (const label of labels)
      if (permits(choice.gate, mentions[subject], mentions[object], label)) draft.relate(one, label, other);
      else counts.outsideGates++;
    if (labels.length > 0 || mapped.leftOut.has(pairKey({ subject, object }))) continue;
    if (!isNil(subject, object)) continue;
    counts.nilPairs++;
    if (!isSampled(text.text, mentions[subject] as Span, mentions[object] as Span, choice.nilShare)) continue;
    counts.nilTaken++;
    draft.relate(one, NIL, other);
  }
  return drafts.flatMap((draft) => draft.finish(choice.perText));
}

interface MappedRelations {
  readonly relations: readonly AnnotatedRelation[];
  /** Pairs that are neither examples nor NIL. */
  readonly leftOut: ReadonlySet<string>;
}

function mappedRelations(
  relations: readonly AnnotatedRelation[],
  { mapping, gate }: LabelledChoice,
  counts: LabelledCounts,
): MappedRelations {
  const mapped = new Map<string, AnnotatedRelation>();
  const leftOut = new Set<string>();
  const add = (relation: AnnotatedRelation): void => {
    mapped.set(`${pairKey(relation)} ${relation.label}`, relation);
  };
  for (const { subject, object, label: name } of relations) {
    counts.relations++;
    const { label, inverse } = mapping.label(name);
    if (label === null) leftOut.add(pairKey({ subject, object }));
    if (label === null || label === NIL) {
      counts.leftOut++;
      continue;
    }
    const relation = inverse ? { subject: object, object: subject, label } : { subject, object, label };
    add(relation);
    // What holds both ways must not be an example of no relation on the way back.
    if (gate?.get(label)?.symmetric) add({ subject: relation.object, object: relation.subject, label });
  }
  return { relations: [...mapped.values()], leftOut };
}

/**
 * Whether a pair that holds no relation is known to hold none. Pairs that no gate lets through are never asked for;
 * where annotators looked for some labels alone, a pair is NIL if it may hold none of the data set's others.
 */
function nilTest(
  { judgedLabels }: LabelledText,
  { gate, mapping }: LabelledChoice,
  mentions: readonly MarkedMention[],
): (subject: number, object: number) => boolean {
  const judged = judgedLabels && new Set(judgedLabels.map((name) => mapping.label(name).label));
  const own = judged && new Set(mapping.targets());
  return (subject, object) => {
    const [one, other] = [mentions[subject], mentions[object]];
    if (!one || !other || spansOverlap(one, other)) return false;
    if (!gate) return judged === undefined || [...(own ?? [])].every((label) => judged.has(label));
    const permitted = [...gate.permitted(one.type, other.type)];
    if (permitted.length === 0) return false;
    if (!judged) return true;
    const asked = permitted.filter((label) => own?.has(label));
    return asked.length > 0 && asked.every((label) => judged.has(label));
  };
}

function within(sentence: Span, { start, end, type }: MarkedMention): MarkedMention {
  return { start: start - sentence.start, end: end - sentence.start, type };
}

/** Annotated mentions with the types that the mapping gives them. */
export function mappedMentions(
  mentions: readonly AnnotatedMention[],
  mapping: LabelMapping,
): MarkedMention[] {
  return mentions.map(({ start, end, type }) => ({ start, end, type: mapping.type(type) }));
}
