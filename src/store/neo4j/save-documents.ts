import type { DocumentId } from '../../domain/identity.js';
import { NO_REDIRECTS } from '../../domain/redirects.js';
import { outcomeOfChange, type HeadChange } from '../document-head.js';
import type { RetractOutcome, SaveOutcome } from '../graph-store.js';
import { logChanges, sharedChanges, type LoggedChange } from './change-log.js';
import type { Neo4jTransaction } from './connection.js';
import { headChanges, lockDocuments, readHeads, writeDescriptions, writeHeads } from './document-heads.js';
import { outdated } from './errors.js';
import type { TransactionEntries } from './memory-entries.js';
import type { PreparedDocument } from './prepared.js';
import { refresh, type Refreshed } from './refresh.js';
import { broughtBy, removeContent, type Brought } from './remove-content.js';
import { lockSaves, numberSaves } from './save-order.js';
import { redirected, requireUnchanged, seenRedirects, type SeenRedirects } from './seen-redirects.js';
import type { RelationshipTypes } from './vocabulary.js';
import { writeContent } from './write-content.js';
import { entitiesOf, linkEntities, lockEntities, type TypedEntity } from './write-entities.js';
import { supportOf, writeTriples } from './write-triples.js';
import { entriesNamedBy, writeEntries } from './write-voters.js';

/** What a transaction that changes documents needs beside itself. */
export interface WriteContext {
  readonly types: RelationshipTypes;
  readonly entries: TransactionEntries;
}

/**
 * One transaction's work of `GraphStore.saveDocuments`: all of them are saved, or none. What they share is locked
 * and worked out once.
 *
 * @param rounds documents, of different ids within each round
 */
export async function saveRounds(
  transaction: Neo4jTransaction,
  rounds: readonly (readonly PreparedDocument[])[],
  context: WriteContext,
): Promise<Map<PreparedDocument, SaveOutcome>> {
  const outcomes = new Map<PreparedDocument, SaveOutcome>();
  const released = new Map<string, number>();
  const removed = new Set<DocumentId>();
  for (const round of rounds) {
    const saved = await saveRound(transaction, round, context);
    for (const [place, outcome] of saved.outcomes.entries())
      outcomes.set(round[place] as PreparedDocument, outcome);
    for (const [entry, votes] of saved.released) released.set(entry, (released.get(entry) ?? 0) + votes);
    for (const id of saved.removed) removed.add(id);
  }
  if ([...outcomes.values()].some(({ change }) => change !== 'unchanged'))
    await context.entries.settle(transaction, {
      released,
      removed: [...removed],
      // Of several versions of one document the last is what stays.
      named: () => entriesNamedBy(new Map(rounds.flat().map((one) => [idOf(one), one])).values()),
    });
  return outcomes;
}

interface SavedRound {
  /** In the order of the documents. */
  readonly outcomes: readonly SaveOutcome[];
  /** Documents whose earlier content went. */
  readonly removed: readonly DocumentId[];
  /** Memory entries that lost votes, with the number of votes. */
  readonly released: ReadonlyMap<string, number>;
}

async function saveRound(
  transaction: Neo4jTransaction,
  unredirected: readonly PreparedDocument[],
  context: WriteContext,
): Promise<SavedRound> {
  const ids = unredirected.map(({ extracted }) => extracted.document.id);
  const [redirects, stored] = await Promise.all([
    seenRedirects(transaction, unredirected),
    readHeads(transaction, ids),
  ]);
  const documents = redirected(unredirected, redirects);
  const seen = headChanges(documents, stored);
  const differing = documents.filter((_, place) => seen[place] !== 'unchanged');
  if (differing.length === 0)
    return { outcomes: outcomesOf(documents, seen), removed: [], released: new Map() };

  const [, heads] = await Promise.all([lockDocuments(transaction, differing), readHeads(transaction, ids)]);
  // Looked at again under the lock: another process may have saved one of them meanwhile.
  const changes = headChanges(documents, heads).map((now, place) =>
    seen[place] === 'unchanged' ? 'unchanged' : now,
  );
  const having = (...wanted: HeadChange[]) =>
    documents.filter((_, place) => wanted.includes(changes[place] ?? 'unchanged'));
  const described = having('described');
  const written = having('created', 'replaced');
  await writeDescriptions(transaction, described);
  const removed = having('replaced').map(idOf);
  const ofDocuments = [...described, ...written].map((document) => documentChange(idOf(document), false));
  const numbered = (refreshed: Refreshed): Promise<unknown> =>
    Promise.all([
      numberSaves(transaction, written.map(idOf)),
      logChanges(transaction, [...ofDocuments, ...sharedChanges(refreshed)]),
    ]);
  const { released } = await change(transaction, { removed, written, seen: redirects }, context, numbered);
  return { outcomes: outcomesOf(documents, changes), removed, released };
}

