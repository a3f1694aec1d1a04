import { createHash } from 'node:crypto';
import { normaliseName, type EntityId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { EntityTally } from '../document-graph.js';
import { groupBy, inBatches } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument } from './prepared.js';
import { ENTITY_LABELS } from './vocabulary.js';

/** Rows of one statement. */
const BATCH = 2_000;

export interface TypedEntity {
  readonly id: EntityId;
  readonly type: EntityType;
}

/**
 * Makes the entities that are missing and takes the write lock of all, in the order of their ids: whoever changes an
 * entity, its names or its triples has its lock first, so counts add up whatever runs at the same time.
 */
export async function lockEntities(
  transaction: Neo4jTransaction,
  entities: Iterable<TypedEntity>,
): Promise<void> {
  const types = new Map<EntityId, EntityType>();
  for (const { id, type } of entities) types.set(id, type);
  const rows = [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, type]) => ({ id, type, label: ENTITY_LABELS[type] }));
  await inBatches(transaction, LOCK_ENTITIES, rows, BATCH);
}

/** What a document's mentions refer to. */
export function entitiesOf({ graph }: PreparedDocument): TypedEntity[] {
  return graph.entities.map(({ target }) => target);
}

// An id is what never changes: written again it takes the lock and nothing else. A count would be read before the lock
// and written after it, over what another writer committed meanwhile.
const LOCK_ENTITIES = `
  UNWIND $rows AS row
  MERGE (e:Entity {id: row.id})
  ON CREATE SET e:$(row.label), e.type = row.type, e.mentions = 0
  SET e.id = row.id`;

/** Links mentions and documents to their entities, and counts. The entities are locked. */
export async function writeEntityLinks(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const tallies = documents.flatMap(({ graph }) => graph.entities);
  await Promise.all([
    inBatches(transaction, WRITE_COUNTS, countRows(tallies), BATCH),
    inBatches(transaction, WRITE_REFERENCES, documents.flatMap(referenceRows), BATCH),
    inBatches(transaction, WRITE_SPEAKS_OF, documents.flatMap(speaksOfRows), BATCH),
    countNames(transaction, tallies.flatMap(nameChanges)),
  ]);
}

const WRITE_COUNTS = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.id})
  SET e.mentions = e.mentions + row.mentions,
    e.dateIso = coalesce(row.dateIso, e.dateIso), e.datePrecision = coalesce(row.datePrecision, e.datePrecision)`;

function countRows(tallies: readonly EntityTally[]) {
  return [...groupBy(tallies, ({ target }) => target.id)].map(([id, ofEntity]) => {
    const date = ofEntity.find(isOwn)?.entity.date;
    return {
      id,
      mentions: int(ofEntity.reduce((sum, { mentions }) => sum + mentions, 0)),
      dateIso: date?.iso ?? null,
      datePrecision: date?.precision ?? null,
    };
  });
}

const WRITE_REFERENCES = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.entityId})
  UNWIND row.mentionIds AS id
  MATCH (m:Mention {id: id})
  CREATE (m)-[:REFERS_TO]->(e)`;

function referenceRows({ extracted, graph }: PreparedDocument) {
  const mentionsOf = groupBy(extracted.mentions, ({ entityId }) => entityId);
  return graph.entities.map(({ entity, target }) => ({
    entityId: target.id,
    mentionIds: (mentionsOf.get(entity.id) ?? []).map(({ id }) => id),
  }));
}

const WRITE_SPEAKS_OF = `
  UNWIND $rows AS row
  MATCH (d:Document {id: row.documentId})
  MATCH (e:Entity {id: row.entityId})
  CREATE (d)-[s:SPEAKS_OF]->(e)
  SET s = row.properties`;

function speaksOfRows({ extracted, graph }: PreparedDocument) {
  return graph.entities.map(({ entity: { id, type, name, date }, target, mentions }) => ({
    documentId: extracted.document.id,
    entityId: target.id,
    properties: {
      ...{ localId: id, type, name, mentions: int(mentions) },
      ...{ dateIso: date?.iso ?? null, datePrecision: date?.precision ?? null },
    },
  }));
}

export interface NameChange {
  readonly entityId: EntityId;
  readonly name: string;
  /** Documents more (or less) in which it is a full name. */
  readonly documents: number;
  /** Of those the ones where it is the name of a local entity with the entity's own id. */
  readonly own: number;
  /** Mentions more (or less) with this surface. */
  readonly mentions: number;
}

/** Adds to the counts of names; what reaches zero is removed by `refresh`. The entities are locked. */
export async function countNames(
  transaction: Neo4jTransaction,
  changes: readonly NameChange[],
): Promise<void> {
  const rows = [...groupBy(changes, ({ entityId, name }) => nameId(entityId, name))].flatMap(
    ([id, ofName]) => {
      const [first] = ofName;
      if (!first) return [];
      return {
        ...{ id, entityId: first.entityId, text: first.name, normalised: normaliseName(first.name) },
        documents: int(ofName.reduce((sum, { documents }) => sum + documents, 0)),
        own: int(ofName.reduce((sum, { own }) => sum + own, 0)),
        mentions: int(ofName.reduce((sum, { mentions }) => sum + mentions, 0)),
      };
    },
  );
  await inBatches(transaction, COUNT_NAMES, rows, BATCH);
}

const COUNT_NAMES = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.entityId})
  MERGE (n:Name {id: row.id})
  ON CREATE SET n.text = row.text, n.normalised = row.normalised, n.documents = 0, n.own = 0,
    n.mentions = 0
  SET n.documents = n.documents + row.documents, n.own = n.own + row.own, n.mentions = n.mentions + row.mentions
  MERGE (e)-[:GOES_BY]->(n)`;

function nameChanges(tally: EntityTally): NameChange[] {
  const { entity, target, surfaces } = tally;
  const entityId = target.id;
  return [
    { entityId, name: entity.name, documents: 1, own: isOwn(tally) ? 1 : 0, mentions: 0 },
    ...[...surfaces].map(([name, mentions]) => ({ entityId, name, documents: 0, own: 0, mentions })),
  ];
}

/** Whether a local entity stands for itself: names and dates of entities merged into another one are not its. */
function isOwn({ entity, target }: EntityTally): boolean {
  return entity.id === target.id;
}

/** A name may be longer than an index takes. */
function nameId(entityId: EntityId, name: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([entityId, name]))
    .digest('base64url');
  return `nam_${digest.slice(0, 20)}`;
}
