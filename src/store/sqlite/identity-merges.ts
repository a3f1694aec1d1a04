import { randomUUID } from 'node:crypto';
import { NeighborKbError } from '../../domain/errors.js';
import type { EntityId, MergeId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import { checkMerge, type EntityReference, type Merge } from '../../domain/redirects.js';
import type { Page } from '../graph-store.js';
import type { IdentityChanges, MergeOrder, MergeOutcome, MergeQuery } from '../identity-store.js';
import type { Order } from '../orders.js';
import { IN_ENTITY_IDS, IN_IDS, idList, readByIds } from './by-ids.js';
import type { Connection } from './connection.js';
import { Conditions, readPage } from './keyset.js';
import type { Pacer } from './pacer.js';
import { redirectsOf, refreshRedirects } from './redirects.js';
import { rederive } from './rederive.js';
import { refresh, Touched } from './touched.js';

/** One transaction's work of `IdentityStore.merge`. */
export async function merge(
  connection: Connection,
  pacer: Pacer,
  { from, into, by, note }: MergeOrder,
): Promise<MergeOutcome> {
  const redirects = redirectsOf(connection, [from.id, into.id]);
  const made: Merge = {
    id: `mer_${randomUUID()}` as MergeId,
    from: redirects.get(from.id) ?? from,
    into: redirects.get(into.id) ?? into,
    by,
    at: new Date().toISOString(),
    note,
    undone: null,
  };
  checkMerge(made.from, made.into);
  const touched = new Touched();
  touchEntities(connection, [made.into.id], touched);
  insertMerge(connection, made);
  return { merge: made, changes: await applyRedirects(connection, pacer, [made.from.id], touched) };
}

/** One transaction's work of `IdentityStore.unmerge`. */
export async function unmerge(
  connection: Connection,
  pacer: Pacer,
  id: MergeId,
  by: string,
): Promise<MergeOutcome> {
  const [found] = mergesById(connection, [id]);
  if (!found)
    throw new NeighborKbError('NOT_FOUND', `there is no merge with the id ${JSON.stringify(id)}`, ['id']);
  if (found.undone)
    throw new NeighborKbError('CONFLICT', `${found.undone.by} has undone it on ${found.undone.at}`, ['id']);
  const merge: Merge = { ...found, undone: { by, at: new Date().toISOString() } };
  undoMerge(connection, merge);
  const touched = new Touched();
  touchEntities(connection, [found.into.id], touched);
  const changes = await applyRedirects(connection, pacer, [found.from.id], touched);
  return { merge, changes };
}

/** One transaction's work of `IdentityStore.restoreMerges`. */
export async function restoreMerges(
  connection: Connection,
  pacer: Pacer,
  merges: readonly Merge[],
): Promise<void> {
  const known = mergesById(
    connection,
    merges.map(({ id }) => id),
  );
  const missing = merges.filter((_, place) => known[place] === null);
  const undone = merges.filter((merge, place) => merge.undone && known[place]?.undone === null);
  for (const made of undone) undoMerge(connection, made);
  for (const [place, made] of missing.entries()) {
    if (!made.undone) requireNoCycle(connection, made, place);
    insertMerge(connection, made);
  }
  const changed = [...undone, ...missing];
  const touched = new Touched();
  const ends = changed.map(({ into }) => into.id);
  touchEntities(connection, ends, touched);
  await applyRedirects(
    connection,
    pacer,
    changed.map(({ from }) => from.id),
    touched,
  );
}

/** Brings all up to date after steps out of ids have changed. */
export async function applyRedirects(
  connection: Connection,
  pacer: Pacer,
  ids: readonly EntityId[],
  touched: Touched,
): Promise<IdentityChanges> {
  const changed = await refreshRedirects(connection, pacer, ids);
  const changes = await rederive(connection, pacer, changed, touched);
  await refresh(connection, pacer, touched);
  return changes;
}

/**
 * Marks what ids stand for: its name may have to be chosen anew and its external ids may change, though no mention
 * moves.
 */
export function touchEntities(connection: Connection, ids: readonly EntityId[], touched: Touched): void {
  for (const { key, id } of connection.all<{ key: number; id: EntityId }>(
    `SELECT key, id FROM entities WHERE id ${IN_ENTITY_IDS}`,
    [idList(ids)],
  )) {
    touched.entities.add(key);
    touched.changes.push({ kind: 'entity', id, removed: false });
  }
}

/** A merge in force leads out of an id that no other leads out of, and not back to it. */
function requireNoCycle(connection: Connection, made: Merge, place: number): void {
  let current: EntityId | undefined = made.into.id;
  const taken = stepOf(connection, made.from.id);
  while (!taken && current && current !== made.from.id) current = stepOf(connection, current);
  if (taken || current)
    throw new NeighborKbError('CONFLICT', `merge ${made.id} contradicts a merge in force`, ['merges', place]);
}

function stepOf(connection: Connection, id: EntityId): EntityId | undefined {
  return connection.first<{ into_id: EntityId }>(
    'SELECT into_id FROM merges WHERE from_id = ? AND undone_at IS NULL',
    [id],
  )?.into_id;
}

function undoMerge(connection: Connection, { id, undone }: Merge): void {
  connection.run('UPDATE merges SET undone_by = ?, undone_at = ? WHERE id = ?', [
    ...[undone?.by ?? null, undone?.at ?? null, id],
  ]);
}

function insertMerge(connection: Connection, { id, from, into, by, at, note, undone }: Merge): void {
  connection.run(
    `INSERT INTO merges (id, from_id, from_type, from_name, into_id, into_type, into_name, made_by, made_at, note,
       undone_by, undone_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, from.id, from.type, from.name, into.id, into.type, into.name],
      ...[by, at, note, undone?.by ?? null, undone?.at ?? null],
    ],
  );
}

interface MergeRow {
  readonly id: MergeId;
  readonly from_id: EntityId;
  readonly from_type: EntityType;
  readonly from_name: string;
  readonly into_id: EntityId;
  readonly into_type: EntityType;
  readonly into_name: string;
  readonly made_by: string;
  readonly made_at: string;
  readonly note: string | null;
  readonly undone_by: string | null;
  readonly undone_at: string | null;
}

const COLUMNS = `m.id, m.from_id, m.from_type, m.from_name, m.into_id, m.into_type, m.into_name, m.made_by, m.made_at,
  m.note, m.undone_by, m.undone_at`;

function mergeOf(row: MergeRow): Merge {
  const reference = (id: EntityId, type: EntityType, name: string): EntityReference => ({ id, type, name });
  const { undone_by: by, undone_at: at } = row;
  return {
    id: row.id,
    from: reference(row.from_id, row.from_type, row.from_name),
    into: reference(row.into_id, row.into_type, row.into_name),
    by: row.made_by,
    at: row.made_at,
    note: row.note,
    undone: by === null || at === null ? null : { by, at },
  };
}

export function mergesById(connection: Connection, ids: readonly MergeId[]): (Merge | null)[] {
  return readByIds(connection, `SELECT ${COLUMNS} FROM merges m WHERE m.id ${IN_IDS}`, ids, mergeOf);
}

const LATEST: Order = {
  name: 'latestMerges',
  columns: [
    { expression: 'm.made_at', type: 'string', descending: true },
    { expression: 'm.id', type: 'string' },
  ],
};

export function merges(connection: Connection, query: MergeQuery): Page<Merge> {
  const filter = new Conditions();
  const { entityIds, inForce } = query.filter ?? {};
  if (entityIds) {
    const ids = idList(entityIds);
    filter.add(`m.from_id ${IN_IDS} OR m.into_id ${IN_IDS}`, ids, ids);
  }
  if (inForce !== undefined) filter.add(`m.undone_at IS ${inForce ? '' : 'NOT '}NULL`);
  return readPage(connection, query, {
    select: COLUMNS,
    from: 'merges m',
    filter,
    order: LATEST,
    nodeOf: mergeOf,
  });
}
