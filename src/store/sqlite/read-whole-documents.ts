import type { DocumentId } from '../../domain/identity.js';
import type { ExtractedDocument, LocalEntity, Mention } from '../../domain/model.js';
import { IN_IDS, readByOwners } from './by-ids.js';
import type { Connection } from './connection.js';
import * as documents from './read-documents.js';
import { neighboursOfPredictions } from './read-triples.js';
import * as rows from './rows.js';

/** `GraphQueries.extractedDocuments`. */
export function extractedDocuments(
  connection: Connection,
  ids: readonly DocumentId[],
): (ExtractedDocument | null)[] {
  const sentences = documents.sentencesOfDocuments(connection, ids);
  const mentions = localMentions(connection, ids);
  const entities = localEntities(connection, ids);
  const predictions = documents.predictionsOfDocuments(connection, ids);
  const neighbours = neighboursOfPredictions(
    connection,
    predictions.flat().map(({ id }) => id),
  ).values();
  const withVoters = predictions.map((ofDocument) =>
    ofDocument.map((prediction) => ({ ...prediction, neighbours: neighbours.next().value ?? [] })),
  );
  return documents.documentsById(connection, ids).map(
    (document, place) =>
      document && {
        document,
        sentences: sentences[place] ?? [],
        mentions: mentions[place] ?? [],
        entities: entities[place] ?? [],
        predictions: withVoters[place] ?? [],
      },
  );
}

/** Entities as each document shows them, whatever they were merged into. */
function localEntities(connection: Connection, ids: readonly DocumentId[]): LocalEntity[][] {
  const sql = `SELECT l.id, l.type, l.name, l.date_iso, l.date_precision, d.id AS owner
    FROM documents d JOIN local_entities l ON l.document_key = d.key WHERE d.id ${IN_IDS} ORDER BY l.id`;
  return readByOwners(connection, sql, ids, rows.localEntityOf);
}

/** Mentions with the local entity that each refers to. */
function localMentions(connection: Connection, ids: readonly DocumentId[]): Mention[][] {
  const columns = rows.MENTION_COLUMNS.replace('e.id AS entity_id', 'l.id AS entity_id');
  const sql = `SELECT ${columns}, d.id AS owner FROM ${rows.MENTION_TABLES}
      LEFT JOIN local_entities l ON l.key = m.local_key
    WHERE d.id ${IN_IDS} ORDER BY m.document_key, m.start_offset, m.end_offset`;
  return readByOwners(connection, sql, ids, rows.mentionOf);
}
