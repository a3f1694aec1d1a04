import type { DocumentId } from '../../domain/identity.js';
import { descriptionOf, headChange, type DocumentHead, type HeadChange } from '../document-head.js';
import { inBatches } from './batches.js';
import type { Neo4jTransaction } from './connection.js';
import type { PreparedDocument } from './prepared.js';

/** Rows of one statement; texts may be long. */
const BATCH = 100;

/** Cypher: the documents whose ids `$documents` lists, in a list of the same order. They are there. */
export const FIND_DOCUMENTS = `
  CALL () {
    UNWIND $documents AS id
    MATCH (d:Document {id: id})
    RETURN collect(d) AS documents
  }`;

export async function readHeads(
  transaction: Neo4jTransaction,
  ids: readonly DocumentId[],
): Promise<ReadonlyMap<DocumentId, DocumentHead>> {
  const rows = await transaction.run<DocumentHead>(
    `MATCH (d:Document) WHERE d.id IN $ids AND d.revision IS NOT NULL
     RETURN d.id AS id, d.revision AS revision, d.profile AS profile, d.title AS title, d.source AS source,
       d.metadata AS metadata`,
    { ids },
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Takes the write locks of documents, in the order of their ids, making those that are not there. */
export async function lockDocuments(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const rows = documents
    .map(({ extracted: { document } }) => ({ id: document.id, externalId: document.externalId }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  await transaction.run(
    `UNWIND $rows AS row
     MERGE (d:Document {id: row.id})
     ON CREATE SET d.externalId = row.externalId
     SET d.id = row.id`,
    { rows },
  );
}

/** What saving does to each document, by what is stored of it. */
export function headChanges(
  documents: readonly PreparedDocument[],
  heads: ReadonlyMap<DocumentId, DocumentHead>,
): HeadChange[] {
  return documents.map(({ extracted: { document }, graph }) =>
    headChange(document, graph.profile, heads.get(document.id)),
  );
}

/** Brings title, source and metadata up to date. */
export async function writeDescriptions(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const rows = documents.map(({ extracted: { document } }) => ({
    id: document.id,
    properties: descriptionOf(document),
  }));
  await inBatches(
    transaction,
    'UNWIND $rows AS row MATCH (d:Document {id: row.id}) SET d += row.properties',
    rows,
    BATCH,
  );
}

/** Writes all that is a document's own, its place in the order of saves apart. */
export async function writeHeads(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const rows = documents.map(({ extracted: { document }, graph }) => {
    const { id, externalId, revision, text } = document;
    return { id, externalId, revision, text, profile: graph.profile, ...descriptionOf(document) };
  });
  await inBatches(
    transaction,
    'UNWIND $rows AS row MATCH (d:Document {id: row.id}) SET d = row',
    rows,
    BATCH,
  );
}
