import type { DocumentId, EntityId, TripleId } from '../../domain/identity.js';
import type { Document } from '../../domain/model.js';
import { NO_REDIRECTS, type Redirects } from '../../domain/redirects.js';
import { documentGraph, localEntityIds } from '../document-graph.js';
import type { RetractOutcome, SaveOutcome } from '../graph-store.js';
import { inBatches, sortedIds } from './batches.js';
import { logChanges, sharedChanges, type LoggedChange } from './change-log.js';
import { int, type Neo4jParams, type Neo4jTransaction } from './connection.js';
import { outdated } from './errors.js';
import type { PreparedDocument } from './prepared.js';
import { redirectsOf, stillStand } from './redirects.js';
import { refresh, type Refreshed } from './refresh.js';
import { broughtBy, removeContent, type Brought } from './remove-content.js';
import type { RelationshipTypes } from './vocabulary.js';
import { writeContent } from './write-content.js';
import { entitiesOf, lockEntities, writeEntityLinks } from './write-entities.js';
import { writeTriples } from './write-triples.js';
import { writeVoters, type KnownEntries } from './write-voters.js';

/** What writing needs beside the transaction. */
export interface WriteContext {
  readonly types: RelationshipTypes;
  readonly knownEntries: KnownEntries;
}

interface DocumentHead {
  readonly id: DocumentId;
  readonly revision: string;
  readonly profile: string;
  readonly title: string | null;
  readonly source: string | null;
  readonly metadata: string | null;
}

type Change = SaveOutcome['change'];

/**
 * One transaction's work of `GraphStore.saveDocument`, for several documents with different ids: what they share is
 * locked and worked out once. All of them are saved, or none.
 */
export async function saveDocuments(
  transaction: Neo4jTransaction,
  unredirected: readonly PreparedDocument[],
  context: WriteContext,
): Promise<SaveOutcome[]> {
  const ids = unredirected.map(({ extracted }) => extracted.document.id);
  const [redirects, stored] = await Promise.all([
    seenRedirects(transaction, unredirected),
    readHeads(transaction, ids),
  ]);
  const documents = redirected(unredirected, redirects);
  const seen = changesOf(documents, stored);
  const differing = documents.filter((_, place) => seen[place] !== 'unchanged');
  let changes = seen;
  if (differing.length > 0) {
    const [, heads] = await Promise.all([lockDocuments(transaction, differing), readHeads(transaction, ids)]);
    // Looked at again under the lock: another process may have saved one of them meanwhile.
    changes = changesOf(documents, heads).map((now, place) =>
      seen[place] === 'unchanged' ? 'unchanged' : now,
    );
    const described = documents.filter((_, place) => changes[place] === 'described');
    await inBatches(transaction, DESCRIBE, described.map(descriptionRow), HEADS);
    const written = documents.filter(
      (_, place) => changes[place] === 'created' || changes[place] === 'replaced',
    );
    const replaced = documents.filter((_, place) => changes[place] === 'replaced');
    const replacedIds = replaced.map(({ extracted }) => extracted.document.id);
    const refreshed = await change(transaction, replacedIds, written, context, redirects);
    await logChanges(transaction, [
      ...[...described, ...written].map(({ extracted }) => documentChange(extracted.document.id, false)),
      ...sharedChanges(refreshed),
    ]);
  }
  return documents.map(({ extracted, graph }, place) => ({
    documentId: extracted.document.id,
    change: outcomeOf(changes[place] ?? 'unchanged'),
    tripleIds: graph.triples.map(({ id }) => id),
  }));
}

/** One transaction's work of `GraphStore.retractDocument`. */
export async function retractDocument(
  transaction: Neo4jTransaction,
  id: DocumentId,
  context: WriteContext,
): Promise<RetractOutcome | null> {
  const locked = await transaction.run<{ id: DocumentId }>(
    'MATCH (d:Document {id: $id}) SET d.id = $id RETURN d.id AS id',
    { id },
  );
  if (locked.length === 0) return null;
  const refreshed = await change(transaction, [id], [], context, { ids: [], redirects: NO_REDIRECTS });
  const { triples, entities } = refreshed;
  await transaction.run('MATCH (d:Document {id: $id}) DETACH DELETE d', { id });
  await logChanges(transaction, [documentChange(id, true), ...sharedChanges(refreshed)]);
  return {
    documentId: id,
    removedTriples: triples.removed.length,
    removedEntities: entities.removed.length,
  };
}

/**
 * Takes away what some documents brought and writes what others bring. Entities are locked as late as can be: a
 * document that replaces nothing writes all that is its own before it waits for others.
 */