/** @param documents as they are redirected: their triples are those of what their entities stand for */
function outcomesOf(
  documents: readonly PreparedDocument[],
  changes: readonly HeadChange[],
): readonly SaveOutcome[] {
  return documents.map(({ extracted, graph }, place) => ({
    documentId: extracted.document.id,
    change: outcomeOfChange(changes[place] ?? 'unchanged'),
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
  const seen = { ids: [], redirects: NO_REDIRECTS };
  const { refreshed, released } = await change(transaction, { removed: [id], written: [], seen }, context);
  await transaction.run('MATCH (d:Document {id: $id}) DETACH DELETE d', { id });
  // Before the log: saving takes these locks in this order, too.
  await lockSaves(transaction);
  await context.entries.settle(transaction, { released, removed: [id], named: () => new Set() });
  await logChanges(transaction, [documentChange(id, true), ...sharedChanges(refreshed)]);
  return {
    documentId: id,
    removedTriples: refreshed.triples.removed.length,
    removedEntities: refreshed.entities.removed.length,
  };
}

interface ContentChange {
  /** Documents whose stored content goes. They are locked. */
  readonly removed: readonly DocumentId[];
  /** Documents whose content comes. They are locked. */
  readonly written: readonly PreparedDocument[];
  /** What the local entities of `written` stood for when they were redirected. */
  readonly seen: SeenRedirects;
}

interface ChangedContent {
  readonly refreshed: Refreshed;
  /** Memory entries that lost votes, with the number of votes. */
  readonly released: ReadonlyMap<string, number>;
}

const NOTHING_BROUGHT: Brought = { entities: [], triples: [], entries: new Map() };

/**
 * Takes away what some documents brought and writes what others bring. Entities are locked as late as can be: a
 * document that replaces nothing writes all that is its own before it waits for others.
 *
 * @param andThen what is to be done with what became of the shared nodes, before the locks go
 */
async function change(
  transaction: Neo4jTransaction,
  { removed, written, seen }: ContentChange,
  { types, entries }: WriteContext,
  andThen?: (refreshed: Refreshed) => Promise<unknown>,
): Promise<ChangedContent> {
  const removes = removed.length > 0;
  const brought = removes ? await broughtBy(transaction, removed) : NOTHING_BROUGHT;
  const entities = [...brought.entities, ...written.flatMap(entitiesOf)];
  const support = supportOf(written);
  if (removes) await removeLocked(transaction, removed, entities);
  const [, , , renamed, , made] = await Promise.all([
    writeHeads(transaction, written),
    writeEntries(transaction, written, entries),
    writeContent(transaction, written),
    linkEntities(transaction, written),
    requireUnchanged(transaction, seen),
    writeTriples(transaction, support, types),
  ]);
  const there = support.map(({ triple }) => triple.id).filter((id) => !made.has(id));
  const touched = {
    triples: new Set([...brought.triples, ...there]),
    made,
    entities: new Set(removes ? entities.map(({ id }) => id) : renamed),
    mayGo: removes,
  };
  return { refreshed: await refresh(transaction, touched, andThen), released: brought.entries };
}

/** Locks all entities that the transaction touches and takes away what documents brought. */
async function removeLocked(
  transaction: Neo4jTransaction,
  removed: readonly DocumentId[],
  entities: readonly TypedEntity[],
): Promise<void> {
  await lockEntities(transaction, entities);
  const locked = new Set(entities.map(({ id }) => id));
  const { entities: now } = await broughtBy(transaction, removed);
  if (now.some(({ id }) => !locked.has(id))) throw outdated('an entity was merged meanwhile');
  await removeContent(transaction, removed);
}

function documentChange(id: DocumentId, removed: boolean): LoggedChange {
  return { kind: 'document', id, removed };
}

function idOf({ extracted }: PreparedDocument): DocumentId {
  return extracted.document.id;
}
