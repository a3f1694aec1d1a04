import { judgedPairs } from '../../datasets/pairs.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from '../../datasets/ports.js';
import { spansOverlap, type Span } from '../../domain/offsets.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';
import type { MarkedMention } from '../../inference/ports.js';
import { examplesOf, pairKey } from '../examples.js';
import type { SentenceExamples } from './entry-builder.js';
import { shortOrigin } from './inputs.js';
import type { LabelMapping } from './label-mapping.js';
import { isSampled } from './nil-sample.js';
import type { LabelledSentence } from '../source.js';

/** Which pairs of labelled data become entries. */
export interface LabelledChoice {
  readonly mapping: LabelMapping;
  /** Share of the pairs without a relation that become NIL entries, in [0, 1]. */
  readonly nilShare: number;
  /** Most entries of one label from one sentence, nearest mentions first. */
  readonly perText?: number | undefined;
  /** Type gates; null where the encoder's mention types are not the schema's. */
  readonly gate: PredicateSchema | null;
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
  const drafts = sentences.map((span) => draftOf(span, text, mentions));
  const isNil = nilTest(text, choice, mentions);
  for (const { subject, object, labels, sentence } of pairs) {
    const draft = drafts[sentence];
    if (!draft) {
      counts.acrossSentences += labels.length;
      continue;
    }
    const pair = { subject: draft.indexOf(subject), object: draft.indexOf(object) };
    for (const label of labels)
      if (permits(choice.gate, mentions, subject, object, label))
        draft.facts.push({ ...pair, predicate: label });
      else counts.outsideGates++;
    if (labels.length > 0 || mapped.leftOut.has(pairKey({ subject, object }))) continue;
    if (!isNil(subject, object)) continue;
    counts.nilPairs++;
    if (!isSampled(text.text, mentions[subject] as Span, mentions[object] as Span, choice.nilShare)) continue;
    counts.nilTaken++;
    draft.nil.push(pair);
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

function permits(
  gate: PredicateSchema | null,
  mentions: readonly MarkedMention[],
  subject: number,
  object: number,
  label: string,
): boolean {
  const [one, other] = [mentions[subject], mentions[object]];
  if (!gate || !one || !other) return true;
  // Labels of data sets of one's own have no gates.
  return !gate.has(label) || gate.permitted(one.type, other.type).has(label);
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

interface Draft {
  readonly facts: { subject: number; predicate: string; object: number }[];
  readonly nil: { subject: number; object: number }[];
  /** Index in the sentence of a mention of the text. */
  indexOf(mention: number): number;
  finish(perText: number | undefined): SentenceExamples[];
}

function draftOf(span: Span, { text, origin }: LabelledText, mentions: readonly MarkedMention[]): Draft {
  const own: MarkedMention[] = [];
  const positions = new Map<number, number>();
  const draft: Draft = {
    facts: [],
    nil: [],
    indexOf: (mention) => {
      const known = positions.get(mention);
      if (known !== undefined) return known;
      // Judged pairs name mentions of the text.
      const { start, end, type } = mentions[mention] as MarkedMention;
      positions.set(mention, own.length);
      own.push({ start: start - span.start, end: end - span.start, type });
      return own.length - 1;
    },
    finish: (perText) => {
      if (draft.facts.length + draft.nil.length === 0) return [];
      const sentence: LabelledSentence = {
        text: text.slice(span.start, span.end),
        mentions: own,
        facts: draft.facts,
        nil: draft.nil,
        origin: shortOrigin(origin),
      };
      return [{ sentence, examples: examplesOf(sentence, { nil: 'listed', perText }) }];
    },
  };
  return draft;
}

/** Annotated mentions with the types that the mapping gives them. */
export function mappedMentions(
  mentions: readonly AnnotatedMention[],
  mapping: LabelMapping,
): MarkedMention[] {
  return mentions.map(({ start, end, type }) => ({ start, end, type: mapping.type(type) }));
}