async function change(
  transaction: Neo4jTransaction,
  removed: readonly DocumentId[],
  written: readonly PreparedDocument[],
  context: WriteContext,
  seen: SeenRedirects,
): Promise<Refreshed> {
  const brought: Brought =
    removed.length > 0 ? await broughtBy(transaction, removed) : { entities: [], triples: [], entries: [] };
  const entities = [...brought.entities, ...written.flatMap(entitiesOf)];
  if (removed.length > 0) {
    await lockEntities(transaction, entities);
    const locked = new Set(entities.map(({ id }) => id));
    const { entities: now } = await broughtBy(transaction, removed);
    if (now.some(({ id }) => !locked.has(id))) throw outdated('an entity was merged meanwhile');
    await removeContent(transaction, removed);
  }
  const triples = new Set(written.flatMap(({ graph }) => graph.triples.map(({ id }) => id)));
  const [, , , , , existing] = await Promise.all([
    inBatches(transaction, WRITE_HEADS, written.map(headRow), HEADS),
    writeContent(transaction, written),
    writeVoters(transaction, written, context.knownEntries),
    removed.length > 0 ? null : lockEntities(transaction, entities),
    requireUnchanged(transaction, seen),
    inBatches<TripleId, { id: TripleId }>(transaction, EXISTING_TRIPLES, sortedIds(triples), 2_000),
    writeEntityLinks(transaction, written),
  ]);
  await writeTriples(transaction, written, new Set(existing.map(({ id }) => id)), context.types);
  const refreshed = await refresh(transaction, {
    triples: new Set([...brought.triples, ...triples]),
    entities: new Set(entities.map(({ id }) => id)),
    entries: new Set(brought.entries),
  });
  if (written.length > 0) await numberSaves(transaction, written);
  return refreshed;
}

function documentChange(id: DocumentId, removed: boolean): LoggedChange {
  return { kind: 'document', id, removed };
}

/** What local entities stand for, as it was read before anything was locked. */
interface SeenRedirects {
  readonly ids: readonly EntityId[];
  readonly redirects: Redirects;
}

async function seenRedirects(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<SeenRedirects> {
  const ids = [...new Set(documents.flatMap(({ extracted }) => localEntityIds(extracted)))];
  const run = <Row>(statement: string, params: Neo4jParams) => transaction.run<Row>(statement, params);
  return { ids, redirects: await redirectsOf(run, ids) };
}

function redirected(
  documents: readonly PreparedDocument[],
  { redirects }: SeenRedirects,
): readonly PreparedDocument[] {
  if (redirects.size === 0) return documents;
  return documents.map(({ extracted }) => ({ extracted, graph: documentGraph(extracted, redirects) }));
}

/** A change of identity holds the locks of the entities that it moves mentions between: under them it shows. */
async function requireUnchanged(transaction: Neo4jTransaction, seen: SeenRedirects): Promise<void> {
  if (!(await stillStand(transaction, seen.ids, seen.redirects)))
    throw outdated('an entity was merged, or came into a dictionary, meanwhile');
}

const EXISTING_TRIPLES = 'UNWIND $rows AS id MATCH (t:Triple {id: id}) RETURN id';

/** Rows of one statement; texts may be long. */
const HEADS = 100;

async function readHeads(
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
async function lockDocuments(
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

/** What saving does to each document; `described`: title, source or metadata alone, which extraction ignores. */
function changesOf(
  documents: readonly PreparedDocument[],
  heads: ReadonlyMap<DocumentId, DocumentHead>,
): (Change | 'described')[] {
  return documents.map(({ extracted: { document }, graph }) => {
    const head = heads.get(document.id);
    if (!head) return 'created';
    if (head.revision !== document.revision || head.profile !== graph.profile) return 'replaced';
    const { title, source, metadata } = descriptionOf(document);
    return head.title === title && head.source === source && head.metadata === metadata
      ? 'unchanged'
      : 'described';
  });
}

function outcomeOf(change: Change | 'described'): Change {
  return change === 'described' ? 'replaced' : change;
}

const DESCRIBE = 'UNWIND $rows AS row MATCH (d:Document {id: row.id}) SET d += row.properties';

function descriptionRow({ extracted: { document } }: PreparedDocument) {
  return { id: document.id, properties: descriptionOf(document) };
}

const WRITE_HEADS = 'UNWIND $rows AS row MATCH (d:Document {id: row.id}) SET d = row';

function headRow({ extracted: { document }, graph }: PreparedDocument) {
  const { id, externalId, revision, text } = document;
  return { id, externalId, revision, text, profile: graph.profile, ...descriptionOf(document) };
}

function descriptionOf({ title, source, metadata }: Document) {
  return { title, source, metadata: metadata === null ? null : JSON.stringify(metadata) };
}

/**
 * Numbers the saves: the order of `newest`. Last of all, since from here to the commit nobody else can do it: the
 * order of numbers is the order of commits.
 */
async function numberSaves(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  await transaction.run(
    `MERGE (s:Sequence {name: 'saved'})
     ON CREATE SET s.value = $zero
     SET s.name = 'saved'
     SET s.value = s.value + size($ids)
     WITH s.value - size($ids) AS before
     UNWIND range(0, size($ids) - 1) AS place
     MATCH (d:Document {id: $ids[place]})
     SET d.saved = before + place + 1`,
    { ids: documents.map(({ extracted }) => extracted.document.id), zero: int(0) },
  );
}
