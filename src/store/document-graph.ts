import { NeighborKbError, type FieldPath } from '../domain/errors.js';
import { tripleId, type EntityId, type SentenceId, type TripleId } from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import { isEvidence, type ExtractedDocument, type LocalEntity, type Mention } from '../domain/model.js';
import { NO_REDIRECTS, type EntityReference, type Redirects } from '../domain/redirects.js';

/** What one document adds to the graph, worked out once for every adapter. */
export interface DocumentGraph {
  /** Profile of the document's predictions; '' where it has none. */
  readonly profile: string;
  /** Local entities that at least one mention refers to; several may stand for the same entity. */
  readonly entities: readonly EntityTally[];
  /** Distinct triples that its evidence supports, in the order of the predictions. */
  readonly triples: readonly SupportedTriple[];
  /** The triple that each prediction is evidence for, in the order of the predictions. */
  readonly tripleOfPrediction: readonly (SupportedTriple | null)[];
  /**
   * Which predictions keep their voters: evidence, and what would be evidence had its two ends not been merged into
   * one entity, since it is evidence again when the merge is undone.
   */
  readonly keepsVoters: readonly boolean[];
}

export interface EntityTally {
  readonly entity: LocalEntity;
  /** What it stands for: itself, or what it is redirected to. */
  readonly target: EntityReference;
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
 * @param redirects of the document's local entities
 * @throws NeighborKbError INVALID_DOCUMENT where parts refer to parts that are not there: an adapter writes only
 *   what it could read back
 */
export function documentGraph(
  extracted: ExtractedDocument,
  redirects: Redirects = NO_REDIRECTS,
): DocumentGraph {
  const sentences = new Set<SentenceId>(extracted.sentences.map(({ id }) => id));
  const entities = new Map(extracted.entities.map((entity) => [entity.id, entity]));
  const tallies = tally(extracted.mentions, entities, sentences, redirects);
  const mentions = new Map(extracted.mentions.map((mention) => [mention.id, mention]));

  const triples = new Map<TripleId, SupportedTriple>();
  const keepsVoters: boolean[] = [];
  const tripleOfPrediction = extracted.predictions.map((prediction, index) => {
    const path = ['predictions', index] as const;
    if (!sentences.has(prediction.sentenceId)) throw unknownPart([...path, 'sentenceId']);
    const subject = mentions.get(prediction.subjectMentionId);
    const object = mentions.get(prediction.objectMentionId);
    if (!subject) throw unknownPart([...path, 'subjectMentionId']);
    if (!object) throw unknownPart([...path, 'objectMentionId']);
    const isLocalEvidence = isEvidence(prediction, subject, object);
    keepsVoters.push(isLocalEvidence);
    if (!isLocalEvidence) return null;
    if (prediction.confidence === null)
      throw new NeighborKbError('INVALID_DOCUMENT', 'evidence has no confidence', [...path, 'confidence']);
    const triple = supported(prediction.label, targetOf(tallies, subject), targetOf(tallies, object));
    if (!triple) return null;
    const known = triples.get(triple.id) ?? triple;
    triples.set(known.id, known);
    return known;
  });
  return {
    profile: extracted.predictions[0]?.profile ?? '',
    entities: [...tallies.values()],
    triples: [...triples.values()],
    tripleOfPrediction,
    keepsVoters,
  };
}

/** Ids of the local entities that mentions refer to: those whose redirects a document's graph depends on. */
export function localEntityIds({ mentions }: Pick<ExtractedDocument, 'mentions'>): EntityId[] {
  return [...new Set(mentions.flatMap(({ entityId }) => entityId ?? []))];
}

function tally(
  mentions: readonly Mention[],
  entities: ReadonlyMap<EntityId, LocalEntity>,
  sentences: ReadonlySet<SentenceId>,
  redirects: Redirects,
): ReadonlyMap<EntityId, EntityTally> {
  const tallies = new Map<EntityId, OpenTally>();
  for (const [index, mention] of mentions.entries()) {
    if (!sentences.has(mention.sentenceId)) throw unknownPart(['mentions', index, 'sentenceId']);
    if (mention.entityId === null) continue;
    const entity = entities.get(mention.entityId);
    if (!entity) throw unknownPart(['mentions', index, 'entityId']);
    const counted = tallies.get(entity.id) ?? openTally(entity, redirects);
    tallies.set(entity.id, counted);
    counted.mentions++;
    if (mention.type !== 'PRON')
      counted.surfaces.set(mention.text, (counted.surfaces.get(mention.text) ?? 0) + 1);
  }
  return tallies;
}

interface OpenTally extends EntityTally {
  mentions: number;
  readonly surfaces: Map<string, number>;
}

function openTally(entity: LocalEntity, redirects: Redirects): OpenTally {
  const { id, type, name } = entity;
  return { entity, target: redirects.get(id) ?? { id, type, name }, mentions: 0, surfaces: new Map() };
}

/** What a mention's local entity stands for; null where the mention has none. */
function targetOf(
  tallies: ReadonlyMap<EntityId, EntityTally>,
  { entityId }: Mention,
): EntityReference | null {
  return entityId === null ? null : (tallies.get(entityId)?.target ?? null);
}

/**
 * The triple of two entities under a predicate; null where they are one entity. Also what a re-derivation after a merge
 * goes by.
 */
export function supported(
  predicate: string,
  subject: Pick<EntityReference, 'id' | 'type'> | null,
  object: Pick<EntityReference, 'id' | 'type'> | null,
): SupportedTriple | null {
  if (!subject || !object || subject.id === object.id) return null;
  return {
    id: tripleId(subject.id, predicate, object.id),
    subjectId: subject.id,
    subjectType: subject.type,
    predicate,
    objectId: object.id,
    objectType: object.type,
  };
}

function unknownPart(path: FieldPath): NeighborKbError {
  return new NeighborKbError('INVALID_DOCUMENT', 'refers to a part that the document does not bring', path);
}
