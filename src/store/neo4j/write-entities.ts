import { createHash } from 'node:crypto';
import { normaliseName, type DocumentId, type EntityId, type MentionId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { EntityTally } from '../document-graph.js';
import { groupBy, inBatches } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument } from './prepared.js';
import { ENTITY_LABELS } from './vocabulary.js';

/** Rows of one statement. */
const BATCH = 250;

export interface TypedEntity {
  readonly id: EntityId;
  readonly type: EntityType;
}

/**
 * Makes the entities that are missing and takes the write lock of all, in the order of their ids: whoever changes an
 * entity, its names or its triples has its lock first, so counts add up whatever runs at the same time. Before the
 * first relationship: Neo4j locks the ends of a new one, too, in whatever order they come.
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
  await inBatches(transaction, LOCK_ENTITIES, rows, BATCH, { zero: int(0) });
}

// An id is what never changes: written again it takes the lock and nothing else. A count would be read before the lock
// and written after it, over what another writer committed meanwhile.
const LOCK_ENTITIES = `
  UNWIND $rows AS row
  MERGE (e:Entity {id: row.id})
  ON CREATE SET e:$(row.label), e.type = row.type, e.mentions = $zero
  SET e.id = row.id`;

/** What a document's mentions refer to. */
export function entitiesOf({ graph }: PreparedDocument): TypedEntity[] {
  return graph.entities.map(({ target }) => target);
}

/** Links mentions and documents to their entities, and counts. The entities are locked. */
export async function linkEntities(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const links = groupBy(documents.flatMap(linksOf), ({ tally }) => tally.target.id);
  const rows = [...links].map(([id, ofEntity]) => linkRow(id, ofEntity));
  await inBatches(transaction, LINK_ENTITIES, rows, BATCH);
}

const COUNT_NAME = `
  MERGE (n:Name {id: name.id})
  ON CREATE SET n.text = name.text, n.normalised = name.normalised, n.documents = 0, n.own = 0, n.mentions = 0
  SET n.documents = n.documents + name.documents, n.own = n.own + name.own, n.mentions = n.mentions + name.mentions
  MERGE (e)-[:GOES_BY]->(n)`;

// All of an entity in one row: to find it costs more than a relationship.
const LINK_ENTITIES = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.id})
  SET e.mentions = e.mentions + row.mentions,
    e.dateIso = coalesce(row.dateIso, e.dateIso), e.datePrecision = coalesce(row.datePrecision, e.datePrecision)
  WITH e, row
  CALL (e, row) {
    UNWIND row.documents AS document
    MATCH (d:Document {id: document.id})
    CREATE (d)-[s:SPEAKS_OF]->(e)
    SET s = document.properties
  }
  CALL (e, row) {
    UNWIND row.mentionIds AS id
    MATCH (m:Mention {id: id})
    CREATE (m)-[:REFERS_TO]->(e)
  }
  CALL (e, row) {
    UNWIND row.names AS name
    ${COUNT_NAME}
  }`;

/** A document's local entity. */
interface Link {
  readonly documentId: DocumentId;
  readonly tally: EntityTally;
  readonly mentionIds: readonly MentionId[];
}

function linksOf({ extracted, graph }: PreparedDocument): Link[] {
  const mentionsOf = groupBy(extracted.mentions, ({ entityId }) => entityId);
  return graph.entities.map((tally) => ({
    documentId: extracted.document.id,
    tally,
    mentionIds: (mentionsOf.get(tally.entity.id) ?? []).map(({ id }) => id),
  }));
}

function linkRow(id: EntityId, links: readonly Link[]) {
  const date = links.find(({ tally }) => isOwn(tally))?.tally.entity.date;
  return {
    id,
    mentions: int(links.reduce((sum, { tally }) => sum + tally.mentions, 0)),
    dateIso: date?.iso ?? null,
    datePrecision: date?.precision ?? null,
    documents: links.map(({ documentId, tally }) => ({ id: documentId, properties: spokenOf(tally) })),
    mentionIds: links.flatMap(({ mentionIds }) => mentionIds),
    names: nameRows(links.flatMap(({ tally }) => nameChanges(tally))),
  };
}

function spokenOf({ entity: { id, type, name, date }, mentions }: EntityTally) {
  return {
    ...{ localId: id, type, name, mentions: int(mentions) },
    ...{ dateIso: date?.iso ?? null, datePrecision: date?.precision ?? null },
  };
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
  await inBatches(transaction, COUNT_NAMES, nameRows(changes), BATCH);
}

const COUNT_NAMES = `
  UNWIND $rows AS name
  MATCH (e:Entity {id: name.entityId})
  ${COUNT_NAME}`;

function nameRows(changes: readonly NameChange[]) {
  return [...groupBy(changes, ({ entityId, name }) => nameId(entityId, name))].flatMap(([id, ofName]) => {
    const [first] = ofName;
    if (!first) return [];
    return {
      ...{ id, entityId: first.entityId, text: first.name, normalised: normaliseName(first.name) },
      documents: int(ofName.reduce((sum, { documents }) => sum + documents, 0)),
      own: int(ofName.reduce((sum, { own }) => sum + own, 0)),
      mentions: int(ofName.reduce((sum, { mentions }) => sum + mentions, 0)),
    };
  });
}

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
