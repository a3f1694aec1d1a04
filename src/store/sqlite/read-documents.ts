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
import { IN_IDS, readByIds, readByOwners } from './by-ids.js';
import type { Connection } from './connection.js';
import { Conditions, filterConditions, readPage } from './keyset.js';
import * as rows from './rows.js';

export function storedRevision(connection: Connection, externalId: string): StoredRevision | null {
  const row = connection.first<StoredRevision>(
    'SELECT revision, profile FROM documents WHERE external_id = ?',
    [externalId],
  );
  return row ? { revision: row.revision, profile: row.profile } : null;
}

export function documentsById(connection: Connection, ids: readonly DocumentId[]): (Document | null)[] {
  const sql = `SELECT ${rows.DOCUMENT_COLUMNS} FROM documents d WHERE d.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, rows.documentOf);
}

const DOCUMENT_ORDERS = orders.ordersIn(orders.DOCUMENT_ORDERS, {
  externalId: 'd.external_id',
  saved: 'd.saved',
});

export function documents(connection: Connection, query: DocumentQuery): Page<Document> {
  return readPage(connection, query, {
    select: rows.DOCUMENT_COLUMNS,
    from: 'documents d',
    filter: filterConditions(query.filter, documentConditions),
    order: DOCUMENT_ORDERS[query.order ?? 'externalId'],
    nodeOf: rows.documentOf,
  });
}

function documentConditions({ externalIds, source, text }: DocumentFilter): Conditions {
  const conditions = new Conditions().in('d.external_id', externalIds);
  if (source !== undefined) conditions.add('d.source = ?', source);
  // No text holds NUL, where SQLite would take the pattern to end.
  if (text?.includes('\0')) conditions.add('0');
  else if (text !== undefined) {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.add(`d.text LIKE ? ESCAPE '\\' OR d.title LIKE ? ESCAPE '\\'`, pattern, pattern);
  }
  return conditions;
}

export function sentencesById(connection: Connection, ids: readonly SentenceId[]): (Sentence | null)[] {
  const sql = `SELECT ${rows.SENTENCE_COLUMNS} FROM ${rows.SENTENCE_TABLES} WHERE s.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, rows.sentenceOf);
}

export function sentencesOfDocuments(connection: Connection, ids: readonly DocumentId[]): Sentence[][] {
  const sql = `SELECT ${rows.SENTENCE_COLUMNS}, d.id AS owner FROM ${rows.SENTENCE_TABLES}
    WHERE d.id ${IN_IDS} ORDER BY s.document_key, s.position`;
  return readByOwners(connection, sql, ids, rows.sentenceOf);
}

export function mentionsById(connection: Connection, ids: readonly MentionId[]): (Mention | null)[] {
  const sql = `SELECT ${rows.MENTION_COLUMNS} FROM ${rows.MENTION_TABLES} WHERE m.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, rows.mentionOf);
}

export function mentionsOfDocuments(connection: Connection, ids: readonly DocumentId[]): Mention[][] {
  const sql = `SELECT ${rows.MENTION_COLUMNS}, d.id AS owner FROM ${rows.MENTION_TABLES}
    WHERE d.id ${IN_IDS} ORDER BY m.document_key, m.start_offset, m.end_offset`;
  return readByOwners(connection, sql, ids, rows.mentionOf);
}

/** The first `limit` of each entity, by document and position. */
export function mentionsOfEntities(
  connection: Connection,
  ids: readonly EntityId[],
  limit: number,
): Mention[][] {
  const sql = `SELECT * FROM (
      SELECT ${rows.MENTION_COLUMNS}, e.id AS owner,
        row_number() OVER (PARTITION BY e.key ORDER BY d.id, m.start_offset, m.end_offset) AS place
      FROM ${rows.MENTION_TABLES} WHERE m.entity_key IN (SELECT key FROM entities WHERE id ${IN_IDS})
    ) WHERE place <= ? ORDER BY owner, place`;
  return readByOwners(connection, sql, ids, rows.mentionOf, [limit]);
}

export function predictionsOfDocuments(
  connection: Connection,
  ids: readonly DocumentId[],
): StoredPrediction[][] {
  const sql = `SELECT ${rows.PREDICTION_COLUMNS}, d.id AS owner FROM ${rows.PREDICTION_TABLES}
    WHERE d.id ${IN_IDS}
    ORDER BY p.document_key, subject.start_offset, subject.end_offset, object.start_offset, object.end_offset`;
  return readByOwners(connection, sql, ids, rows.predictionOf);
}

export function predictionsById(
  connection: Connection,
  ids: readonly PredictionId[],
): (StoredPrediction | null)[] {
  const sql = `SELECT ${rows.PREDICTION_COLUMNS} FROM ${rows.PREDICTION_TABLES} WHERE p.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, rows.predictionOf);
}
