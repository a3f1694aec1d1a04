import type { Document, ExtractedDocument } from '../../domain/model.js';
import { documentGraph, localEntityIds, type DocumentGraph } from '../document-graph.js';
import { descriptionOf, headChange, outcomeOfChange, type DocumentHead } from '../document-head.js';
import type { RetractOutcome, SaveOutcome } from '../graph-store.js';
import { logChanges } from './change-log.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';
import { redirectsOf } from './redirects.js';
import { removeContent } from './remove-document.js';
import { refresh, Touched } from './touched.js';
import { writeContent } from './write-document.js';

interface StoredHead extends DocumentHead {
  readonly key: number;
}

/**
 * One transaction's work of `GraphStore.saveDocument`.
 * @param unredirected the document's graph where nothing is redirected
 */
export async function saveDocument(
  connection: Connection,
  pacer: Pacer,
  extracted: ExtractedDocument,
  unredirected: DocumentGraph,
): Promise<SaveOutcome> {
  const { document } = extracted;
  const redirects = redirectsOf(connection, localEntityIds(extracted));
  const graph = redirects.size === 0 ? unredirected : documentGraph(extracted, redirects);
  const stored = headOf(connection, document.externalId);
  const change = headChange(document, graph.profile, stored);
  const outcome = {
    documentId: document.id,
    change: outcomeOfChange(change),
    tripleIds: graph.triples.map(({ id }) => id),
  };
  if (change === 'unchanged') return outcome;
  if (change === 'described') {
    describe(connection, document);
    await logChanges(connection, pacer, [{ kind: 'document', id: document.id, removed: false }]);
    return outcome;
  }

  const touched = new Touched();
  touched.changes.push({ kind: 'document', id: document.id, removed: false });
  if (stored) await removeContent(connection, pacer, stored.key, touched);
  const key = writeHead(connection, stored, extracted, graph);
  await writeContent(connection, pacer, key, extracted, graph, touched);
  await refresh(connection, pacer, touched);
  return outcome;
}

/** One transaction's work of `GraphStore.retractDocument`. */
export async function retractDocument(
  connection: Connection,
  pacer: Pacer,
  externalId: string,
): Promise<RetractOutcome | null> {
  const stored = headOf(connection, externalId);
  if (!stored) return null;
  const touched = new Touched();
  touched.changes.push({ kind: 'document', id: stored.id, removed: true });
  await removeContent(connection, pacer, stored.key, touched);
  connection.run('DELETE FROM documents WHERE key = ?', [stored.key]);
  const removed = await refresh(connection, pacer, touched);
  return { documentId: stored.id, removedTriples: removed.triples, removedEntities: removed.entities };
}

function headOf(connection: Connection, externalId: string): StoredHead | undefined {
  return connection.first<StoredHead>(
    `SELECT key, id, revision, profile, title, source, metadata FROM documents WHERE external_id = ?`,
    [externalId],
  );
}

/** Brings title, source and metadata up to date. */
function describe(connection: Connection, document: Document): void {
  const { title, source, metadata } = descriptionOf(document);
  connection.run('UPDATE documents SET title = ?, source = ?, metadata = ? WHERE id = ?', [
    ...[title, source, metadata, document.id],
  ]);
}

/** @returns the document's key */
function writeHead(
  connection: Connection,
  stored: StoredHead | undefined,
  { document }: ExtractedDocument,
  { profile }: DocumentGraph,
): number {
  const row = connection.first<{ key: number; saved: number }>(
    // Apart: of two at once SQLite would read all documents.
    `SELECT coalesce((SELECT max(key) FROM documents), 0) + 1 AS key,
       coalesce((SELECT max(saved) FROM documents), 0) + 1 AS saved`,
  ) ?? { key: 1, saved: 1 };
  const key = stored?.key ?? row.key;
  const { title, source, metadata } = descriptionOf(document);
  connection.run(
    `INSERT INTO documents (key, id, external_id, revision, profile, saved, title, source, metadata, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, profile = excluded.profile,
       saved = excluded.saved, title = excluded.title, source = excluded.source,
       metadata = excluded.metadata, text = excluded.text`,
    [
      ...[key, document.id, document.externalId, document.revision, profile, row.saved],
      ...[title, source, metadata, document.text],
    ],
  );
  return key;
}
