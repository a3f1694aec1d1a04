import type { EntityId, PredictionId, TripleId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import { supported, type SupportedTriple } from '../document-graph.js';
import { inBatches } from './batches.js';
import type { Neo4jTransaction } from './connection.js';
import { outdated } from './errors.js';
import type { RelationshipTypes } from './vocabulary.js';
import { writeTriples } from './write-triples.js';

/** Rows of one statement. */
const BATCH = 1_000;

/** Local entities that move from one entity to another. */
export interface MoveGroup {
  readonly from: EntityId;
  readonly to: EntityId;
  readonly localIds: readonly EntityId[];
}

/** Entities whose locks are held. */
export interface Locked {
  /** Those that mentions move between, and others whose name or external ids may change. */
  readonly ends: ReadonlySet<EntityId>;
  /** With the other ends of the triples that change. */
  readonly all: ReadonlySet<EntityId>;
}

interface RelationRow {
  readonly id: PredictionId;
  readonly label: string;
  readonly tripleId: TripleId | null;
  readonly subjectId: EntityId;
  readonly subjectType: EntityType;
  readonly objectId: EntityId;
  readonly objectType: EntityType;
}

interface MovedEvidence {
  readonly evidence: number;
  /** Triples that lost or gained evidence. */
  readonly triples: ReadonlySet<TripleId>;
}

/** Ties evidence to the triples of the entities that its mentions refer to now. */
export async function moveEvidence(
  transaction: Neo4jTransaction,
  groups: readonly MoveGroup[],
  locked: Locked,
  types: RelationshipTypes,
): Promise<MovedEvidence> {
  const relations = await inBatches<MoveGroup, RelationRow>(transaction, READ_RELATIONS, groups, BATCH);
  const changes = new Map<PredictionId, { row: RelationRow; triple: SupportedTriple | null }>();
  for (const row of relations) {
    for (const id of [row.subjectId, row.objectId])
      if (!locked.all.has(id)) throw outdated('a document was saved that speaks of an entity that moves');
    const subject = { id: row.subjectId, type: row.subjectType };
    const triple = supported(row.label, subject, { id: row.objectId, type: row.objectType });
    if ((triple?.id ?? null) !== row.tripleId) changes.set(row.id, { row, triple });
  }
  const moved = [...changes.values()];
  const wanted = moved.flatMap(({ triple }) => triple ?? []);
  await writeTriples(
    transaction,
    [...new Map(wanted.map((triple) => [triple.id, triple])).values()].map((triple) => ({
      triple,
      pieces: [],
    })),
    types,
  );
  const rows = moved.map(({ row, triple }) => ({ id: row.id, tripleId: triple?.id ?? null }));
  await Promise.all([
    inBatches(
      transaction,
      RELEASE,
      rows.map(({ id }) => id),
      BATCH,
    ),
    inBatches(
      transaction,
      SUPPORT,
      rows.filter(({ tripleId }) => tripleId !== null),
      BATCH,
    ),
  ]);
  const triples = new Set([...wanted.map(({ id }) => id), ...moved.flatMap(({ row }) => row.tripleId ?? [])]);
  return { evidence: moved.length, triples };
}

const READ_RELATIONS = `
  UNWIND $rows AS row
  MATCH (:Entity {id: row.to})<-[:REFERS_TO]-(m:Mention)<-[:SUBJECT|OBJECT]-(p:Prediction)
  WHERE m.localId IN row.localIds AND p.label <> 'NIL'
  WITH DISTINCT p
  MATCH (p)-[:SUBJECT]->(subject:Mention)-[:REFERS_TO]->(se:Entity)
  MATCH (p)-[:OBJECT]->(object:Mention)-[:REFERS_TO]->(oe:Entity)
  WHERE subject.localId <> object.localId
  OPTIONAL MATCH (p)-[:SUPPORTS]->(t:Triple)
  RETURN p.id AS id, p.label AS label, t.id AS tripleId, se.id AS subjectId, se.type AS subjectType,
    oe.id AS objectId, oe.type AS objectType`;

const RELEASE = `
  UNWIND $rows AS id
  MATCH (p:Prediction {id: id})
  OPTIONAL MATCH (p)-[s:SUPPORTS]->(:Triple)
  REMOVE p:Evidence
  DELETE s`;

const SUPPORT = `
  UNWIND $rows AS row
  MATCH (p:Prediction {id: row.id})
  MATCH (t:Triple {id: row.tripleId})
  SET p:Evidence
  CREATE (p)-[:SUPPORTS]->(t)`;
