import { NeighborKbError, type FieldPath } from '../domain/errors.js';
import { tripleId, type EntityId, type SentenceId, type TripleId } from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import {
  isEvidence,
  type ExtractedDocument,
  type LocalEntity,
  type Mention,
  type Prediction,
} from '../domain/model.js';

/** What one document adds to the graph, worked out once for every adapter. */
export interface DocumentGraph {
  /** Profile of the document's predictions; '' where it has none. */
  readonly profile: string;
  /** Entities that at least one mention refers to. */
  readonly entities: readonly EntityTally[];
  /** Distinct triples that its evidence supports, in the order of the predictions. */
  readonly triples: readonly SupportedTriple[];
  /** The triple that each prediction is evidence for, in the order of the predictions. */
  readonly tripleOfPrediction: readonly (SupportedTriple | null)[];
}

export interface EntityTally {
  readonly entity: LocalEntity;
  /** Pronouns included. */
  readonly mentions: number;
  /** Mentions by surface, pronouns excluded. */
  readonly surfaces: ReadonlyMap<string, number>;
}

export interface SupportedTriple {
  readonly id: TripleId;
  readonly subjectId: EntityId;
  readonly subjectType: EntityType;
  readonly predicate: string;
  readonly objectId: EntityId;
  readonly objectType: EntityType;
}

/**
 * @throws NeighborKbError INVALID_DOCUMENT where parts refer to parts that are not there: an adapter writes only
 *   what it could read back
 */
export function documentGraph(extracted: ExtractedDocument): DocumentGraph {
  const sentences = new Set<SentenceId>(extracted.sentences.map(({ id }) => id));
  const entities = new Map(extracted.entities.map((entity) => [entity.id, entity]));
  const tallies = tally(extracted.mentions, entities, sentences);
  const mentions = new Map(extracted.mentions.map((mention) => [mention.id, mention]));

  const triples = new Map<TripleId, SupportedTriple>();
  const tripleOfPrediction = extracted.predictions.map((prediction, index) => {
    const path = ['predictions', index] as const;
    if (!sentences.has(prediction.sentenceId)) throw unknownPart([...path, 'sentenceId']);
    const subject = mentions.get(prediction.subjectMentionId);
    const object = mentions.get(prediction.objectMentionId);
    if (!subject) throw unknownPart([...path, 'subjectMentionId']);
    if (!object) throw unknownPart([...path, 'objectMentionId']);
    const triple = supported(prediction, subject, object, entities);
    if (!triple) return null;
    if (prediction.confidence === null)
      throw new NeighborKbError('INVALID_DOCUMENT', 'evidence has no confidence', [...path, 'confidence']);
    const known = triples.get(triple.id) ?? triple;
    triples.set(known.id, known);
    return known;
  });
  return {
    profile: extracted.predictions[0]?.profile ?? '',
    entities: [...tallies.values()],
    triples: [...triples.values()],
    tripleOfPrediction,
  };
}

function tally(
  mentions: readonly Mention[],
  entities: ReadonlyMap<EntityId, LocalEntity>,
  sentences: ReadonlySet<SentenceId>,
): ReadonlyMap<EntityId, EntityTally> {
  const tallies = new Map<
    EntityId,
    { entity: LocalEntity; mentions: number; surfaces: Map<string, number> }
  >();
  for (const [index, mention] of mentions.entries()) {
    if (!sentences.has(mention.sentenceId)) throw unknownPart(['mentions', index, 'sentenceId']);
    if (mention.entityId === null) continue;
    const entity = entities.get(mention.entityId);
    if (!entity) throw unknownPart(['mentions', index, 'entityId']);
    const counted = tallies.get(entity.id) ?? { entity, mentions: 0, surfaces: new Map<string, number>() };
    tallies.set(entity.id, counted);
    counted.mentions++;
    if (mention.type !== 'PRON')
      counted.surfaces.set(mention.text, (counted.surfaces.get(mention.text) ?? 0) + 1);
  }
  return tallies;
}

function supported(
  prediction: Prediction,
  subject: Mention,
  object: Mention,
  entities: ReadonlyMap<EntityId, LocalEntity>,
): SupportedTriple | null {
  if (!isEvidence(prediction, subject, object)) return null;
  const from = subject.entityId && entities.get(subject.entityId);
  const to = object.entityId && entities.get(object.entityId);
  if (!from || !to) return null;
  return {
    id: tripleId(from.id, prediction.label, to.id),
    subjectId: from.id,
    subjectType: from.type,
    predicate: prediction.label,
    objectId: to.id,
    objectType: to.type,
  };
}

function unknownPart(path: FieldPath): NeighborKbError {
  return new NeighborKbError('INVALID_DOCUMENT', 'refers to a part that the document does not bring', path);
}
