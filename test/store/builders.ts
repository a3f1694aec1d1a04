import {
  documentId,
  entityId,
  mentionId,
  predictionId,
  revisionOf,
  sentenceId,
  type EntityId,
} from '../../src/domain/identity.js';
import type { EntityType } from '../../src/domain/mention-types.js';
import type {
  ExtractedDocument,
  LocalEntity,
  Mention,
  Neighbour,
  Prediction,
  Sentence,
} from '../../src/domain/model.js';

/** One pair of a synthetic document, alone in its sentence: "Ada Lovelace P19 London." */
export interface Fact {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
  /** Default 0.8. */
  readonly confidence?: number;
  readonly subjectType?: EntityType;
  readonly objectType?: EntityType;
  /** What stands in the text for the subject, where it is not its name: an alias; "She" is a pronoun. */
  readonly subjectSurface?: string;
  /** Voters, one each: ids of memory entries. Default two. */
  readonly voters?: readonly string[];
}

export interface DocumentSketch {
  readonly externalId: string;
  readonly facts: readonly Fact[];
  readonly title?: string;
  readonly source?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Default `general@1`. */
  readonly profile?: string;
}

const PRONOUNS = new Set(['She', 'He', 'It', 'They']);

/** A document as extraction would bring it, with ids by the domain's rules. */
export function buildDocument(sketch: DocumentSketch): ExtractedDocument {
  const id = documentId(sketch.externalId);
  const sentenceTexts = sketch.facts.map(
    (fact) => `${fact.subjectSurface ?? fact.subject} ${fact.predicate} ${fact.object}.`,
  );
  const text = sentenceTexts.join(' ') || 'Nothing.';
  const profile = sketch.profile ?? 'general@1';
  const revision = revisionOf(text, ...sketch.facts.map((fact) => JSON.stringify(fact)));
  const entities = new Map<EntityId, LocalEntity>();
  const sentences: Sentence[] = [];
  const mentions: Mention[] = [];
  const predictions: Prediction[] = [];

  let offset = 0;
  for (const [index, fact] of sketch.facts.entries()) {
    const sentence: Sentence = {
      id: sentenceId(id, revision, index),
      documentId: id,
      index,
      start: offset,
      end: offset + (sentenceTexts[index]?.length ?? 0),
    };
    sentences.push(sentence);
    const mentionAt = (start: number, surface: string, name: string, type: EntityType): Mention => {
      const local = entityId(type, name);
      entities.set(local, { id: local, type, name, date: null });
      const end = start + surface.length;
      const pronoun = PRONOUNS.has(surface);
      return {
        id: mentionId(id, revision, { start, end }),
        documentId: id,
        sentenceId: sentence.id,
        start,
        end,
        text: surface,
        type: pronoun ? 'PRON' : type,
        score: pronoun ? 1 : 0.9,
        origin: pronoun ? 'pronoun' : 'detector',
        entityId: local,
      };
    };
    const surface = fact.subjectSurface ?? fact.subject;
    const subject = mentionAt(offset, surface, fact.subject, fact.subjectType ?? 'PER');
    const objectStart = sentence.end - 1 - fact.object.length;
    const object = mentionAt(objectStart, fact.object, fact.object, fact.objectType ?? 'LOC');
    mentions.push(subject, object);
    predictions.push(prediction(fact, subject, object, profile));
    offset = sentence.end + 1;
  }
  return {
    document: {
      id,
      externalId: sketch.externalId,
      revision,
      text,
      title: sketch.title ?? null,
      source: sketch.source ?? null,
      metadata: sketch.metadata ?? null,
    },
    sentences,
    mentions,
    entities: [...entities.values()],
    predictions,
  };
}

function prediction(fact: Fact, subject: Mention, object: Mention, profile: string): Prediction {
  const nil = fact.predicate === 'NIL';
  const confidence = fact.confidence ?? 0.8;
  const voters = fact.voters ?? [`${fact.predicate}-a`, `${fact.predicate}-b`];
  return {
    id: predictionId(subject.id, object.id),
    documentId: subject.documentId,
    sentenceId: subject.sentenceId,
    subjectMentionId: subject.id,
    objectMentionId: object.id,
    label: fact.predicate,
    p: confidence,
    pRe: confidence / 2,
    pKnn: 1 / 3,
    confidence: nil ? null : confidence,
    profile,
    model: 'tiny@1',
    neighbours: voters.map((entry, index) => neighbour(entry, index, voters.length)),
    representation: new Uint8Array([0x00, 0x3c, 0x00, 0xbc]),
    classifier: new Uint8Array(new Float32Array([1 - confidence, confidence]).buffer),
  };
}

function neighbour(entry: string, index: number, count: number): Neighbour {
  return {
    memory: 'general',
    memoryVersion: '1',
    entry,
    rank: index + 1,
    squaredDistance: 0.1 * (index + 1),
    weight: 1 / count,
    // Memories are immutable: an entry's label depends on the entry alone.
    label: entry.split('-')[0] ?? entry,
    text: `An example called ${entry} is here.`,
    subject: { start: 0, end: 2 },
    object: { start: 3, end: 10 },
  };
}
