import { groupBy } from '../../domain/arrays.js';
import type { EntityId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { IdentityChanges } from '../identity-store.js';
import { inBatches, sortedIds } from './batches.js';
import { logChanges, sharedChanges, type LoggedChange } from './change-log.js';
import { int, type Neo4jTransaction } from './connection.js';
import { moveEvidence, type Locked, type MoveGroup } from './rederive-evidence.js';
import { refreshRedirects, type ChangedRedirect } from './redirects.js';
import { refresh } from './refresh.js';
import { ENTITY_LABELS, type RelationshipTypes } from './vocabulary.js';
import { countNames } from './write-entities.js';

/** Rows of one statement. */
const BATCH = 1_000;

/** What changes of identity touch beside what moves. */
export interface AlsoTouched {
  /** Entities whose name or external ids may be others now. */
  readonly entities: Iterable<EntityId>;
}

/**
 * Brings redirects, mentions, evidence and triples up to date after steps out of ids have changed, and logs it. The lock
 * of identity is held (`lockIdentity`); the entities at both ends of every move are locked here, like by whoever saves
 * a document, which looks at its redirects again under those locks.
 */
export async function applyRedirects(
  transaction: Neo4jTransaction,
  ids: readonly EntityId[],
  also: AlsoTouched,
  types: RelationshipTypes,
): Promise<IdentityChanges> {
  const changed = await refreshRedirects(transaction, ids);
  const ends = changed.flatMap(({ from, to }) => [from, to]);
  const locked = await lockEnds(transaction, changed, [...ends, ...also.entities]);
  const groups = groupsOf(changed);
  const mentions = await moveMentions(transaction, groups);
  const { evidence, triples } = await moveEvidence(transaction, groups, locked, types);
  const refreshed = await refresh(transaction, {
    triples,
    made: new Set(),
    entities: locked.ends,
    mayGo: true,
  });
  const gone = new Set<string>(refreshed.entities.removed);
  const touched = await existing(
    transaction,
    [...also.entities].filter((id) => !gone.has(id)),
  );
  await logChanges(transaction, [...touched, ...sharedChanges(refreshed)]);
  return { mentions, evidence };
}

/** Takes the lock that every change of identity takes first: one at a time. Who saves documents never takes it. */
export async function lockIdentity(transaction: Neo4jTransaction): Promise<void> {
  await transaction.run(
    `MERGE (s:Sequence {name: 'identity'}) ON CREATE SET s.value = $zero SET s.value = s.value + $one`,
    { zero: int(0), one: int(1) },
  );
}

function groupsOf(changed: readonly ChangedRedirect[]): MoveGroup[] {
  return [...groupBy(changed, ({ from, to }) => `${from} ${to}`).values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ from: first.from, to: first.to, localIds: group.map(({ id }) => id) }] : [];
  });
}

/**
 * Locks the ends of moves, made where they are missing, and the other ends of the triples that change, in the order of
 * their ids. What of it is needed by nothing is removed by `refresh`.
 */
async function lockEnds(
  transaction: Neo4jTransaction,
  changed: readonly ChangedRedirect[],
  ends: readonly EntityId[],
): Promise<Locked> {
  const others = await inBatches<MoveGroup, { id: EntityId }>(
    transaction,
    OTHER_ENDS,
    groupsOf(changed),
    BATCH,
  );
  const all = sortedIds([...ends, ...others.map(({ id }) => id)]);
  const made = new Set(changed.flatMap(({ from, to }) => [from, to]));
  const rows = all.map((id) => ({ id, make: made.has(id) }));
  await inBatches(transaction, LOCK, rows, BATCH, { zero: int(0) });
  return { ends: new Set(ends), all: new Set(all) };
}

const OTHER_ENDS = `
  UNWIND $rows AS row
  MATCH (:Entity {id: row.from})<-[:REFERS_TO]-(m:Mention)<-[:SUBJECT|OBJECT]-(p:Prediction)
  WHERE m.localId IN row.localIds AND p.label <> 'NIL'
  MATCH (p)-[:SUBJECT|OBJECT]->(:Mention)-[:REFERS_TO]->(e:Entity)
  RETURN DISTINCT e.id AS id`;

const LOCK = `
  UNWIND $rows AS row
  CALL (row) {
    WITH row WHERE row.make
    MERGE (e:Entity {id: row.id})
    ON CREATE SET e.mentions = $zero
    SET e.id = e.id
    UNION
    WITH row WHERE NOT row.make
    MATCH (e:Entity {id: row.id})
    SET e.id = e.id
  }
  RETURN count(*) AS locked`;

interface SpokenRow {
  readonly from: EntityId;
  readonly to: EntityId;
  readonly localId: EntityId;
  readonly type: EntityType;
  readonly name: string;
  readonly documents: number;
  readonly mentions: number;
}

