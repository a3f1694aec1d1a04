import type { DocumentId, EntityId, MentionId, PredictionId, SentenceId } from '../../domain/identity.js';
import type { Document, Mention, Sentence } from '../../domain/model.js';
import type {
  DocumentFilter,
  DocumentQuery,
  Page,
  StoredPrediction,
  StoredRevision,
} from '../graph-store.js';
import * as orders from '../orders.js';
import { readByIds, readByOwners } from './by-ids.js';
import { int, type Neo4jConnection } from './connection.js';
import { filterExpression, isOneOf, Parameters, readPage } from './keyset.js';
import { ASKED_ENTITY } from './redirects.js';
import * as rows from './rows.js';

export async function storedRevision(
  connection: Neo4jConnection,
  externalId: string,
): Promise<StoredRevision | null> {
  const [row] = await connection.read<StoredRevision>(
    'MATCH (d:Document {externalId: $externalId}) RETURN d.revision AS revision, d.profile AS profile',
    { externalId },
  );
  return row ?? null;
}

export function documentsById(
  connection: Neo4jConnection,
  ids: readonly DocumentId[],
): Promise<(Document | null)[]> {
  const statement = `MATCH (d:Document) WHERE d.id IN $ids RETURN ${rows.DOCUMENT}`;
  return readByIds(connection, statement, ids, rows.documentOf);
}

const DOCUMENT_ORDERS = orders.ordersIn(orders.DOCUMENT_ORDERS, {
  externalId: 'd.externalId',
  saved: 'd.saved',
});

export function documents(connection: Neo4jConnection, query: DocumentQuery): Promise<Page<Document>> {
  const parameters = new Parameters();
  return readPage(connection, query, {
    match: 'MATCH (d:Document)',
    variables: 'd',
    returns: rows.DOCUMENT,
    where: filterExpression(query.filter, parameters, documentConditions),
    parameters,
    order: DOCUMENT_ORDERS[query.order ?? 'externalId'],
    nodeOf: rows.documentOf,
  });
}

function documentConditions(
  { externalIds, source, text }: DocumentFilter,
  parameters: Parameters,
): readonly string[] {
  const conditions = isOneOf('d.externalId', externalIds, parameters);
  if (source !== undefined) conditions.push(`d.source = ${parameters.add(source)}`);
  if (text !== undefined) {
    // Letters of ASCII in either case, as SQLite's LIKE has it.
    const pattern = parameters.add(`(?is).*\\Q${text.replaceAll('\\E', '\\E\\\\E\\Q')}\\E.*`);
    conditions.push(`d.text =~ ${pattern} OR d.title =~ ${pattern}`);
  }
  return conditions;
}

export function sentencesById(
  connection: Neo4jConnection,
  ids: readonly SentenceId[],
): Promise<(Sentence | null)[]> {
  const statement = `MATCH ${rows.SENTENCE_MATCH} WHERE s.id IN $ids RETURN ${rows.SENTENCE}`;
  return readByIds(connection, statement, ids, rows.sentenceOf);
}

export function sentencesOfDocuments(
  connection: Neo4jConnection,
  ids: readonly DocumentId[],
): Promise<Sentence[][]> {
  const statement = `MATCH ${rows.SENTENCE_MATCH} WHERE d.id IN $ids
    RETURN d.id AS owner, ${rows.SENTENCE} ORDER BY s.position`;
  return readByOwners(connection, statement, ids, rows.sentenceOf);
}

export function mentionsById(
  connection: Neo4jConnection,
  ids: readonly MentionId[],
): Promise<(Mention | null)[]> {
  const statement = `MATCH ${rows.MENTION_MATCH} WHERE m.id IN $ids
    ${rows.MENTION_ENTITY} RETURN ${rows.MENTION}`;
  return readByIds(connection, statement, ids, rows.mentionOf);
}

export function mentionsOfDocuments(
  connection: Neo4jConnection,
  ids: readonly DocumentId[],
): Promise<Mention[][]> {
  const statement = `MATCH ${rows.MENTION_MATCH} WHERE d.id IN $ids
    ${rows.MENTION_ENTITY} RETURN d.id AS owner, ${rows.MENTION} ORDER BY m.start, m.end`;
  return readByOwners(connection, statement, ids, rows.mentionOf);
}

/** The first `limit` of each entity, by document and position. */
export function mentionsOfEntities(
  connection: Neo4jConnection,
  ids: readonly EntityId[],
  limit: number,
): Promise<Mention[][]> {
  const statement = `${ASKED_ENTITY}
    CALL (e) {
      MATCH ${rows.MENTION_MATCH}-[:REFERS_TO]->(e)
      RETURN d, s, m ORDER BY d.id, m.start, m.end LIMIT $limit
    }
    RETURN asked AS owner, ${rows.MENTION} ORDER BY d.id, m.start, m.end`;
  return readByOwners(connection, statement, ids, rows.mentionOf, { limit: int(limit) });
}

export function predictionsOfDocuments(
  connection: Neo4jConnection,
  ids: readonly DocumentId[],
): Promise<StoredPrediction[][]> {
  const statement = `MATCH ${rows.PREDICTION_MATCH} WHERE d.id IN $ids
    ${rows.PREDICTION_MENTIONS}
    RETURN d.id AS owner, ${rows.PREDICTION}
    ORDER BY subject.start, subject.end, object.start, object.end`;
  return readByOwners(connection, statement, ids, rows.predictionOf);
}

export function predictionsById(
  connection: Neo4jConnection,
  ids: readonly PredictionId[],
): Promise<(StoredPrediction | null)[]> {
  const statement = `MATCH ${rows.PREDICTION_MATCH} WHERE p.id IN $ids
    ${rows.PREDICTION_MENTIONS} RETURN ${rows.PREDICTION}`;
  return readByIds(connection, statement, ids, rows.predictionOf);
}
