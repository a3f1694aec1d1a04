import type { DocumentId } from '../../domain/identity.js';
import type { ExtractedDocument } from '../../domain/model.js';
import { documentGraph, localEntityIds, type DocumentGraph } from '../document-graph.js';
import type { RetractOutcome, SaveOutcome } from '../graph-store.js';
import { logChanges } from './change-log.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';
import { redirectsOf } from './redirects.js';
import { removeContent } from './remove-document.js';
import { refresh, Touched } from './touched.js';
import { writeContent } from './write-document.js';

interface DocumentHead {
  readonly key: number;
  readonly id: DocumentId;
  readonly revision: string;
  readonly profile: string;
  readonly title: string | null;
  readonly source: string | null;
  readonly metadata: string | null;
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
  const outcome = { documentId: document.id, tripleIds: graph.triples.map(({ id }) => id) };
  if (stored?.revision === document.revision && stored.profile === graph.profile) {
    if (!describe(connection, stored, extracted)) return { ...outcome, change: 'unchanged' };
    await logChanges(connection, pacer, [{ kind: 'document', id: document.id, removed: false }]);
    return { ...outcome, change: 'replaced' };
  }

  const touched = new Touched();
  touched.changes.push({ kind: 'document', id: document.id, removed: false });
  if (stored) await removeContent(connection, pacer, stored.key, touched);
  const key = writeHead(connection, stored, extracted, graph);
  await writeContent(connection, pacer, key, extracted, graph, touched);
  await refresh(connection, pacer, touched);
  return { ...outcome, change: stored ? 'replaced' : 'created' };
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

function headOf(connection: Connection, externalId: string): DocumentHead | undefined {
  return connection.first<DocumentHead>(
    `SELECT key, id, revision, profile, title, source, metadata FROM documents WHERE external_id = ?`,
    [externalId],
  );
}

/** Brings title, source and metadata up to date, which extraction does not depend on. @returns whether they differed */
function describe(connection: Connection, stored: DocumentHead, { document }: ExtractedDocument): boolean {
  const metadata = metadataJson(document.metadata);
  if (stored.title === document.title && stored.source === document.source && stored.metadata === metadata)
    return false;
  connection.run('UPDATE documents SET title = ?, source = ?, metadata = ? WHERE key = ?', [
    document.title,
    document.source,
    metadata,
    stored.key,
  ]);
  return true;
}

/** @returns the document's key */
function writeHead(
  connection: Connection,
  stored: DocumentHead | undefined,
  { document }: ExtractedDocument,
  { profile }: DocumentGraph,
): number {
  const row = connection.first<{ key: number; saved: number }>(
    'SELECT coalesce(max(key), 0) + 1 AS key, coalesce(max(saved), 0) + 1 AS saved FROM documents',
  ) ?? { key: 1, saved: 1 };
  const key = stored?.key ?? row.key;
  connection.run(
    `INSERT INTO documents (key, id, external_id, revision, profile, saved, title, source, metadata, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, profile = excluded.profile,
       saved = excluded.saved, title = excluded.title, source = excluded.source,
       metadata = excluded.metadata, text = excluded.text`,
    [
      ...[key, document.id, document.externalId, document.revision, profile, row.saved],
      ...[document.title, document.source, metadataJson(document.metadata), document.text],
    ],
  );
  return key;
}

function metadataJson(metadata: ExtractedDocument['document']['metadata']): string | null {
  return metadata === null ? null : JSON.stringify(metadata);
}
