import { aggregateConfidence } from '../../domain/confidence.js';
import { mostFrequentName, type NameCount } from '../../domain/entity-name.js';
import { normaliseName, type EntityId, type TripleId } from '../../domain/identity.js';
import type { TripleStatus } from '../../domain/model.js';
import { inBatches, sortedIds } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';

/** Shared nodes that a transaction touched: what they are derived from has changed. All entities are locked. */
export interface Touched {
  readonly triples: ReadonlySet<TripleId>;
  /** Triples that it made, which say already what their evidence comes to. */
  readonly made: ReadonlySet<TripleId>;
  readonly entities: ReadonlySet<EntityId>;
  /** Whether evidence or mentions went: else all that was there is supported still. */
  readonly mayGo: boolean;
}

/** What became of the shared nodes: the material of a log of changes. */
export interface Refreshed {
  readonly triples: Changed<TripleId>;
  readonly entities: Changed<EntityId>;
}

export interface Changed<Id> {
  readonly created: readonly Id[];
  /** A triple's confidence or evidence, an entity's name. */
  readonly changed: readonly Id[];
  readonly removed: readonly Id[];
}

/** Rows of one statement. */
const BATCH = 1_000;
/** Characters of a normalised name that lists are ordered by: an index takes 8 KB at most. */
const SORTED_CHARACTERS = 1_000;

/**
 * Brings everything derived up to date, in the transaction that changed what it derives from; what nothing supports
 * any more is removed. The outcome depends on the documents that are there, not on the order in which they came.
 *
 * @param andThen what is to be done with the outcome: its statements travel with those that write it
 */
export async function refresh(
  transaction: Neo4jTransaction,
  touched: Touched,
  andThen: (refreshed: Refreshed) => Promise<unknown> = () => Promise.resolve(),
): Promise<Refreshed> {
  const [evidence, names] = await Promise.all([
    inBatches<TripleId, TripleEvidence>(transaction, READ_EVIDENCE, [...touched.triples], BATCH),
    readNames(transaction, touched.entities),
  ]);
  const triples = derivedTriples(evidence);
  const entities = derivedEntities(names);
  const [removedTriples, removedEntities] = touched.mayGo
    ? await removeUnsupported(transaction, touched)
    : [[], []];
  const created = [...touched.made, ...triples.created];
  const refreshed = {
    triples: changedOf({ ...triples, created }, removedTriples),
    entities: changedOf(entities, removedEntities, madeHere(names)),
  };
  await Promise.all([
    inBatches(transaction, UPDATE_TRIPLES, triples.updates, BATCH),
    inBatches(transaction, UPDATE_ENTITIES, entities.updates, BATCH),
    andThen(refreshed),
  ]);
  return refreshed;
}

async function removeUnsupported(
  transaction: Neo4jTransaction,
  { triples, entities }: Touched,
): Promise<readonly [readonly TripleId[], readonly EntityId[]]> {
  return Promise.all([
    removedIds<TripleId>(transaction, REMOVE_TRIPLES, triples),
    removedIds<EntityId>(transaction, REMOVE_ENTITIES, entities),
  ]);
}

interface TripleEvidence {
  readonly id: TripleId;
  readonly confidence: number;
  readonly evidence: number;
  readonly status: TripleStatus;
  /** Sentence and confidence of each piece. */
  readonly pieces: readonly (readonly [string, number])[];
}

const READ_EVIDENCE = `
  UNWIND $rows AS id
  MATCH (t:Triple {id: id})
  RETURN id, t.confidence AS confidence, t.evidence AS evidence, t.status AS status,
    COLLECT {
      MATCH (t)<-[:SUPPORTS]-(p:Prediction)<-[:HAS_PREDICTION]-(s:Sentence) RETURN [s.id, p.confidence]
    } AS pieces`;

/** What is to be written, and what of it is new or only changed. */
interface Derived<Id, Update> {
  readonly updates: readonly Update[];
  readonly created: readonly Id[];
  readonly changed: readonly Id[];
}

interface TripleUpdate {
  readonly id: TripleId;
  readonly confidence: number;
  readonly evidence: ReturnType<typeof int>;
}

function derivedTriples(stored: readonly TripleEvidence[]): Derived<TripleId, TripleUpdate> {
  const updates: TripleUpdate[] = [];
  const created: TripleId[] = [];
  const changed: TripleId[] = [];
  for (const { id, pieces, ...before } of stored) {
    const confidence = aggregateConfidence(
      pieces.map(([sentenceId, ofPiece]) => ({ sentenceId, confidence: ofPiece })),
    );
    if (confidence === before.confidence && pieces.length === before.evidence) {
      // Other pieces of the same weight.
      changed.push(id);
      continue;
    }
    updates.push({ id, confidence, evidence: int(pieces.length) });
    const isNew = before.evidence === 0 && before.status === 'unreviewed';
    (isNew ? created : changed).push(id);
  }
  return { updates, created, changed };
}

// The relationship says what the node says, for those who browse.
const UPDATE_TRIPLES = `
  UNWIND $rows AS row
  MATCH (t:Triple {id: row.id})
  SET t.confidence = row.confidence, t.evidence = row.evidence
  WITH t, row
  MATCH (:Entity {id: t.subjectId})-[r {tripleId: row.id}]->(:Entity {id: t.objectId})
  SET r.confidence = row.confidence, r.evidence = row.evidence`;

