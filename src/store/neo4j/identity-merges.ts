import { NeighborKbError } from '../../domain/errors.js';
import type { EntityId, MergeId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import { checkMerge, type Merge } from '../../domain/redirects.js';
import type { Page } from '../graph-store.js';
import type { IdentityChanges, MergeQuery } from '../identity-store.js';
import type { Order } from '../orders.js';
import { readByIds } from './by-ids.js';
import type { Neo4jConnection, Neo4jTransaction } from './connection.js';
import { Parameters, readPage } from './keyset.js';
import { applyRedirects, lockIdentity } from './rederive.js';
import { redirectsOf } from './redirects.js';
import type { RelationshipTypes } from './vocabulary.js';

const NOTHING: IdentityChanges = { mentions: 0, evidence: 0 };

interface Made {
  readonly merge: Merge;
  readonly changes: IdentityChanges;
}

/** One transaction's work of `IdentityStore.merge`. Run again with the same record, it changes nothing. */
export async function merge(
  transaction: Neo4jTransaction,
  asked: Merge,
  types: RelationshipTypes,
): Promise<Made> {
  await lockIdentity(transaction);
  const [there] = await mergesById(transaction, [asked.id]);
  if (there) return { merge: there, changes: NOTHING };
  const redirects = await redirectsOf(runOf(transaction), [asked.from.id, asked.into.id]);
  const made: Merge = {
    ...asked,
    from: redirects.get(asked.from.id) ?? asked.from,
    into: redirects.get(asked.into.id) ?? asked.into,
  };
  checkMerge(made.from, made.into);
  await insert(transaction, [made]);
  const also = { entities: [made.into.id] };
  return { merge: made, changes: await applyRedirects(transaction, [made.from.id], also, types) };
}

/** One transaction's work of `IdentityStore.unmerge`. Run again with the same word, it changes nothing. */
export async function unmerge(
  transaction: Neo4jTransaction,
  id: MergeId,
  undone: NonNullable<Merge['undone']>,
  types: RelationshipTypes,
): Promise<Made> {
  await lockIdentity(transaction);
  const [found] = await mergesById(transaction, [id]);
  if (!found)
    throw new NeighborKbError('NOT_FOUND', `there is no merge with the id ${JSON.stringify(id)}`, ['id']);
  if (found.undone?.by === undone.by && found.undone.at === undone.at)
    return { merge: found, changes: NOTHING };
  if (found.undone)
    throw new NeighborKbError('CONFLICT', `${found.undone.by} has undone it on ${found.undone.at}`, ['id']);
  const made: Merge = { ...found, undone };
  await undo(transaction, [made]);
  const also = { entities: [found.into.id] };
  return { merge: made, changes: await applyRedirects(transaction, [found.from.id], also, types) };
}

/** One transaction's work of `IdentityStore.restoreMerges`. */
export async function restoreMerges(
  transaction: Neo4jTransaction,
  merges: readonly Merge[],
  types: RelationshipTypes,
): Promise<void> {
  await lockIdentity(transaction);
  const ids = merges.map(({ id }) => id);
  const known = await mergesById(transaction, ids);
  const missing = merges.filter((_, place) => known[place] === null);
  const undone = merges.filter((merge, place) => merge.undone && known[place]?.undone === null);
  await undo(transaction, undone);
  await requireNoCycle(transaction, missing);
  await insert(transaction, missing);
  const changed = [...undone, ...missing];
  const also = { entities: changed.map(({ into }) => into.id) };
  await applyRedirects(
    transaction,
    changed.map(({ from }) => from.id),
    also,
    types,
  );
}

/** A merge in force leads out of an id that no other leads out of, and not back to it. */
async function requireNoCycle(transaction: Neo4jTransaction, merges: readonly Merge[]): Promise<void> {
  const rows = await transaction.run<{ fromId: EntityId; intoId: EntityId }>(
    'MATCH (m:Merge) WHERE m.undoneAt IS NULL RETURN m.fromId AS fromId, m.intoId AS intoId',
  );
  const steps = new Map(rows.map(({ fromId, intoId }) => [fromId, intoId]));
  for (const [place, { id, from, into, undone }] of merges.entries()) {
    if (undone) continue;
    let current: EntityId | undefined = into.id;
    while (!steps.has(from.id) && current && current !== from.id) current = steps.get(current);
    if (steps.has(from.id) || current)
      throw new NeighborKbError('CONFLICT', `merge ${id} contradicts a merge in force`, ['merges', place]);
    steps.set(from.id, into.id);
  }
}

async function undo(transaction: Neo4jTransaction, merges: readonly Merge[]): Promise<void> {
  const rows = merges.map(({ id, undone }) => ({ id, ...undone }));
  await transaction.run(
    'UNWIND $rows AS row MATCH (m:Merge {id: row.id}) SET m.undoneBy = row.by, m.undoneAt = row.at',
    { rows },
  );
}

async function insert(transaction: Neo4jTransaction, merges: readonly Merge[]): Promise<void> {
  const rows = merges.map(({ id, from, into, by, at, note, undone }) => ({
    ...{ id, fromId: from.id, fromType: from.type, fromName: from.name },
    ...{ intoId: into.id, intoType: into.type, intoName: into.name },
    ...{ by, at, note, undoneBy: undone?.by ?? null, undoneAt: undone?.at ?? null },
  }));
  await transaction.run('UNWIND $rows AS row CREATE (m:Merge) SET m = row', { rows });
}

interface MergeNode {
  readonly id: MergeId;
  readonly fromId: EntityId;
  readonly fromType: EntityType;
  readonly fromName: string;
  readonly intoId: EntityId;
  readonly intoType: EntityType;
  readonly intoName: string;
  readonly by: string;
  readonly at: string;
  readonly note: string | null;
  readonly undoneBy: string | null;
  readonly undoneAt: string | null;
}

const MERGE = `m {.id, .fromId, .fromType, .fromName, .intoId, .intoType, .intoName, .by, .at, .note, .undoneBy,
  .undoneAt} AS node`;

function mergeOf({ undoneBy, undoneAt, ...node }: MergeNode): Merge {
  return {
    id: node.id,
    from: { id: node.fromId, type: node.fromType, name: node.fromName },
    into: { id: node.intoId, type: node.intoType, name: node.intoName },
    ...{ by: node.by, at: node.at, note: node.note },
    undone: undoneBy === null || undoneAt === null ? null : { by: undoneBy, at: undoneAt },
  };
}

const BY_ID = `MATCH (m:Merge) WHERE m.id IN $ids RETURN ${MERGE}`;

async function mergesById(transaction: Neo4jTransaction, ids: readonly MergeId[]): Promise<(Merge | null)[]> {
  const rows = await transaction.run<{ node: MergeNode }>(BY_ID, { ids });
  const found = new Map(rows.map(({ node }) => [node.id, mergeOf(node)]));
  return ids.map((id) => found.get(id) ?? null);
}

export function readMergesById(
  connection: Neo4jConnection,
  ids: readonly MergeId[],
): Promise<(Merge | null)[]> {
  return readByIds(connection, BY_ID, ids, mergeOf);
}

const LATEST: Order = {
  name: 'latestMerges',
  columns: [
    { expression: 'm.at', type: 'string', descending: true },
    { expression: 'm.id', type: 'string' },
  ],
};

export function readMerges(connection: Neo4jConnection, query: MergeQuery): Promise<Page<Merge>> {
  const parameters = new Parameters();
  const { entityIds, inForce } = query.filter ?? {};
  const conditions = ['true'];
  if (entityIds) {
    const ids = parameters.add(entityIds);
    conditions.push(`(m.fromId IN ${ids} OR m.intoId IN ${ids})`);
  }
  if (inForce !== undefined) conditions.push(`m.undoneAt IS ${inForce ? '' : 'NOT '}NULL`);
  return readPage(connection, query, {
    match: 'MATCH (m:Merge)',
    variables: 'm',
    returns: MERGE,
    where: conditions.join(' AND '),
    parameters,
    order: LATEST,
    nodeOf: mergeOf,
  });
}

function runOf(transaction: Neo4jTransaction) {
  return <Row>(statement: string, params: Readonly<Record<string, unknown>>) =>
    transaction.run<Row>(statement, params);
}
