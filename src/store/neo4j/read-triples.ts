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
import type { OrderColumn } from '../orders.js';
import { readByIds, readByOwners } from './by-ids.js';
import type { Neo4jConnection } from './connection.js';
import { filterExpression, isOneOf, Parameters, readPage } from './keyset.js';
import * as rows from './rows.js';

export function triplesById(
  connection: Neo4jConnection,
  ids: readonly TripleId[],
): Promise<(Triple | null)[]> {
  const statement = `MATCH (t:Triple) WHERE t.id IN $ids RETURN ${rows.TRIPLE}`;
  return readByIds(connection, statement, ids, rows.tripleOf);
}

/** For lists of `t:Triple`. */
export const TRIPLE_ORDERS = orders.ordersIn(orders.TRIPLE_ORDERS, {
  confidence: 't.confidence',
  evidence: 't.evidence',
  predicate: 't.predicate',
  id: 't.id',
});

export function triples(connection: Neo4jConnection, query: TripleQuery): Promise<Page<Triple>> {
  const parameters = new Parameters();
  const order = TRIPLE_ORDERS[query.order ?? 'confidenceDescending'];
  return readPage(connection, query, {
    match: 'MATCH (t:Triple)',
    variables: 't',
    returns: rows.TRIPLE,
    ...wholeFilter(query.filter, parameters),
    alike: alikeIn(query.filter, order.columns),
    parameters,
    order,
    nodeOf: rows.tripleOf,
  });
}

/** Known entities whose triples are sorted for a page; those of more are so many that an index in order meets them soon. */
const FEW_ENTITIES = 50;

/** Whether a filter asks at its top for triples of a few known entities. */
function hasFewEnds({ subjectIds, objectIds, entityIds }: TripleFilter): boolean {
  return [subjectIds, objectIds, entityIds].some((ids) => ids && ids.length <= FEW_ENTITIES);
}

/** What all triples of a filter have alike, where there is an index of it with an order's columns. */
export function alikeIn(
  filter: TripleFilter | undefined,
  [leading]: readonly OrderColumn[],
): string | undefined {
  const isOne = filter?.predicates?.length === 1;
  return isOne && leading?.expression === 't.confidence' ? 't.predicate' : undefined;
}

/**
 * A list's filter. Documents that it asks for at its top lead to their triples; deeper in it each triple is asked for its
 * documents.
 */
export function wholeFilter(
  filter: TripleFilter | undefined,
  parameters: Parameters,
): { readonly where: string; readonly isNarrow: boolean } {
  const { documentIds, ...rest } = filter ?? {};
  const others = filterExpression(filter && rest, parameters, tripleConditions);
  if (!documentIds) return { where: others, isNarrow: hasFewEnds(rest) };
  const supported = `t.id IN COLLECT {
    MATCH (support:Document)-[:HAS_SENTENCE]->(:Sentence)-[:HAS_PREDICTION]->(:Prediction)-[:SUPPORTS]->(supported:Triple)
    WHERE support.id IN ${parameters.add(documentIds)} RETURN DISTINCT supported.id }`;
  return { where: `${supported} AND ${others}`, isNarrow: true };
}

/** What a filter says itself of `t`. */
export function tripleConditions(filter: TripleFilter, parameters: Parameters): readonly string[] {
  const conditions = [
    ...isOneOf('t.predicate', filter.predicates, parameters),
    ...isOneOf('t.subjectType', filter.subjectTypes, parameters),
    ...isOneOf('t.objectType', filter.objectTypes, parameters),
    ...isOneOf('t.status', filter.statuses, parameters),
    ...isOneOf('t.subjectId', filter.subjectIds, parameters),
    ...isOneOf('t.objectId', filter.objectIds, parameters),
  ];
  if (filter.entityIds) {
    const ids = parameters.add(filter.entityIds);
    conditions.push(`t.subjectId IN ${ids} OR t.objectId IN ${ids}`);
  }
  if (filter.minConfidence !== undefined)
    conditions.push(`t.confidence >= ${parameters.add(filter.minConfidence)}`);
  if (filter.maxConfidence !== undefined)
    conditions.push(`t.confidence <= ${parameters.add(filter.maxConfidence)}`);
  if (filter.documentIds)
    conditions.push(`EXISTS {
      (t)<-[:SUPPORTS]-(:Prediction)<-[:HAS_PREDICTION]-(:Sentence)<-[:HAS_SENTENCE]-(support:Document)
      WHERE support.id IN ${parameters.add(filter.documentIds)} }`);
  return conditions;
}

