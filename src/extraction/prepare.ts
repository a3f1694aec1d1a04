import { groupBy } from '../domain/arrays.js';
import { documentId, mentionId, revisionOf, sentenceId } from '../domain/identity.js';
import type { MentionType } from '../domain/mention-types.js';
import type { Document, DocumentInput, LocalEntity, Mention, Sentence } from '../domain/model.js';
import { spanText, type Span } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { gateType } from '../domain/pronouns.js';
import type { DetectedMention } from '../inference/ports.js';
import { Breathing } from './breathing.js';
import { byPosition, mentionsFromDetector, mentionsGiven, type FoundMention } from './mentions.js';
import { pairsOf, type Pair } from './pairs.js';
import { resolveReferences, type ReferenceInput } from './references.js';
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
  /** What `entities` and the mentions' `entityId` were resolved from; its mentions are `mentions`, in order. */
  readonly references: ReferenceInput;
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
export async function prepareDocument(
  { input, spans }: SplitDocument,
  detected: Detections,
  pronouns: ReadonlySet<string>,
  schema: PredicateSchema,
  maxPairsPerSentence: number,
): Promise<PreparedDocument> {
  const breathing = new Breathing();
  const document = documentOf(input);
  const sentences = spans.map((span, index) => ({
    ...span,
    id: sentenceId(document.id, document.revision, index),
    documentId: document.id,
    index,
  }));
  const found: FoundMention[] = [];
  if (input.mentions) found.push(...mentionsGiven(spans, [...input.mentions].sort(byPosition)));
  else
    for (const [index, span] of spans.entries()) {
      found.push(...mentionsFromDetector(input.text, span, index, detected.sentences[index] ?? [], pronouns));
      await breathing.pause();
    }
  const references: ReferenceInput = {
    text: input.text,
    sentences: spans,
    mentions: found,
    title: input.title ?? null,
    titleMentions: detected.title,
  };
  const { entities, entityOf } = resolveReferences(references);
  await breathing.pause();
  const mentions: Mention[] = [];
  for (const [index, mention] of found.entries()) {
    mentions.push(mentionOf(document, sentences, mention, entityOf[index] ?? null));
    await breathing.pause();
  }
  const candidates: SentencePairs[] = [];
  const pairing = new Pairing(schema, maxPairsPerSentence);
  const bySentence = groupBy(mentions, ({ sentenceId: sentence }) => sentence);
  for (const sentence of sentences) {
    const pairs = pairing.of(sentence, spanText(input.text, sentence), bySentence.get(sentence.id) ?? []);
    if (pairs) candidates.push(pairs);
    await breathing.pause();
  }
  return { document, sentences, mentions, entities, candidates, references };
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

/** Pairs the mentions of one document's sentences under the type gates. */
class Pairing {
  constructor(
    private readonly schema: PredicateSchema,
    private readonly maxPairs: number,
  ) {}

  /** @returns null where no pair passes */
  of(sentence: Sentence, text: string, mentions: readonly Mention[]): SentencePairs | null {
    if (mentions.length < 2) return null;
    const gates = mentions.map(({ type, text: surface }) => gateType(type, surface));
    const permitted = (subject: number, object: number): ReadonlySet<string> =>
      this.schema.permitted(gates[subject] as MentionType, gates[object] as MentionType);
    const pairs = pairsOf(
      mentions,
      (subject, object) =>
        permitted(subject, object).size > 0 &&
        !areOne(mentions[subject] as Mention, mentions[object] as Mention),
      this.maxPairs,
    );
    if (pairs.length === 0) return null;
    const gatesOfPairs = pairs.map(({ subject, object }) => permitted(subject, object));
    return { sentence, text, mentions, pairs, permitted: gatesOfPairs };
  }
}

/**
 * Whether a pair joins an entity with itself. A pronoun and the name that it was resolved to are still a pair: that a
 * relation holds between them is how a wrong resolution shows ("his son Robert"; see `related-apart.ts`).
 */
function areOne(a: Mention, b: Mention): boolean {
  const nameAndPronoun = (a.type === 'PRON') !== (b.type === 'PRON');
  return a.entityId !== null && a.entityId === b.entityId && !nameAndPronoun;
}
