import type { PredictionId, TripleId } from '../../domain/identity.js';
import type { Neighbour, Triple } from '../../domain/model.js';
import type {
  EvidenceFilter,
  EvidenceQuery,
  Page,
  StoreCounts,
  StoredEvidence,
  TripleFilter,
  TripleQuery,
} from '../graph-store.js';
import * as orders from '../orders.js';
import { IN_ENTITY_IDS, IN_IDS, idList, readByIds, readByOwners } from './by-ids.js';
import type { Connection } from './connection.js';
import { Conditions, filterConditions, joinedConditions, readPage } from './keyset.js';
import * as rows from './rows.js';

export function triplesById(connection: Connection, ids: readonly TripleId[]): (Triple | null)[] {
  const sql = `SELECT ${rows.TRIPLE_COLUMNS} FROM ${rows.TRIPLE_TABLES} WHERE t.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, rows.tripleOf);
}

/** For lists of `triples t`. */
export const TRIPLE_ORDERS = orders.ordersIn(orders.TRIPLE_ORDERS, {
  confidence: 't.confidence',
  evidence: 't.evidence_count',
  predicate: 't.predicate',
  id: 't.id',
});

export function triples(connection: Connection, query: TripleQuery): Page<Triple> {
  return readPage(connection, query, {
    select: rows.TRIPLE_COLUMNS,
    from: rows.TRIPLE_TABLES,
    countFrom: 'triples t',
    filter: tripleConditions(query.filter),
    order: TRIPLE_ORDERS[query.order ?? 'confidenceDescending'],
    nodeOf: rows.tripleOf,
  });
}

/** For a FROM clause with `triples t`. @throws NeighborKbError INVALID_ARGUMENT at `filter` */
export function tripleConditions(filter: TripleFilter | undefined): Conditions {
  return filterConditions(filter, ownConditions);
}

/** For the reads of walks: those have checked what they were asked, and join it to the ends where they are. */
export function walkConditions(filter: TripleFilter): Conditions {
  return joinedConditions(filter, ownConditions);
}

/** Objects that are looked up one by one beside known subjects. */
const MOST_LOOKED_UP = 20;

function ownConditions(filter: TripleFilter): Conditions {
  const entityKeys = `IN (SELECT key FROM entities WHERE id ${IN_ENTITY_IDS})`;
  const conditions = new Conditions()
    .in('t.predicate', filter.predicates)
    .in('t.subject_type', filter.subjectTypes)
    .in('t.object_type', filter.objectTypes)
    .in('t.status', filter.statuses);
  if (filter.subjectIds) conditions.add(`t.subject_key ${entityKeys}`, idList(filter.subjectIds));
  if (filter.objectIds) {
    // With both ends known SQLite would look up every couple of them: of many objects that is more than the subjects have.
    const plus = filter.subjectIds && filter.objectIds.length > MOST_LOOKED_UP ? '+' : '';
    conditions.add(`${plus}t.object_key ${entityKeys}`, idList(filter.objectIds));
  }
  if (filter.entityIds) {
    const ids = idList(filter.entityIds);
    conditions.add(`t.subject_key ${entityKeys} OR t.object_key ${entityKeys}`, ids, ids);
  }
  if (filter.minConfidence !== undefined) conditions.add('t.confidence >= ?', filter.minConfidence);
  if (filter.maxConfidence !== undefined) conditions.add('t.confidence <= ?', filter.maxConfidence);
  if (filter.documentIds)
    conditions.add(
      `t.key IN (SELECT triple_key FROM predictions WHERE triple_key IS NOT NULL
         AND document_key IN (SELECT key FROM documents WHERE id ${IN_IDS}))`,
      idList(filter.documentIds),
    );
  return conditions;
}

const EVIDENCE_COLUMNS = `${rows.PREDICTION_COLUMNS}, t.id AS triple_id`;
const EVIDENCE_TABLES = `${rows.PREDICTION_TABLES} JOIN triples t ON t.key = p.triple_key`;
type EvidenceRow = rows.PredictionRow & { readonly triple_id: TripleId };
const evidenceOf = (row: EvidenceRow): StoredEvidence => ({
  ...rows.predictionOf(row),
  tripleId: row.triple_id,
});

export function evidenceById(
  connection: Connection,
  ids: readonly PredictionId[],
): (StoredEvidence | null)[] {
  const sql = `SELECT ${EVIDENCE_COLUMNS} FROM ${EVIDENCE_TABLES} WHERE p.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, evidenceOf);
}

const EVIDENCE_ORDERS = orders.ordersIn(orders.EVIDENCE_ORDERS, { confidence: 'p.confidence', id: 'p.id' });

/** Most confident first. */
export function evidence(connection: Connection, query: EvidenceQuery): Page<StoredEvidence> {
  return readPage(connection, query, {
    select: EVIDENCE_COLUMNS,
    from: EVIDENCE_TABLES,
    countFrom: 'predictions p',
    filter: filterConditions(query.filter, evidenceConditions).add('p.triple_key IS NOT NULL'),
    order: EVIDENCE_ORDERS.evidenceByConfidence,
    nodeOf: evidenceOf,
  });
}

function evidenceConditions(filter: EvidenceFilter): Conditions {
  const conditions = new Conditions().in('p.label', filter.predicates);
  if (filter.tripleIds)
    conditions.add(`p.triple_key IN (SELECT key FROM triples WHERE id ${IN_IDS})`, idList(filter.tripleIds));
  if (filter.documentIds)
    conditions.add(
      `p.document_key IN (SELECT key FROM documents WHERE id ${IN_IDS})`,
      idList(filter.documentIds),
    );
  if (filter.minConfidence !== undefined) conditions.add('p.confidence >= ?', filter.minConfidence);
  return conditions;
}

/** Of each triple, most confident first. */
export function evidenceOfTriples(connection: Connection, ids: readonly TripleId[]): StoredEvidence[][] {
  const sql = `SELECT ${EVIDENCE_COLUMNS}, t.id AS owner FROM ${EVIDENCE_TABLES}
    WHERE t.id ${IN_IDS} ORDER BY p.confidence DESC, p.id`;
  return readByOwners(connection, sql, ids, evidenceOf);
}

/** Of each prediction, by memory in the profile's order, then rank. */
export function neighboursOfPredictions(connection: Connection, ids: readonly PredictionId[]): Neighbour[][] {
  const sql = `SELECT ${rows.NEIGHBOUR_COLUMNS}, p.id AS owner FROM ${rows.NEIGHBOUR_TABLES}
    WHERE p.id ${IN_IDS} ORDER BY p.key, n.position`;
  return readByOwners(connection, sql, ids, rows.neighbourOf);
}

export function counts(connection: Connection): StoreCounts {
  const row = connection.first<StoreCounts>(`SELECT
    (SELECT count(*) FROM documents) AS documents,
    (SELECT count(*) FROM entities) AS entities,
    (SELECT count(*) FROM triples) AS triples,
    (SELECT count(*) FROM predictions WHERE triple_key IS NOT NULL) AS evidence`);
  const { documents = 0, entities = 0, triples = 0, evidence: pieces = 0 } = row ?? {};
  return { documents, entities, triples, evidence: pieces };
}