export function evidenceById(
  connection: Neo4jConnection,
  ids: readonly PredictionId[],
): Promise<(StoredEvidence | null)[]> {
  const statement = `MATCH (p:Prediction) WHERE p.id IN $ids
    MATCH ${rows.EVIDENCE_MATCH} ${rows.PREDICTION_MENTIONS} RETURN ${rows.EVIDENCE}`;
  return readByIds(connection, statement, ids, rows.evidenceOf);
}

const EVIDENCE_ORDERS = orders.ordersIn(orders.EVIDENCE_ORDERS, { confidence: 'p.confidence', id: 'p.id' });

/** Most confident first. */
export function evidence(connection: Neo4jConnection, query: EvidenceQuery): Promise<Page<StoredEvidence>> {
  const parameters = new Parameters();
  return readPage(connection, query, {
    match: `MATCH ${rows.EVIDENCE_MATCH}`,
    variables: 'd, s, p, t',
    details: rows.PREDICTION_MENTIONS,
    returns: rows.EVIDENCE,
    where: filterExpression(query.filter, parameters, evidenceConditions),
    parameters,
    // The number of nodes with a label is known without looking at them.
    ...(query.filter === undefined ? { count: 'MATCH (p:Evidence) RETURN count(p) AS count' } : {}),
    order: EVIDENCE_ORDERS.evidenceByConfidence,
    nodeOf: rows.evidenceOf,
  });
}

/** What a filter says itself of `p`, its document `d` and its triple `t`. */
function evidenceConditions(filter: EvidenceFilter, parameters: Parameters): readonly string[] {
  const conditions = [
    ...isOneOf('p.label', filter.predicates, parameters),
    ...isOneOf('t.id', filter.tripleIds, parameters),
    ...isOneOf('d.id', filter.documentIds, parameters),
  ];
  if (filter.minConfidence !== undefined)
    conditions.push(`p.confidence >= ${parameters.add(filter.minConfidence)}`);
  return conditions;
}

/** Of each triple, most confident first. */
export function evidenceOfTriples(
  connection: Neo4jConnection,
  ids: readonly TripleId[],
): Promise<StoredEvidence[][]> {
  const statement = `MATCH (t:Triple) WHERE t.id IN $ids
    MATCH ${rows.EVIDENCE_MATCH} ${rows.PREDICTION_MENTIONS}
    RETURN t.id AS owner, ${rows.EVIDENCE} ORDER BY p.confidence DESC, p.id`;
  return readByOwners(connection, statement, ids, rows.evidenceOf);
}

/** Of each prediction, by memory in the profile's order, then rank. */
export function neighboursOfPredictions(
  connection: Neo4jConnection,
  ids: readonly PredictionId[],
): Promise<Neighbour[][]> {
  const statement = `MATCH (p:Prediction) WHERE p.id IN $ids
    CALL (p) {
      WITH p WHERE p.voters IS NOT NULL
      UNWIND range(0, size(p.voters) - 1) AS place
      MATCH (m:MemoryEntry {id: p.voters[place]})
      RETURN m, place, coalesce(p.voterRanks[place], place + 1) AS rank,
        p.voterDistances[place] AS distance, p.voterWeights[place] AS weight
    UNION ALL
      WITH p WHERE p.voters IS NULL
      MATCH (m:MemoryEntry)-[v:VOTED_FOR]->(p)
      RETURN m, v.rank AS place, v.rank AS rank, v.distance AS distance, v.weight AS weight
    }
    RETURN p.id AS owner, ${rows.NEIGHBOUR} ORDER BY place`;
  return readByOwners(connection, statement, ids, rows.neighbourOf);
}

export async function counts(connection: Neo4jConnection): Promise<StoreCounts> {
  const [row] = await connection.read<StoreCounts>(
    `RETURN COUNT { (:Document) } AS documents, COUNT { (:Entity) } AS entities, COUNT { (:Triple) } AS triples,
       COUNT { (:Evidence) } AS evidence`,
  );
  return row ?? { documents: 0, entities: 0, triples: 0, evidence: 0 };
}