/** @returns number of mentions */
async function moveMentions(transaction: Neo4jTransaction, groups: readonly MoveGroup[]): Promise<number> {
  const [spoken, surfaces] = await Promise.all([
    inBatches<MoveGroup, SpokenRow>(transaction, READ_SPOKEN, groups, BATCH),
    inBatches<MoveGroup, { from: EntityId; to: EntityId; name: string; mentions: number }>(
      transaction,
      READ_SURFACES,
      groups,
      BATCH,
    ),
  ]);
  if (spoken.length === 0) return 0;
  const typesOf = await endTypes(transaction, spoken);
  await Promise.all([
    inBatches(transaction, NAME_TYPES, typesOf, BATCH),
    inBatches(transaction, MOVE_SPOKEN, groups, BATCH),
    inBatches(transaction, MOVE_REFERENCES, groups, BATCH),
    inBatches(transaction, COUNT_MENTIONS, countsOf(spoken), BATCH),
    countNames(transaction, [
      ...spoken.flatMap(({ from, to, localId, name, documents }) => [
        { entityId: from, name, documents: -documents, own: localId === from ? -documents : 0, mentions: 0 },
        { entityId: to, name, documents, own: localId === to ? documents : 0, mentions: 0 },
      ]),
      ...surfaces.flatMap(({ from, to, name, mentions }) => [
        { entityId: from, name, documents: 0, own: 0, mentions: -mentions },
        { entityId: to, name, documents: 0, own: 0, mentions },
      ]),
    ]),
  ]);
  return spoken.reduce((sum, { mentions }) => sum + mentions, 0);
}

const READ_SPOKEN = `
  UNWIND $rows AS row
  MATCH (:Entity {id: row.from})<-[s:SPEAKS_OF]-(:Document) WHERE s.localId IN row.localIds
  RETURN row.from AS from, row.to AS to, s.localId AS localId, s.type AS type, s.name AS name,
    count(*) AS documents, sum(s.mentions) AS mentions`;

const READ_SURFACES = `
  UNWIND $rows AS row
  MATCH (:Entity {id: row.from})<-[:REFERS_TO]-(m:Mention) WHERE m.localId IN row.localIds AND m.type <> 'PRON'
  RETURN row.from AS from, row.to AS to, m.text AS name, count(*) AS mentions`;

const MOVE_SPOKEN = `
  UNWIND $rows AS row
  MATCH (to:Entity {id: row.to})
  MATCH (:Entity {id: row.from})<-[s:SPEAKS_OF]-(d:Document) WHERE s.localId IN row.localIds
  CREATE (d)-[moved:SPEAKS_OF]->(to)
  SET moved = properties(s)
  DELETE s`;

const MOVE_REFERENCES = `
  UNWIND $rows AS row
  MATCH (to:Entity {id: row.to})
  MATCH (:Entity {id: row.from})<-[r:REFERS_TO]-(m:Mention) WHERE m.localId IN row.localIds
  CREATE (m)-[:REFERS_TO]->(to)
  DELETE r`;

const COUNT_MENTIONS = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.id})
  SET e.mentions = e.mentions + row.mentions`;

function countsOf(spoken: readonly SpokenRow[]) {
  const counts = new Map<EntityId, number>();
  const add = (id: EntityId, mentions: number) => counts.set(id, (counts.get(id) ?? 0) + mentions);
  for (const { from, to, mentions } of spoken) {
    add(from, -mentions);
    add(to, mentions);
  }
  return [...counts].map(([id, mentions]) => ({ id, mentions: int(mentions) }));
}

/** The types of entities that mentions move to: what was recorded of the end of a redirect, else the document's word. */
async function endTypes(transaction: Neo4jTransaction, spoken: readonly SpokenRow[]) {
  const own = new Map(spoken.filter(({ localId, to }) => localId === to).map(({ to, type }) => [to, type]));
  const others = [...new Set(spoken.map(({ to }) => to))].filter((id) => !own.has(id));
  const recorded = await inBatches<EntityId, { id: EntityId; type: EntityType | null }>(
    transaction,
    READ_TYPES,
    others,
    BATCH,
  );
  for (const { id, type } of recorded) if (type !== null) own.set(id, type);
  return [...own].map(([id, type]) => ({ id, type, label: ENTITY_LABELS[type] }));
}

const READ_TYPES = `
  UNWIND $rows AS id
  RETURN id, coalesce(
    head(COLLECT { MATCH (k:KnownEntity {entityId: id}) RETURN k.type LIMIT 1 }),
    head(COLLECT { MATCH (m:Merge {intoId: id}) RETURN m.intoType LIMIT 1 })
  ) AS type`;

const NAME_TYPES = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.id})
  SET e:$(row.label), e.type = row.type`;

/** Entities that are there, as changes of them. */
async function existing(transaction: Neo4jTransaction, ids: readonly EntityId[]): Promise<LoggedChange[]> {
  const found = await inBatches<EntityId, { id: EntityId }>(
    transaction,
    'UNWIND $rows AS id MATCH (e:Entity {id: id}) RETURN id',
    ids,
    BATCH,
  );
  return found.map(({ id }) => ({ kind: 'entity', id, removed: false }));
}
