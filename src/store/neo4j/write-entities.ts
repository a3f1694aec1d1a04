import { createHash } from 'node:crypto';
import { groupBy } from '../../domain/arrays.js';
import { normaliseName, type DocumentId, type EntityId, type MentionId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { EntityTally } from '../document-graph.js';
import { columnsOf, eachRow, inTables, placesOf, propertiesOf, type RowOf } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import { FIND_DOCUMENTS } from './document-heads.js';
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
  await inTables(transaction, LOCK_ENTITIES, rows, BATCH, (batch) => ({
    entities: columnsOf(batch),
    zero: int(0),
  }));
}

// An id is what never changes: written again it takes the lock and nothing else. A count would be read before the lock
// and written after it, over what another writer committed meanwhile.
const LOCK_ENTITIES = `
  ${eachRow('entities')}
  MERGE (e:Entity {id: $entities.id[row]})
  ON CREATE SET e:$($entities.label[row]), e.type = $entities.type[row], e.mentions = $zero
  SET e.id = $entities.id[row]`;

/** What a document's mentions refer to. */
export function entitiesOf({ graph }: PreparedDocument): TypedEntity[] {
  return graph.entities.map(({ target }) => target);
}

/**
 * Makes the entities that are missing, locks all like `lockEntities`, links mentions and documents to them, and counts:
 * one search in an index for an entity. From here to the commit others wait for these entities.
 *
 * @returns entities that may be called otherwise now. Where all documents say the name that an entity has, its most
 *   frequent name stays.
 */
export async function linkEntities(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<EntityId[]> {
  const links = groupBy(documents.flatMap(linksOf), ({ tally }) => tally.target.id);
  const entities = [...links].sort(([a], [b]) => (a < b ? -1 : 1));
  const linked = await inTables<(typeof entities)[number], { ids: readonly EntityId[] }>(
    transaction,
    LINK_ENTITIES,
    entities,
    BATCH,
    linkTables,
    ([, ofEntity]) => ofEntity.length,
  );
  return linked.flatMap(({ ids }) => ids);
}

// A name without text was made by the MERGE: to look whether it is tied to its entity would cost more than to count it.
const COUNT_NAME = `
  MERGE (n:Name {id: $names.id[row]})
  FOREACH (_ IN CASE WHEN n.text IS NULL THEN [1] ELSE [] END |
    SET n.text = $names.text[row], n.normalised = $names.normalised[row], n.documents = 0, n.own = 0, n.mentions = 0
    CREATE (e)-[:GOES_BY]->(n)
  )
  SET n.documents = n.documents + $names.documents[row], n.own = n.own + $names.own[row],
    n.mentions = n.mentions + $names.mentions[row]`;

const SPOKEN = ['localId', 'type', 'name', 'mentions', 'dateIso', 'datePrecision'] as const;

const LINK_ENTITIES = `
  ${FIND_DOCUMENTS}
  CALL () {
    ${LOCK_ENTITIES}
    RETURN collect(e) AS entities
  }
  CALL (entities) {
    ${eachRow('entities')}
    WITH row, entities[row] AS e
    SET e.mentions = e.mentions + $entities.mentions[row],
      e.dateIso = coalesce($entities.dateIso[row], e.dateIso),
      e.datePrecision = coalesce($entities.datePrecision[row], e.datePrecision)
  }
  CALL (documents, entities) {
    ${eachRow('spoken', 'entity')}
    WITH row, documents[$spoken.document[row]] AS d, entities[$spoken.entity[row]] AS e
    CREATE (d)-[:SPEAKS_OF ${propertiesOf('spoken', SPOKEN)}]->(e)
  }
  CALL (entities) {
    ${eachRow('mentions')}
    MATCH (m:Mention {id: $mentions.id[row]})
    WITH m, entities[$mentions.entity[row]] AS e
    CREATE (m)-[:REFERS_TO]->(e)
  }
  CALL (entities) {
    ${eachRow('names')}
    WITH row, entities[$names.entity[row]] AS e
    ${COUNT_NAME}
  }
  RETURN [
    place IN range(0, size(entities) - 1)
    WHERE coalesce(entities[place].name <> $entities.name[place], true) | entities[place].id
  ] AS ids`;

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

function linkTables(entities: readonly (readonly [EntityId, readonly Link[]])[]) {
  const links = entities.flatMap(([, ofEntity], place) =>
    ofEntity.map((link) => ({ ...link, entity: int(place) })),
  );
  const documents = [...new Set(links.map(({ documentId }) => documentId))];
  const places = placesOf(documents);
  return {
    documents,
    entities: columnsOf(entities.map(([id, ofEntity]) => entityRow(id, ofEntity))),
    spoken: columnsOf(
      links.map(({ entity, documentId, tally }) => ({
        ...{ entity, document: places.get(documentId) },
        ...spokenOf(tally),
      })),
    ),
    mentions: columnsOf(links.flatMap(({ entity, mentionIds }) => mentionIds.map((id) => ({ id, entity })))),
    names: columnsOf(
      entities.flatMap(([, ofEntity], place) =>
        nameRows(ofEntity.flatMap(({ tally }) => nameChanges(tally))).map((name) => ({
          ...name,
          entity: int(place),
        })),
      ),
    ),
    zero: int(0),
  };
}

function entityRow(id: EntityId, links: readonly Link[]) {
  const [first] = links;
  const type = first?.tally.target.type;
  const own = links.filter(({ tally }) => isOwn(tally)).map(({ tally }) => tally.entity);
  const names = new Set(own.map(({ name }) => name));
  const date = own[0]?.date;
  return {
    ...{ id, type, label: type && ENTITY_LABELS[type] },
    mentions: int(links.reduce((sum, { tally }) => sum + tally.mentions, 0)),
    dateIso: date?.iso ?? null,
    datePrecision: date?.precision ?? null,
    /** The only one by which documents call it. */
    name: names.size === 1 ? own[0]?.name : null,
  };
}

function spokenOf({ entity: { id, type, name, date }, mentions }: EntityTally) {
  return {
    ...{ localId: id, type, name, mentions: int(mentions) },
    ...{ dateIso: date?.iso ?? null, datePrecision: date?.precision ?? null },
  } satisfies RowOf<typeof SPOKEN>;
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
  await inTables(transaction, COUNT_NAMES, nameRows(changes), BATCH, (batch) => ({
    names: columnsOf(batch),
  }));
}

const COUNT_NAMES = `
  ${eachRow('names')}
  MATCH (e:Entity {id: $names.entityId[row]})
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