/** What a curator decided on stays. */
const REMOVE_TRIPLES = `
  UNWIND $rows AS id
  MATCH (t:Triple {id: id})
  WHERE t.status = 'unreviewed' AND NOT EXISTS { (t)<-[:SUPPORTS]-() }
  MATCH (:Entity {id: t.subjectId})-[r {tripleId: id}]->(:Entity {id: t.objectId})
  DELETE r, t
  RETURN id`;

const REMOVE_ENTITIES = `
  UNWIND $rows AS id
  MATCH (e:Entity {id: id})
  CALL (e) {
    MATCH (e)-[:GOES_BY]->(n:Name)
    WHERE n.documents <= 0 AND n.mentions <= 0
    DETACH DELETE n
  }
  WITH e, id
  WHERE e.mentions <= 0 AND NOT EXISTS { (e)--() }
  DELETE e
  RETURN id`;

interface EntityNames {
  readonly id: EntityId;
  /** By which it goes in a dictionary, and as which something was merged into it. */
  readonly known: string | null;
  readonly merged: string | null;
  /** Of dictionaries, scheme:value, as they are and as they were. */
  readonly externalIds: readonly string[];
  readonly formerIds: readonly string[];
  /** null: the entity was made by this transaction. */
  readonly name: string | null;
  /** Its own full names, with the number of documents that give them. */
  readonly names: readonly NameCount[];
}

async function readNames(
  transaction: Neo4jTransaction,
  entities: ReadonlySet<EntityId>,
): Promise<EntityNames[]> {
  if (entities.size === 0) return [];
  // Under the locks of the entities: a dictionary that comes from now on waits for them, and looks at them itself.
  const [identity] = await transaction.run<{ isUsed: boolean }>(IS_IDENTITY_USED);
  const statement = identity?.isUsed ? READ_NAMES : READ_OWN_NAMES;
  return inBatches<EntityId, EntityNames>(transaction, statement, sortedIds(entities), BATCH);
}

// The numbers of nodes with a label are known without looking at them; to look for each entity costs as much as
// half of what else is read of it.
const IS_IDENTITY_USED = `
  RETURN COUNT { (:KnownEntity) } > 0 OR COUNT { (:Merge) } > 0 OR COUNT { (:Redirect) } > 0 AS isUsed`;

const OWN_NAMES = `
  UNWIND $rows AS id
  MATCH (e:Entity {id: id})
  RETURN id, e.name AS name, coalesce(e.externalIds, []) AS formerIds,
    COLLECT { MATCH (e)-[:GOES_BY]->(n:Name) WHERE n.own > 0 RETURN {name: n.text, count: n.own} } AS names`;

const READ_OWN_NAMES = `${OWN_NAMES}, null AS known, null AS merged, [] AS externalIds`;

const READ_NAMES = `${OWN_NAMES},
    head(COLLECT {
      MATCH (d:Dictionary)-[:HAS_ENTRY]->(k:KnownEntity {entityId: id})
      RETURN k.name ORDER BY d.name, k.position LIMIT 1
    }) AS known,
    head(COLLECT { MATCH (m:Merge {intoId: id}) WHERE m.undoneAt IS NULL RETURN m.intoName ORDER BY m.intoName LIMIT 1 })
      AS merged,
    COLLECT {
      UNWIND [id] + COLLECT { MATCH (r:Redirect {toId: id}) RETURN r.fromId } AS standing
      MATCH (k:KnownEntity {entityId: standing})
      UNWIND k.externalIds AS externalId
      RETURN DISTINCT externalId ORDER BY externalId
    } AS externalIds`;

interface EntityUpdate {
  readonly id: EntityId;
  readonly name: string;
  readonly normalised: string;
  readonly externalIds: readonly string[];
}

function derivedEntities(stored: readonly EntityNames[]): Derived<EntityId, EntityUpdate> {
  const updates: EntityUpdate[] = [];
  const created: EntityId[] = [];
  const changed: EntityId[] = [];
  for (const { id, name: before, names, known, merged, externalIds, formerIds } of stored) {
    const name = known ?? mostFrequentName(names) ?? merged ?? before;
    if (name === null || (name === before && externalIds.join() === formerIds.join())) continue;
    updates.push({ id, name, normalised: normaliseName(name).slice(0, SORTED_CHARACTERS), externalIds });
    (before === null ? created : changed).push(id);
  }
  return { updates, created, changed };
}

const UPDATE_ENTITIES = `
  UNWIND $rows AS row
  MATCH (e:Entity {id: row.id})
  SET e.name = row.name, e.normalised = row.normalised,
    e.externalIds = CASE WHEN size(row.externalIds) = 0 THEN null ELSE row.externalIds END`;

async function removedIds<Id extends string>(
  transaction: Neo4jTransaction,
  statement: string,
  ids: ReadonlySet<Id>,
): Promise<Id[]> {
  const rows = await inBatches<Id, { id: Id }>(transaction, statement, sortedIds(ids), BATCH);
  return rows.map(({ id }) => id);
}

/** Entities that this transaction made, be it only to lock them. */
function madeHere(names: readonly EntityNames[]): ReadonlySet<EntityId> {
  return new Set(names.flatMap(({ id, name }) => (name === null ? id : [])));
}

/** @param made what was not there before: where it is removed, too, nothing has happened */
function changedOf<Id>(
  { created, changed }: Derived<Id, unknown>,
  removed: readonly Id[],
  made: ReadonlySet<Id> = new Set(),
): Changed<Id> {
  const gone = new Set(removed);
  return {
    created: created.filter((id) => !gone.has(id)),
    changed: changed.filter((id) => !gone.has(id)),
    removed: removed.filter((id) => !made.has(id)),
  };
}
