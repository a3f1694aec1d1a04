import { documentId, mentionId, revisionOf, sentenceId } from '../domain/identity.js';
import type { Document, DocumentInput, LocalEntity, Mention, Sentence } from '../domain/model.js';
import { spanText, type Span } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { gateType } from '../domain/pronouns.js';
import type { DetectedMention } from '../inference/ports.js';
import { byPosition, mentionsFromDetector, mentionsGiven, type FoundMention } from './mentions.js';
import { pairsOf, type Pair } from './pairs.js';
import { resolveReferences } from './references.js';
import { splitSentences } from './sentences.js';

/** A document's text in sentences: what the detector reads. */
export interface SplitDocument {
  readonly input: DocumentInput;
  readonly spans: readonly Span[];
}

/** A sentence's pairs, ready for the encoder. */
export interface SentencePairs {
  readonly sentence: Sentence;
  readonly text: string;
  readonly mentions: readonly Mention[];
  readonly pairs: readonly Pair[];
  /** Ids of the predicates that each pair may hold, never empty. */
  readonly permitted: readonly ReadonlySet<string>[];
}

/** A document with everything but its predictions. */
export interface PreparedDocument {
  readonly document: Document;
  readonly sentences: readonly Sentence[];
  readonly mentions: readonly Mention[];
  readonly entities: readonly LocalEntity[];
  readonly candidates: readonly SentencePairs[];
}

/** What the detector found in a document. */
export interface Detections {
  /** By sentence. */
  readonly sentences: readonly (readonly DetectedMention[])[];
  /** In the title; empty where there is none. */
  readonly title: readonly DetectedMention[];
}

/** The revision of a document: a hash of all that its extraction depends on, whatever the order of its mentions. */
export function documentRevision(input: DocumentInput): string {
  const mentions = input.mentions && [...input.mentions].sort(byPosition);
  const spans = mentions?.map(({ start, end, type }) => [start, end, type]);
  return revisionOf(input.text, input.title ?? '', spans ? JSON.stringify(spans) : '');
}

export function splitDocument(input: DocumentInput): SplitDocument {
  const given = [...(input.mentions ?? [])].sort(byPosition);
  return { input, spans: splitSentences(input.text, given) };
}

/**
 * Mentions, entities and pairs of a document.
 * @param detected of each sentence and the title; null where the client gave the mentions
 * @param pronouns lower-cased words that count as pronouns
 */
export function prepareDocument(
  { input, spans }: SplitDocument,
  detected: Detections,
  pronouns: ReadonlySet<string>,
  schema: PredicateSchema,
  maxPairsPerSentence: number,
): PreparedDocument {
  const document = documentOf(input);
  const sentences = spans.map((span, index) => ({
    ...span,
    id: sentenceId(document.id, document.revision, index),
    documentId: document.id,
    index,
  }));
  const found = input.mentions
    ? mentionsGiven(spans, [...input.mentions].sort(byPosition))
    : spans.flatMap((span, index) =>
        mentionsFromDetector(input.text, span, index, detected.sentences[index] ?? [], pronouns),
      );
  const { entities, entityOf } = resolveReferences({
    text: input.text,
    sentences: spans,
    mentions: found,
    title: input.title ?? null,
    titleMentions: detected.title,
  });
  const mentions = found.map((mention, index) =>
    mentionOf(document, sentences, mention, entityOf[index] ?? null),
  );
  const candidates = candidatesOf(input.text, sentences, mentions, entities, schema, maxPairsPerSentence);
  return { document, sentences, mentions, entities, candidates };
}

function documentOf(input: DocumentInput): Document {
  return {
    id: documentId(input.externalId),
    externalId: input.externalId,
    revision: documentRevision(input),
    text: input.text,
    title: input.title ?? null,
    source: input.source ?? null,
    metadata: input.metadata ?? null,
  };
}

function mentionOf(
  document: Document,
  sentences: readonly Sentence[],
  { start, end, sentence, type, score, origin }: FoundMention,
  entityId: Mention['entityId'],
): Mention {
  return {
    start,
    end,
    id: mentionId(document.id, document.revision, { start, end }),
    documentId: document.id,
    sentenceId: (sentences[sentence] as Sentence).id, // every mention stands in a sentence
    text: spanText(document.text, { start, end }),
    type,
    score,
    origin,
    entityId,
  };
}

function candidatesOf(
  text: string,
  sentences: readonly Sentence[],
  mentions: readonly Mention[],
  entities: readonly LocalEntity[],
  schema: PredicateSchema,
  maxPairs: number,
): SentencePairs[] {
  const typeOfEntity = new Map(entities.map(({ id, type }) => [id, type]));
  const bySentence = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const group = bySentence.get(mention.sentenceId);
    if (group) group.push(mention);
    else bySentence.set(mention.sentenceId, [mention]);
  }
  return sentences.flatMap((sentence) => {
    const own = bySentence.get(sentence.id) ?? [];
    if (own.length < 2) return [];
    const gates = own.map(({ type, text: surface, entityId }) =>
      gateType(type, surface, entityId === null ? null : (typeOfEntity.get(entityId) ?? null)),
    );
    const permitted = (subject: number, object: number): ReadonlySet<string> =>
      schema.permitted(gates[subject] ?? 'MISC', gates[object] ?? 'MISC');
    const pairs = pairsOf(
      own,
      (subject, object) =>
        permitted(subject, object).size > 0 && !sameEntity(own[subject] as Mention, own[object] as Mention),
      maxPairs,
    );
    if (pairs.length === 0) return [];
    return {
      sentence,
      text: spanText(text, sentence),
      mentions: own,
      pairs,
      permitted: pairs.map(({ subject, object }) => permitted(subject, object)),
    };
  });
}

function sameEntity(a: Mention, b: Mention): boolean {
  return a.entityId !== null && a.entityId === b.entityId;
}
